package core

import (
	"context"
	"encoding/json"
	"fmt"
)

// An Added is a task that was added to a unit and has not started.
type Added struct {
	Name    string
	Handler string
	Args    any                         // a struct of them; nil: it is a closure
	Run     func(context.Context) error // calls it, with arguments that went through JSON and back
}

// Record has r hand over what it accepts, and run nothing; with nil, it runs
// again. It is for tests.
func (r *Runner) Record(accepted func([]Added)) {
	if accepted == nil {
		r.recorder.Store(nil)
	} else {
		r.recorder.Store(&accepted)
	}
}

// Added returns what has been added to b and has not started.
func (b *Unit) Added() (list []Added) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, t := range b.pendingLocked() {
		a := Added{Name: t.name(), Handler: b.handler, Run: t.run}
		if r := b.recordLocked(i + b.goneLocked()); r != nil {
			a.Args = r.args
		}
		if a.Args != nil && b.runner != nil {
			if def := b.runner.Task(t.spec.Task); def != nil {
				a.Run = throughJSON(def, a.Args)
			}
		}
		a.Run = inCollector(b, a.Run)
		list = append(list, a)
	}
	return list
}

// inCollector has what a task adds go to b, as when the runner runs it.
func inCollector(b *Unit, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error { return run(context.WithValue(ctx, collectorKey{}, b)) }
}

// throughJSON calls a portable task as an engine would.
func throughJSON(def Callable, args any) func(context.Context) error {
	return func(ctx context.Context) error {
		text, err := json.Marshal(args)
		if err != nil {
			return err
		}
		return def.Call(ctx, text)
	}
}

// keepArgs keeps the arguments of a portable task, for tests and a dashboard.
func (id ID) keepArgs(args any) {
	b := id.unit // of those that came too late, it may be another one
	b.mu.Lock()
	if to, moved := b.movedLocked(id.n); moved {
		b.mu.Unlock()
		to.keepArgs(args)
		return
	}
	defer b.mu.Unlock()
	b.noteLocked(id.n).args = args
}

// encoded is arguments as a dashboard shows them.
func encoded(args any) json.RawMessage {
	text, err := json.Marshal(args)
	if err != nil {
		text, _ = json.Marshal(fmt.Sprintf("they cannot be shown: %v", err))
	}
	return text
}

// recording reports whether tasks are recorded, and not run.
func (r *Runner) recording() bool { return r.recorder.Load() != nil }

// record hands over what would run, and ends b.
func (r *Runner) record(b *Unit) {
	accepted := r.recorder.Load()
	(*accepted)(b.Added())
	b.drop()
	r.finish(b)
	r.slots.release()
}
