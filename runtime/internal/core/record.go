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
	for i, t := range b.tasks[b.first():] {
		if t.run == nil {
			continue
		}
		a := Added{Name: t.name(), Handler: b.handler, Run: t.run}
		if b.rare != nil {
			a.Args = b.rare.args[b.first()+int32(i)+b.rare.gone]
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
func (b *Unit) keepArgs(id ID, args any) {
	if id.batch != nil {
		b = id.batch // of those that came too late, it may be another one
	}
	b.mu.Lock()
	to, moved := b.movedTo(id.n)
	if moved {
		b.mu.Unlock()
		to.batch.keepArgs(to, args)
		return
	}
	defer b.mu.Unlock()
	x := b.extra()
	if x.args == nil {
		x.args = map[int32]any{}
	}
	x.args[id.n] = args
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
	b.discard()
	r.finish(b)
	r.slots.release()
}
