package core

import "github.com/bggen/bggen/runtime/engine"

// A step is what nextStep says is to be done.
type step struct {
	Task
	ok     bool  // there is a task, or else the unit has ended
	placed bool  // it was parked, and has a place among the tasks of its Kind
	vacant *Kind // where a place is to be given back: it is not needed any more
	rare   bool  // the unit has something rare: its end may be waited for
	aside  *aside
}

// aside is what becomes of tasks that do not run in the line.
type aside struct {
	left []*Unit  // of those that have left it, to be started
	lost []string // names of those that cannot run any more
}

// nextStep ends the task that runs, and takes the one that is to run next. When there is
// none, or the runner's life is over, the unit has ended.
func (b *Unit) nextStep() (s step) {
	b.mu.Lock()
	defer b.mu.Unlock()
	over := b.runner.life.Err() != nil
	switch {
	case b.parkedLocked():
		if parked := b.tasks[b.next]; over || parked.run == nil {
			s.vacant = parked.spec.Kind
			b.busy = false
		} else {
			s.placed = true
		}
	case b.busy:
		b.endTaskLocked()
	}
	b.state = running
	if b.rare != nil {
		s.rare = true
		if left := b.detachLeavingLocked(); left != nil {
			s.aside = &aside{left: left}
		}
	}
	for int(b.next) < len(b.tasks) && b.tasks[b.next].run == nil {
		b.next++
	}
	switch {
	case int(b.next) == len(b.tasks):
		b.state = ended
		return s
	case over:
		if s.aside == nil {
			s.aside = new(aside)
		}
		s.aside.lost = b.abandonLocked()
		return s
	}
	s.Task, s.ok = b.tasks[b.next], true
	b.busy = true
	b.began, b.exact = b.runner.clock.begin()
	return s
}

// endTaskLocked ends the task that runs.
func (b *Unit) endTaskLocked() {
	if x := b.rare; x != nil {
		n := b.currentLocked()
		if !x.again {
			out := outcome{state: engine.Done}
			if r := b.recordLocked(n); r != nil {
				r.added = 0
				if r.end.state != "" {
					out = r.end
				}
			}
			b.endedLocked(n, b.tasks[b.next], out)
		}
		if x.cancel != nil {
			x.cancel()
		}
		x.own, x.cancel, x.again = nil, nil, false
	}
	b.tasks[b.next] = Task{} // frees what it captured
	b.next++
	b.busy = false
}

// park has the task that was taken wait for others of its Kind.
func (b *Unit) park() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state = waiting
}
