package adapter

import (
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// An ExternalTask is a task whose code is not a Go function of this program: a
// worker of another kind runs it, on the engine that it names. A is a struct of
// its arguments.
type ExternalTask[A any] struct {
	spec   core.Spec
	engine string
}

// NewExternalTask is the definition of the task name of an engine of
// Runner.Engines, "" for Runner.Engine.
func NewExternalTask[A any](name, engine string, opts ...runtime.TaskOption) *ExternalTask[A] {
	d := &ExternalTask[A]{core.Spec{Name: name, Task: name}, engine}
	for _, opt := range opts {
		opt(&d.spec)
	}
	return d
}

// Register checks that the runner has the engine: it panics if not.
func (d *ExternalTask[A]) Register(runner *runtime.Runner) {
	if d.engineOf(runner) == nil {
		panic("runtime: " + noEngine(d.spec.Name, d.engine).Error())
	}
}

func (d *ExternalTask[A]) engineOf(runner *runtime.Runner) engine.Engine {
	if d.engine == "" {
		return runner.Engine
	}
	return runner.Engines[d.engine]
}

// Enqueue adds a call of the task to bg. If the runner does not have the engine,
// or the arguments cannot be stored, the request fails.
func (d *ExternalTask[A]) Enqueue(bg *runtime.BackgroundTasks, args A, opts []runtime.TaskOption) runtime.TaskID {
	u, spec := (*core.Unit)(bg), core.SpecWith(&d.spec, opts)
	if u.Recording() {
		return runtime.TaskID(u.AddPortable(nothing, spec, args))
	}
	e := u.Runner().Engine
	if d.engine != "" {
		e = u.Runner().Engines[d.engine]
	}
	if e == nil {
		u.Refuse(noEngine(spec.Name, d.engine))
		return runtime.TaskID{}
	}
	return runtime.TaskID(u.AddCall(e, spec, args))
}
