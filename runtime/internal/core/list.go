package core

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// List returns the tasks that have not ended: those that run, those that wait in a
// line, and those that are not due yet, which have the time when they are.
func (r *Runner) List(most int) engine.Listing {
	var all []listed
	for _, b := range slices.Backward(r.accepted.all()) {
		all = append(all, b.list()...)
	}
	r.calls.Range(func(_, c any) bool {
		all = append(all, listed{Task: c.(*runningCall).listed()})
		return true
	})
	slices.SortStableFunc(all, func(a, b listed) int {
		return cmp.Or(cmp.Compare(a.State, b.State), a.At.Compare(b.At))
	})
	l := engine.Listing{Total: map[engine.State]int{}}
	for _, t := range all {
		l.Total[t.State]++
		if l.Total[t.State] > most {
			continue
		}
		if t.unit != nil {
			t.ID = t.unit.nameID(t.n)
		}
		l.Tasks = append(l.Tasks, t.Task)
	}
	return l
}

// A listed is a task, and where it is.
type listed struct {
	engine.Task
	unit     *Unit // nil: an engine has it
	n        int32
	attempts int // how often it may be tried
}

// list is the tasks of b that have not ended.
func (b *Unit) list() (all []listed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.runsLocked() {
		all = append(all, b.listedLocked(b.next))
	}
	for i := range b.pendingLocked() {
		all = append(all, b.listedLocked(i))
	}
	return all
}

// listedLocked is the task at an index.
func (b *Unit) listedLocked(i int32) listed {
	n := i + b.goneLocked()
	t := listed{unit: b, n: n, attempts: 1, Task: engine.Task{Status: b.statusLocked(n)}}
	if spec := b.tasks[i].spec; spec != nil {
		t.attempts = max(spec.Attempts, 1)
	}
	t.State = engine.Queued // or it is cancelled, and about to end
	switch {
	case i == b.next && b.runsLocked():
		t.State, t.At = engine.Running, epoch.Add(b.began)
	case b.rare != nil && b.rare.timer != nil && !b.begunLocked():
		t.At = b.rare.due
	}
	if r := b.recordLocked(n); r != nil {
		t.Args, _ = r.args.(json.RawMessage)
	}
	return t
}

// A runningCall is a call of an engine that runs in this process.
type runningCall struct {
	engine.Call
	attempt int
	began   time.Duration
}

func (c *runningCall) listed() engine.Task {
	return engine.Task{ID: c.ID, At: epoch.Add(c.began), Status: engine.Status{
		Name: c.Name, Handler: c.Meta[engine.MetaHandler], State: engine.Running, Attempt: c.attempt,
	}}
}

// KeepArgs keeps the arguments of portable tasks from now on, encoded: a task may
// write to what its own point to.
func (r *Runner) KeepArgs() { r.keepsArgs.Store(true) }

// FailedTask returns the arguments of the task that has failed, where they are kept,
// by the context that OnError was given; and again, which has it run once more, as a
// task of its own. That is nil for a call of an engine.
func FailedTask(ctx context.Context) (args any, again func()) {
	b := FromContext(ctx)
	if b == nil {
		return nil, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.runsLocked() || b.tasks[b.next].run == nil {
		return nil, nil
	}
	if r := b.recordLocked(b.currentLocked()); r != nil {
		args = r.args
	}
	t := b.tasks[b.next]
	spec := t.spec.clone()
	spec.attempt, spec.Name = 0, cmp.Or(spec.Name, t.name())
	runner, handler, values := b.runner, b.handler, b.values
	return args, func() {
		unit := &Unit{state: sealed, runner: runner, handler: handler, values: values}
		unit.tasks = append(unit.inline[:0], Task{t.run, spec})
		if args != nil {
			unit.noteLocked(0).args = args // nobody else has it yet
		}
		runner.acceptLate(unit)
	}
}
