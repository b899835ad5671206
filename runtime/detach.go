package runtime

import (
	"slices"
	"time"
)

// detach has t run as a batch of its own, apart from the line of b: in its time,
// or at once. Its sequence number in b is n. b.mu is held.
func (b *BackgroundTasks) detach(t task, n int32) *BackgroundTasks {
	x := b.extra()
	child := &BackgroundTasks{stage: sealed, runner: b.runner, handler: b.handler, values: b.values, rare: &rare{parent: b}}
	spec := t.spec.clone()
	child.rare.due, spec.at, spec.unordered = spec.at, time.Time{}, false
	child.tasks = append(child.inline[:0], task{t.run, spec})
	if id := x.ids[n]; id != "" {
		child.rare.ids = map[int32]string{0: id}
		b.runner.ids.move(id, TaskID{batch: child})
	}
	if x.moved == nil {
		x.moved = map[int32]*BackgroundTasks{}
	}
	x.moved[n] = child
	x.children++
	return child
}

// detachLeaving takes those that leave the line out of it, and returns what is
// to be started. b.mu is held.
func (b *BackgroundTasks) detachLeaving() (children []*BackgroundTasks) {
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
func (b *BackgroundTasks) detachRunning(again task) {
	b.mu.Lock()
	child := b.detach(again, b.next+b.extra().gone)
	b.mu.Unlock()
	b.runner.startChild(child)
}

// startChild starts a batch that has left its line, when it is due.
func (r *Runner) startChild(b *BackgroundTasks) {
	r.slots.force()
	r.accepted.add(b)
	wait := time.Until(b.rare.due)
	if b.rare.due.IsZero() || wait <= 0 {
		r.start(b)
		return
	}
	b.mu.Lock()
	if deadline := r.closing.Load(); deadline != nil && b.rare.due.After(*deadline) {
		b.mu.Unlock()
		r.leave(b)
		return
	}
	r.waiting.Add(1)
	b.rare.timer = time.AfterFunc(wait, func() {
		r.waiting.Add(-1)
		r.start(b)
	})
	b.mu.Unlock()
}

// stopWaiting stops the timer of a batch that is not due before a deadline. It
// reports whether it did: then the batch will not run.
func (b *BackgroundTasks) stopWaiting(deadline time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare == nil || b.rare.timer == nil || !b.rare.due.After(deadline) || !b.rare.timer.Stop() {
		return false
	}
	b.runner.waiting.Add(-1)
	return true
}

// leave gives up a batch that is not due in time: Shutdown names it.
func (r *Runner) leave(b *BackgroundTasks) {
	names, _ := b.left()
	r.mu.Lock()
	r.notDue = append(r.notDue, names...)
	r.mu.Unlock()
	b.discard()
	r.finish(b)
	r.slots.release()
}

// finish ends a batch whose tasks have ended.
func (r *Runner) finish(b *BackgroundTasks) {
	r.accepted.remove(b)
	b.letGo()
}

// letGo runs what was held until the end, when the tasks of b have ended and
// all that have left its line.
func (b *BackgroundTasks) letGo() {
	b.mu.Lock()
	x := b.rare
	if x == nil || b.stage != ended || x.children > 0 || x.over {
		b.mu.Unlock()
		return
	}
	x.over = true
	held := x.hold
	x.hold = nil
	b.mu.Unlock()
	for _, f := range slices.Backward(held) {
		if err := catch(func() error { f(); return nil }); err != nil {
			b.runner.logger().Error("releasing panicked", "handler", b.handler, "error", err, "stack", string(err.(*PanicError).Stack))
		}
	}
	if x.parent != nil {
		x.parent.childEnded()
	}
}

// childEnded notes that a batch which has left b is over.
func (b *BackgroundTasks) childEnded() {
	b.mu.Lock()
	b.rare.children--
	b.mu.Unlock()
	b.letGo()
}
