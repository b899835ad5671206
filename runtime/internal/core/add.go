package core

import (
	"context"
	"log/slog"
)

// A Task is a function that is to be run, and what is said of it.
type Task struct {
	run  func(context.Context) error
	spec *Spec // nil: a closure without options
}

// NewTask returns the task that calls run.
func NewTask[O ~func(*Spec)](run func(context.Context) error, opts []O) Task {
	if run == nil {
		panic("runtime: a nil func as a task")
	}
	return Task{run, SpecWith(nil, opts)}
}

// TaskOf is a portable task without its code.
func TaskOf(spec *Spec) Task { return Task{spec: spec} }

// ForTask is the unit that a task is added to. A nil one is that of a request which has
// none: the task would be lost without a word.
func ForTask(u *Unit, t Task) *Unit {
	if u != nil {
		return u
	}
	slog.Default().Error("a task was added to the BackgroundTasks of a request that has none, and will not run: wrap the mux with runtime.Collect, whose requests have them", "task", t.name())
	return new(Unit)
}

// Add adds a task. While the work goes on, or tasks run, it joins the line; when
// they have ended it begins a new one.
func (b *Unit) Add(t Task) ID {
	b.mu.Lock()
	switch {
	case b.runner == nil || b.state < sealed:
	case b.tooLateLocked(t.spec):
		b.mu.Unlock()
		return ID{}
	case b.state == ended:
		return b.addLateAndUnlock(t)
	case b.begunLocked() && t.spec.leavesLine():
		x := b.extraLocked()
		x.apart--
		id := ID{unit: b, n: x.apart}
		child := b.detachLocked(t, id.n)
		b.mu.Unlock()
		b.runner.startChild(child)
		return id
	}
	defer b.mu.Unlock()
	return ID{unit: b, n: b.pushLocked(t)}
}

// tooLateLocked reports whether a task is for work that fails, and this has not.
func (b *Unit) tooLateLocked(spec *Spec) bool {
	return spec != nil && spec.When == AfterFailure && (b.rare == nil || !b.rare.failed)
}

// pushLocked appends t, and returns its number in the line.
func (b *Unit) pushLocked(t Task) int32 {
	if b.tasks == nil {
		b.tasks = b.inline[:0]
	}
	if b.next > 0 && len(b.tasks) == cap(b.tasks) { // make room of what has ended
		n := copy(b.tasks, b.tasks[b.next:])
		clear(b.tasks[n:])
		b.extraLocked().gone += b.next
		b.tasks, b.next = b.tasks[:n], 0
	}
	b.tasks = append(b.tasks, t)
	if t.spec.leavesLine() {
		b.extraLocked().leaving++
	}
	if t.spec != nil && t.spec.When != AfterSuccess {
		b.extraLocked().selected = true
	}
	n := int32(len(b.tasks)-1) + b.goneLocked()
	if b.begunLocked() && b.due != 0 {
		b.noteLocked(n).added = now()
	}
	return n
}

// addLateAndUnlock adds t to the unit of those that came too late for b: a new one,
// if there is none that still runs. b.mu is held before, and released.
func (b *Unit) addLateAndUnlock(t Task) ID {
	if late := b.extraLocked().late; late != nil && !late.isOver() {
		b.mu.Unlock()
		return late.Add(t)
	}
	late := &Unit{state: sealed, runner: b.runner, handler: b.handler, values: b.values, turn: b.turn}
	if b.rare.failed {
		late.extraLocked().failed = true
	}
	id := ID{unit: late, n: late.pushLocked(t)}
	b.rare.late = late
	b.mu.Unlock()
	b.runner.acceptLate(late)
	return id
}

// isOver reports whether the tasks of b have ended.
func (b *Unit) isOver() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state == ended
}

// Len returns the number of tasks that have been added and have not started.
func (b *Unit) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lenLocked()
}

func (b *Unit) lenLocked() (n int) {
	for range b.pendingLocked() {
		n++
	}
	if b.rare != nil {
		n += len(b.rare.calls)
	}
	return n
}

// Clear drops the tasks that have not started.
func (b *Unit) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dropLocked(func(Task) bool { return true })
	if b.rare != nil {
		b.rare.err, b.rare.calls = nil, nil
	}
}

// StopOnFailure has the first task that fails, in all its attempts, drop those after
// it.
func (b *Unit) StopOnFailure() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.extraLocked().stop = true
}

// HoldUntilEnd has f run when all tasks have ended.
func (b *Unit) HoldUntilEnd(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.extraLocked().hold = append(b.rare.hold, f)
}
