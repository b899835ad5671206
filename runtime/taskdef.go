package runtime

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// A TaskDef is what generated code knows of a task function: its stable name,
// and A, a struct of its arguments.
type TaskDef[A any] struct {
	spec taskSpec
}

// NewTaskDef is the definition of the task name, by default the import path
// and function.
func NewTaskDef[A any](name string) *TaskDef[A] {
	return &TaskDef[A]{taskSpec{name: name}}
}

// Register lets runner run the task. Two registrations of one name are a
// mistake of the program: it panics.
func (d *TaskDef[A]) Register(runner *Runner, run func(context.Context, A) error) {
	runner.tasks.add(d.spec.name, run)
}

// Enqueue adds a call of the task to b. If the runner does not know the task,
// the request fails.
func (d *TaskDef[A]) Enqueue(b *BackgroundTasks, args A, opts []TaskOption) {
	if b.runner == nil { // a unit test: it collects, and runs nothing
		b.add(task{func(context.Context) error { return nil }, specWith(&d.spec, opts)})
		return
	}
	run, ok := b.runner.tasks.get(d.spec.name).(func(context.Context, A) error)
	if !ok {
		b.refuse(unregistered(d.spec.name))
		return
	}
	b.add(task{func(ctx context.Context) error { return run(ctx, args) }, specWith(&d.spec, opts)})
}

func unregistered(name string) error {
	pkg := name
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		pkg = name[:dot]
	}
	return fmt.Errorf("task %s is not registered with this runner: call RegisterTasks of package %s where the runner is made, or Register, which does", name, pkg)
}

// refuse fails the request for a task that can never run. When it is too late
// for that, the loss is reported.
func (b *BackgroundTasks) refuse(err error) {
	b.mu.Lock()
	early := b.stage == collecting
	if early {
		b.extra().err = err
	}
	b.mu.Unlock()
	if !early {
		b.runner.logger().Error("task lost", "handler", b.handler, "error", err)
	}
}

// Subtasks is for the generated call of a task that takes a collector: f fills
// one, and when it succeeds, its tasks run after those of the request.
func Subtasks(ctx context.Context, f func(*BackgroundTasks) error) error {
	outer, ok := ctx.Value(collectorKey{}).(*BackgroundTasks)
	if !ok {
		return f(new(BackgroundTasks)) // not called by a runner
	}
	inner := &BackgroundTasks{runner: outer.runner, handler: outer.handler, values: outer.values}
	defer inner.discard()
	if err := f(inner); err != nil {
		return err
	}
	tasks, err := inner.hand()
	for _, t := range tasks {
		outer.add(t)
	}
	return err
}

// registry is the task functions by name. It is read far more often than
// written.
type registry struct {
	mu    sync.Mutex
	tasks atomic.Pointer[map[string]any]
}

func (r *registry) get(name string) any {
	if m := r.tasks.Load(); m != nil {
		return (*m)[name]
	}
	return nil
}

func (r *registry) add(name string, run any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	tasks := map[string]any{name: run}
	if old := r.tasks.Load(); old != nil {
		if _, twice := (*old)[name]; twice {
			panic(fmt.Sprintf("runtime: task %s is registered twice with one runner", name))
		}
		for name, run := range *old {
			tasks[name] = run
		}
	}
	r.tasks.Store(&tasks)
}
