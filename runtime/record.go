package runtime

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bggen/bggen/runtime/internal/testhook"
)

func init() {
	testhook.Inspect = func(b any) []testhook.Added { return b.(*BackgroundTasks).added() }
	testhook.Record = func(r any, accepted func([]testhook.Added)) {
		runner := r.(*Runner)
		runner.init()
		if accepted == nil {
			runner.recorder.Store(nil)
		} else {
			runner.recorder.Store(&accepted)
		}
	}
	testhook.Failed = func(r any, f func(name, handler string, err error)) {
		runner := r.(*Runner)
		before := runner.OnError
		runner.OnError = func(ctx context.Context, info TaskInfo, err error) {
			if before != nil {
				before(ctx, info, err)
			}
			if info.RetryIn == 0 {
				f(info.Name, info.Handler, err)
			}
		}
	}
}

// added is what has been added to b and has not started.
func (b *BackgroundTasks) added() (list []testhook.Added) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, t := range b.tasks[b.first():] {
		if t.run == nil {
			continue
		}
		a := testhook.Added{Name: t.name(), Handler: b.handler, Run: t.run}
		if b.rare != nil {
			a.Args = b.rare.args[b.first()+int32(i)+b.rare.gone]
		}
		if a.Args != nil && b.runner != nil {
			if def := b.runner.tasks.get(t.spec.task); def != nil {
				a.Run = throughJSON(def, a.Args)
			}
		}
		a.Run = inCollector(b, a.Run)
		list = append(list, a)
	}
	return list
}

// inCollector has what a task adds go to b, as when the runner runs it.
func inCollector(b *BackgroundTasks, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error { return run(context.WithValue(ctx, collectorKey{}, b)) }
}

// throughJSON calls a portable task as an engine would.
func throughJSON(def callable, args any) func(context.Context) error {
	return func(ctx context.Context) error {
		text, err := json.Marshal(args)
		if err != nil {
			return err
		}
		return def.call(ctx, text)
	}
}

// keepArgs keeps the arguments of a portable task, for tests and a dashboard.
func (b *BackgroundTasks) keepArgs(id TaskID, args any) {
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
func (r *Runner) record(b *BackgroundTasks) {
	accepted := r.recorder.Load()
	(*accepted)(b.added())
	b.discard()
	r.finish(b)
	r.slots.release()
}
