package core

import (
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// detach has t run as a batch of its own, apart from the line of b: in its time,
// or at once. Its number in b is n. b.mu is held. The new batch is accepted
// before b.mu is released: Shutdown sees t here or there.
func (b *Unit) detach(t task, n int32) *Unit {
	x := b.extra()
	child := &Unit{stage: sealed, runner: b.runner, handler: b.handler, values: b.values, rare: &rare{named: x.named, afterFailure: x.afterFailure, stop: x.stop}}
	// What leaves a batch that has itself left a line is of that line, so that
	// a task which comes back for ever keeps none of its past.
	child.rare.from = ID{batch: b, n: n}
	if x.from.batch != nil {
		child.rare.from = x.from
	}
	child.rare.from.batch.rare.children.Add(1)
	spec := t.spec.clone()
	child.rare.due, spec.At, spec.Unordered = spec.At, time.Time{}, false
	child.tasks = append(child.inline[:0], task{t.run, spec})
	if args := x.args[n]; args != nil {
		child.rare.args = map[int32]any{0: args}
	}
	if id := x.ids[n]; id != "" {
		child.rare.ids = map[int32]string{0: id}
		b.runner.ids.move(id, ID{batch: child})
	}
	if x.moved == nil {
		x.moved = map[int32]ID{}
	}
	x.moved[n] = ID{batch: child}
	b.runner.slots.force()
	b.runner.accepted.add(child)
	return child
}

// detachLeaving takes those that leave the line out of it, and returns what is
// to be started. b.mu is held.
func (b *Unit) detachLeaving() (children []*Unit) {
	if b.rare == nil || b.rare.leaving == 0 {
		return nil
	}
	b.rare.leaving = 0
	for i := b.first(); int(i) < len(b.tasks); i++ {
		if t := b.tasks[i]; t.run != nil && t.spec.leavesLine() {
			children = append(children, b.detach(t, i+b.rare.gone))
			b.tasks[i] = task{}
		}
	}
	return children
}

// detachRunning has the task that runs tried again, apart from the line.
func (b *Unit) detachRunning(again task) {
	b.mu.Lock()
	child := b.detach(again, b.next+b.extra().gone)
	b.rare.again = true
	b.mu.Unlock()
	b.runner.startChild(child)
}

// startChild starts a batch that has left its line, when it is due.
func (r *Runner) startChild(b *Unit) {
	b.link()
	wait := time.Until(b.rare.due)
	b.mu.Lock()
	switch deadline := r.closing.Load(); {
	case b.rare.due.IsZero() || wait <= 0 || b.tasks[0].run == nil: // it was cancelled: it has nothing to do, and ends
		b.mu.Unlock()
		r.start(b)
	case deadline != nil && b.rare.due.After(*deadline):
		b.mu.Unlock()
		r.leave(b)
	default:
		r.waiting.Add(1)
		b.rare.timer = time.AfterFunc(wait, func() {
			r.waiting.Add(-1)
			r.start(b)
		})
		b.mu.Unlock()
	}
}

// link has the line that a task has left know where it is.
func (b *Unit) link() {
	root, n := b.rare.from.batch, b.rare.from.n
	root.mu.Lock()
	defer root.mu.Unlock()
	if _, moved := root.rare.moved[n]; moved {
		root.rare.moved[n] = ID{batch: b}
	}
}

// stopWaiting stops the timer of a batch that is not due before a deadline. It
// reports whether it did: then the batch will not run.
func (b *Unit) stopWaiting(deadline time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare == nil || b.rare.timer == nil || !b.rare.due.After(deadline) || !b.rare.timer.Stop() {
		return false
	}
	b.runner.waiting.Add(-1)
	return true
}

// leave gives up a batch that is not due in time: Shutdown names it.
func (r *Runner) leave(b *Unit) {
	r.mu.Lock()
	names, _ := b.left()
	r.notDue = append(r.notDue, names...)
	r.mu.Unlock()
	b.discard()
	r.finish(b)
	r.slots.release()
}

// finish ends a batch whose tasks have ended.
func (r *Runner) finish(b *Unit) {
	r.accepted.remove(b)
	b.letGo()
}

// letGo runs what was held until the end, when the tasks of b have ended and
// all that have left its line.
func (b *Unit) letGo() {
	b.mu.Lock()
	x := b.rare
	if x == nil || b.stage != ended || x.children.Load() > 0 || x.over {
		b.mu.Unlock()
		return
	}
	x.over = true
	held := x.hold
	x.hold = nil
	b.mu.Unlock()
	if len(held) > 0 {
		apart(func() { b.runHeld(held) })
	}
	if x.from.batch != nil {
		x.from.batch.childOver(b)
	}
}

// runHeld runs what was held, last in, first out.
func (b *Unit) runHeld(held []func()) {
	last := len(held) - 1
	if last < 0 {
		return
	}
	defer b.runHeld(held[:last]) // whatever the last one does
	if err := Catch(func() error { held[last](); return nil }); err != nil {
		b.runner.LogError("releasing panicked", "handler", b.handler, "error", err, "stack", string(err.(*engine.PanicError).Stack))
	}
}

// apart runs f on a goroutine of its own, which it may end, and waits for it.
func apart(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// childOver notes that a batch which has left b is over: how its task has ended,
// unless that is to be tried again.
func (b *Unit) childOver(child *Unit) {
	child.mu.Lock()
	out, noted := child.rare.ended[0]
	_, moved := child.rare.moved[0]
	n := child.rare.from.n
	child.mu.Unlock()
	b.mu.Lock()
	if b.rare.moved[n].batch == child && !moved {
		delete(b.rare.moved, n)
		if noted {
			b.rare.noteEnded(n, out)
		}
	}
	b.mu.Unlock()
	b.rare.children.Add(-1)
	b.letGo()
}

// noteEnded keeps how a task has ended: of the last ones, however many a line
// has.
func (x *rare) noteEnded(n int32, out outcome) {
	if x.ended == nil {
		x.ended = map[int32]outcome{}
	}
	if len(x.ended) >= history {
		for old := range x.ended { // numbers of tasks that were never in the line fall
			if old < n-history/2 || old > n && n < 0 {
				delete(x.ended, old)
			}
		}
	}
	x.ended[n] = out
}
