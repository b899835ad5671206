package adapter

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
	"github.com/bggen/bggen/runtime/internal/stored"
)

// FirstTasks reports whether the tasks of a package have yet to be registered
// with runner. Register may be called several times with one runner, for several
// muxes, as long as the app value is the same. With another one FirstTasks
// panics.
func FirstTasks(runner *runtime.Runner, pkg string, app any) bool {
	return runner.Core().Claim(pkg, app)
}

// A TaskDef is the definition of a task function: the name under which it is
// stored, and A, a struct of its arguments.
type TaskDef[A any] struct {
	spec   core.Spec
	limit  int
	was    []string
	engine string

	periodic func(*registered[A]) // nil: it does not run by itself

	last atomic.Pointer[registered[A]] // most definitions are registered once
}

// NewTaskDef returns the definition of the task called name, which is the import
// path and the function by default. Each call has the options opts, unless it is
// given others.
func NewTaskDef[A any](name string, opts ...runtime.TaskOption) *TaskDef[A] {
	d := &TaskDef[A]{spec: core.Spec{Name: name, Task: name}}
	for _, opt := range opts {
		opt(&d.spec)
	}
	return d
}

// Limit bounds how many of these tasks run at once in this process.
func (d *TaskDef[A]) Limit(n int) *TaskDef[A] {
	d.limit = n
	return d
}

// Was says which names the task had before, the oldest one first. Calls that are stored
// under them are calls of this task.
func (d *TaskDef[A]) Was(names ...string) *TaskDef[A] {
	d.was = names
	return d
}

// On names the key of Runner.Engines under which the engine is that stores these
// tasks.
func (d *TaskDef[A]) On(engine string) *TaskDef[A] {
	d.engine = engine
	return d
}

// registered is a task function that a runner knows.
type registered[A any] struct {
	runner *core.Runner
	spec   core.Spec
	engine engine.Engine // nil: this process
	run    func(context.Context, A) error
}

func (t *registered[A]) Kind() *core.Kind { return t.spec.Kind }

func (t *registered[A]) Call(ctx context.Context, text json.RawMessage) error {
	var args A
	if err := stored.Decode(text, &args); err != nil {
		return runtime.Permanent(fmt.Errorf("the stored arguments do not fit the task: %w", err))
	}
	return t.run(ctx, args)
}

// Register lets runner run the task. Two registrations of one name, and an
// engine that the runner does not have, are mistakes of the program: it panics.
func (d *TaskDef[A]) Register(runner *runtime.Runner, run func(context.Context, A) error) {
	t := &registered[A]{runner: runner.Core(), spec: d.spec, engine: d.engineOf(runner.Engine, runner.Engines), run: run}
	if t.engine == nil && d.engine != "" {
		panic("runtime: " + d.noEngine().Error())
	}
	if d.limit > 0 {
		t.spec.Kind = t.runner.NewKind(d.limit)
	}
	t.runner.Register(d.spec.Task, t)
	for _, name := range d.was {
		t.runner.Register(name, t)
	}
	if d.periodic != nil {
		d.periodic(t)
	}
	d.last.Store(t)
}

// engineOf returns the engine that stores the tasks, nil if the runner has none.
func (d *TaskDef[A]) engineOf(first engine.Engine, others map[string]engine.Engine) engine.Engine {
	if d.engine == "" {
		return first
	}
	return others[d.engine]
}

// noEngine is the mistake of a program that names an engine it does not have.
func (d *TaskDef[A]) noEngine() error {
	return fmt.Errorf("task %s is of the engine %q, and the runner has none of that name: add it to Runner.Engines", d.spec.Name, d.engine)
}

// nothing is what a task does in a unit test, whose collector runs nothing.
func nothing(context.Context) error { return nil }

// Enqueue adds a call of the task to bg. If the runner does not know the task,
// or its arguments cannot be stored, the request fails.
func (d *TaskDef[A]) Enqueue(bg *runtime.BackgroundTasks, args A, opts []runtime.TaskOption) runtime.TaskID {
	u := core.ForTask((*core.Unit)(bg), core.TaskOf(&d.spec))
	runner := u.Runner()
	if runner == nil {
		return runtime.TaskID(u.AddPortable(nothing, core.SpecWith(&d.spec, opts), args))
	}
	t := d.last.Load()
	if t == nil || t.runner != runner {
		if t, _ = runner.Task(d.spec.Task).(*registered[A]); t == nil {
			u.Refuse(core.Unregistered(d.spec.Task))
			return runtime.TaskID{}
		}
	}
	return runtime.TaskID(t.add(u, args, core.SpecWith(&t.spec, opts)))
}

// add adds a call of the task.
func (t *registered[A]) add(u *core.Unit, args A, spec *core.Spec) core.ID {
	if t.engine != nil && !u.Recording() {
		return u.AddCall(t.engine, spec, args)
	}
	var kept any // or else args would be copied for nobody
	if u.KeepsArgs() {
		kept = args
	}
	return u.AddPortable(func(ctx context.Context) error { return t.run(ctx, args) }, spec, kept)
}

// Subtasks calls f, the generated call of a task that takes a collector, with a
// collector. If f succeeds, the tasks in it run after those of the request, or
// are stored.
func Subtasks(ctx context.Context, f func(*runtime.BackgroundTasks) error) error {
	return core.Subtasks(ctx, func(u *core.Unit) error { return f((*runtime.BackgroundTasks)(u)) })
}
