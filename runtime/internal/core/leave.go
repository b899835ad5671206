package core

import (
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// detachLocked has t run as a unit of its own, apart from the line of b: in its time,
// or at once. Its number in b is n. The new unit is accepted before b.mu is released:
// Shutdown sees t here or there.
func (b *Unit) detachLocked(t Task, n int32) *Unit {
	x, old := b.extraLocked(), b.noteLocked(n)
	child := &Unit{state: waiting, runner: b.runner, handler: b.handler, values: b.values, rare: &rare{named: x.named, failed: x.failed, stop: x.stop}}
	// What leaves a unit that has itself left a line is of that line, so that a
	// task which comes back for ever keeps none of its past.
	child.rare.root = ID{unit: b, n: n}
	if x.root.unit != nil {
		child.rare.root = x.root
	}
	child.rare.root.unit.rare.children.Add(1)
	spec := t.spec.clone()
	child.rare.due, spec.At, spec.Unordered = spec.At, time.Time{}, false
	child.tasks = append(child.inline[:0], Task{t.run, spec})
	if old.id != "" || old.args != nil {
		*child.noteLocked(0) = record{id: old.id, args: old.args}
	}
	if old.id != "" {
		b.runner.ids.move(old.id, ID{unit: child})
	}
	old.moved = ID{unit: child}
	b.runner.slots.delay()
	b.runner.accepted.add(child)
	return child
}

// detachLeavingLocked takes those that leave the line out of it, and returns what is
// to be started.
func (b *Unit) detachLeavingLocked() (children []*Unit) {
	if b.rare == nil || b.rare.leaving == 0 {
		return nil
	}
	b.rare.leaving = 0
	for i, t := range b.pendingLocked() {
		if t.spec.leavesLine() {
			children = append(children, b.detachLocked(t, i+b.rare.gone))
			b.tasks[i] = Task{}
		}
	}
	return children
}

// detachRunning has the task that runs tried again, apart from the line.
func (b *Unit) detachRunning(again Task) {
	b.mu.Lock()
	child := b.detachLocked(again, b.currentLocked())
	b.rare.again = true
	b.mu.Unlock()
	b.runner.startChild(child)
}

// startChild starts a unit that has left its line, when it is due.
func (r *Runner) startChild(b *Unit) {
	b.link()
	wait := time.Until(b.rare.due)
	b.mu.Lock()
	switch deadline := r.closing.Load(); {
	case b.rare.due.IsZero() || wait <= 0 || b.tasks[0].run == nil: // it was cancelled: it has nothing to do, and ends
		b.mu.Unlock()
		r.startDue(b)
	case deadline != nil && b.rare.due.After(*deadline):
		b.mu.Unlock()
		r.leave(b)
	default:
		b.rare.timer = time.AfterFunc(wait, func() { r.startDue(b) })
		b.mu.Unlock()
	}
}

// startDue starts a unit that has left its line, since its time has come.
func (r *Runner) startDue(b *Unit) {
	r.slots.due()
	r.start(b)
}

// link has the line that a task has left know where it is.
func (b *Unit) link() {
	root, n := b.rare.root.unit, b.rare.root.n
	root.mu.Lock()
	defer root.mu.Unlock()
	if _, moved := root.movedLocked(n); moved {
		root.recordLocked(n).moved = ID{unit: b}
	}
}

// stopWaiting stops the timer of a unit that is not due before a deadline. It
// reports whether it did: then the unit will not run.
func (b *Unit) stopWaiting(deadline time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rare != nil && b.rare.timer != nil && b.rare.due.After(deadline) && b.rare.timer.Stop()
}

// leave gives up a unit that is not due in time: Shutdown names it.
func (r *Runner) leave(b *Unit) {
	left, _ := b.left()
	r.mu.Lock()
	r.notDue = append(r.notDue, left...)
	r.mu.Unlock()
	b.drop()
	r.finish(b)
	r.slots.forget()
}

// finish ends a unit whose tasks have ended.
func (r *Runner) finish(b *Unit) {
	r.accepted.remove(b)
	b.letGo()
}

// letGo runs what was held until the end, when the tasks of b have ended and
// all that have left its line.
func (b *Unit) letGo() {
	b.mu.Lock()
	x := b.rare
	if x == nil || b.state != ended || x.children.Load() > 0 || x.over {
		b.mu.Unlock()
		return
	}
	x.over = true
	held := x.hold
	b.mu.Unlock()
	if len(held) > 0 {
		apart(func() { b.runHeld(held) })
		b.mu.Lock()
		x.hold = nil
		b.mu.Unlock()
	}
	if x.root.unit != nil {
		x.root.unit.childOver(b)
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

// childOver notes that a unit which has left b is over: how its task has ended,
// unless that is to be tried again.
func (b *Unit) childOver(child *Unit) {
	child.mu.Lock()
	out := outcome{state: engine.Done}
	if r := child.recordLocked(0); r != nil && r.end.state != "" {
		out = r.end
	}
	_, moved := child.movedLocked(0)
	n := child.rare.root.n
	child.mu.Unlock()
	b.mu.Lock()
	if r := b.recordLocked(n); r != nil && r.moved.unit == child && !moved {
		r.moved, r.end = ID{}, out
		if r.id == "" && out.state == engine.Done {
			delete(b.rare.records, n)
		}
	}
	b.mu.Unlock()
	b.rare.children.Add(-1)
	b.letGo()
}
