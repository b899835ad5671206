package adapter

import (
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

// An ExternalTask is a task whose code is not in this program: a worker of
// another kind takes it from an engine and runs it. A is a struct of its
// arguments.
type ExternalTask[A any] struct{ def *TaskDef[A] }

// NewExternalTask returns the definition of the task called name. engine is a
// key of Runner.Engines, or "" for Runner.Engine.
func NewExternalTask[A any](name, engine string, opts ...runtime.TaskOption) *ExternalTask[A] {
	return &ExternalTask[A]{NewTaskDef[A](name, opts...).On(engine)}
}

// Register panics if the runner does not have the engine of the task.
func (t *ExternalTask[A]) Register(runner *runtime.Runner) {
	if t.def.engineOf(runner.Engine, runner.Engines) == nil {
		panic("runtime: " + t.def.noEngine().Error())
	}
}

// Enqueue adds a call of the task to bg. If the runner does not have the engine,
// or the arguments cannot be stored, the request fails.
func (t *ExternalTask[A]) Enqueue(bg *runtime.BackgroundTasks, args A, opts []runtime.TaskOption) runtime.TaskID {
	u, spec := core.ForTask((*core.Unit)(bg), core.TaskOf(&t.def.spec)), core.SpecWith(&t.def.spec, opts)
	if u.Recording() {
		return runtime.TaskID(u.AddPortable(nothing, spec, args))
	}
	e := t.def.engineOf(u.Runner().Engine, u.Runner().Engines)
	if e == nil {
		u.Refuse(t.def.noEngine())
		return runtime.TaskID{}
	}
	return runtime.TaskID(u.AddCall(e, spec, args))
}
