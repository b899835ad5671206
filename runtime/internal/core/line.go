package core

import "github.com/bggen/bggen/runtime/engine"

// A taken is what take says is to be done.
type taken struct {
	task
	ok     bool  // or else the collector has ended
	placed bool  // it was parked, and has a place among those of its kind
	vacant *Kind // where a place is to be given back: it is not needed any more
	rare   bool  // the collector has something rare: its id may be known, say
	left   []*Unit
	lost   []string // names of those that cannot run any more
}

// take ends the task that runs, and returns the one that is to run next. When
// there is none, or the runner's life is over, the collector has ended. What
// leaves the line now is to be started by the caller.
func (b *Unit) take() (t taken) {
	b.mu.Lock()
	defer b.mu.Unlock()
	over := b.runner.life.Err() != nil
	switch {
	case b.parked:
		b.parked = false
		if parked := b.tasks[b.next]; over || parked.run == nil {
			t.vacant = parked.spec.Kind
			b.busy = false
		} else {
			t.placed = true
		}
	case b.busy:
		b.endBusy()
	}
	b.stage = started
	if b.rare != nil {
		t.rare, t.left = true, b.detachLeaving()
		b.rare.asked = false
	}
	for int(b.next) < len(b.tasks) && b.tasks[b.next].run == nil {
		b.next++
	}
	switch {
	case int(b.next) == len(b.tasks):
		b.stage = ended
		return t
	case over:
		t.lost = b.abandon()
		return t
	}
	t.task, t.ok = b.tasks[b.next], true
	b.busy, b.began = true, 0
	if b.runner.timed.Load() {
		b.began = now()
	}
	return t
}

// endBusy ends the task that runs. b.mu is held.
func (b *Unit) endBusy() {
	if b.rare != nil {
		n := b.next + b.rare.gone
		delete(b.rare.added, n)
		if !b.rare.again {
			out, noted := b.rare.ended[n]
			if !noted {
				out.state = engine.Done
			}
			b.note(n, b.tasks[b.next], out.state, out.err)
		}
		if b.rare.cancel != nil {
			b.rare.cancel()
		}
		b.rare.own, b.rare.cancel, b.rare.again = nil, nil, false
	}
	b.tasks[b.next] = task{} // frees what it captured
	b.next++
	b.busy = false
}

// park has the task that was taken wait for others of its kind.
func (b *Unit) park() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parked = true
}

// drop takes those tasks out of the line that have not started and for which
// which is true. b.mu is held.
func (b *Unit) drop(which func(task) bool) {
	for i := b.first(); int(i) < len(b.tasks); i++ {
		if t := b.tasks[i]; t.run != nil && which(t) {
			b.cancelled(i)
			b.vacate(i)
		}
	}
}

// vacate takes the task at an index out of the line. One that is parked leaves
// its kind behind: it is to be given a place. b.mu is held.
func (b *Unit) vacate(i int32) {
	if b.parked && i == b.next {
		b.tasks[i] = task{nil, &Spec{Kind: b.tasks[i].spec.Kind}}
	} else {
		b.tasks[i] = task{}
	}
}
