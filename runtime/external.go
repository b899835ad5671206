package runtime

import (
	"context"
)

// An ExternalTask is a task whose code is not a Go function of this program: a
// worker of another kind runs it, on the engine that it names. A is a struct of
// its arguments.
type ExternalTask[A any] struct {
	spec   taskSpec
	engine string
}

// NewExternalTask is the definition of the task name of an engine of
// Runner.Engines, "" for Runner.Engine.
func NewExternalTask[A any](name, engine string, opts ...TaskOption) *ExternalTask[A] {
	d := &ExternalTask[A]{taskSpec{name: name, task: name}, engine}
	for _, opt := range opts {
		opt(&d.spec)
	}
	return d
}

// Register checks that the runner has the engine: it panics if not.
func (d *ExternalTask[A]) Register(runner *Runner) {
	if d.engineOf(runner) == nil {
		panic("runtime: " + errNoEngine(d.spec.name, d.engine).Error())
	}
}

func (d *ExternalTask[A]) engineOf(runner *Runner) Engine {
	if d.engine == "" {
		return runner.Engine
	}
	return runner.Engines[d.engine]
}

// Enqueue adds a call of the task to b. If the runner does not have the engine,
// or the arguments cannot be stored, the request fails.
func (d *ExternalTask[A]) Enqueue(b *BackgroundTasks, args A, opts []TaskOption) TaskID {
	spec := specWith(&d.spec, opts)
	if b.runner == nil || b.runner.recording() { // a test
		id := b.add(task{func(context.Context) error { return nil }, spec})
		b.keepArgs(id, args)
		return id
	}
	e := d.engineOf(b.runner)
	if e == nil {
		b.refuse(errNoEngine(spec.name, d.engine))
		return TaskID{}
	}
	return enqueueCall(b, e, spec, args)
}
