package runtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// A TaskDef is what generated code knows of a task function: its stable name,
// and A, a struct of its arguments.
type TaskDef[A any] struct {
	spec   taskSpec
	limit  int
	engine string
}

// NewTaskDef is the definition of the task name, by default the import path
// and function, with options that each call has unless it is given others.
func NewTaskDef[A any](name string, opts ...TaskOption) *TaskDef[A] {
	d := &TaskDef[A]{spec: taskSpec{name: name, task: name}}
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

// On names the engine of Runner.Engines that stores these tasks.
func (d *TaskDef[A]) On(engine string) *TaskDef[A] {
	d.engine = engine
	return d
}

// A callable is a task function as it is registered.
type callable interface {
	call(ctx context.Context, args json.RawMessage) error
	bound() *kind // nil: there is no limit
}

// registered is a task function that a runner knows.
type registered[A any] struct {
	spec   taskSpec
	engine Engine // nil: this process
	run    func(context.Context, A) error
}

func (t *registered[A]) bound() *kind { return t.spec.kind }

func (t *registered[A]) call(ctx context.Context, text json.RawMessage) error {
	var args A
	if err := json.Unmarshal(text, &args); err != nil {
		return Permanent(fmt.Errorf("the arguments of %s cannot be read: %w", t.spec.name, err))
	}
	return t.run(ctx, args)
}

// Register lets runner run the task. Two registrations of one name, and an
// engine that the runner does not have, are mistakes of the program: it panics.
func (d *TaskDef[A]) Register(runner *Runner, run func(context.Context, A) error) {
	t := &registered[A]{spec: d.spec, engine: runner.Engine, run: run}
	if d.engine != "" {
		t.engine = runner.Engines[d.engine]
		if t.engine == nil {
			panic("runtime: " + errNoEngine(d.spec.name, d.engine).Error())
		}
	}
	if d.limit > 0 {
		t.spec.kind = &kind{limit: d.limit, runner: runner}
	}
	runner.tasks.add(d.spec.task, t)
}

// Enqueue adds a call of the task to b. If the runner does not know the task,
// or its arguments cannot be stored, the request fails.
func (d *TaskDef[A]) Enqueue(b *BackgroundTasks, args A, opts []TaskOption) TaskID {
	if b.runner == nil { // a unit test: it collects, and runs nothing
		id := b.add(task{func(context.Context) error { return nil }, specWith(&d.spec, opts)})
		b.keepArgs(id, args)
		return id
	}
	t, ok := b.runner.tasks.get(d.spec.task).(*registered[A])
	if !ok {
		b.refuse(unregistered(d.spec.task))
		return TaskID{}
	}
	spec := specWith(&t.spec, opts)
	if t.engine != nil && !b.runner.recording() {
		return enqueueCall(b, t.engine, spec, args)
	}
	var kept any
	switch {
	case b.runner.recording():
		kept = args
	case b.runner.keepsArgs.Load():
		kept = encoded(args) // now: a task may write to what they point to
	}
	id := b.add(task{func(ctx context.Context) error { return t.run(ctx, args) }, spec})
	if kept != nil {
		b.keepArgs(id, kept)
	}
	return id
}

// enqueueCall adds a call for an engine.
func enqueueCall(b *BackgroundTasks, e Engine, spec *taskSpec, args any) TaskID {
	text, err := json.Marshal(args)
	if err != nil {
		b.refuse(fmt.Errorf("the arguments of task %s cannot be stored: %w", spec.name, err))
		return TaskID{}
	}
	c := engineCall{engine: e, when: spec.when, Call: Call{
		ID: rand.Text(), Name: spec.task, Args: text, At: spec.at, Timeout: spec.timeout,
		Attempts: max(spec.attempts, 1), Backoff: spec.backoff, Queue: spec.queue, Unique: spec.unique,
	}}
	if c.Timeout == 0 {
		c.Timeout = b.runner.Timeout
	}
	if p := b.runner.Propagator; p != nil {
		c.Meta = maps.Clone(p.Inject(b.values))
	}
	if b.handler != "" {
		if c.Meta == nil {
			c.Meta = map[string]string{}
		}
		c.Meta[MetaHandler] = b.handler
	}
	b.mu.Lock()
	if b.stage == collecting {
		b.extra().calls = append(b.rare.calls, c)
		b.mu.Unlock()
	} else {
		b.mu.Unlock()
		b.storeLate(c)
	}
	return TaskID{text: c.ID}
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
// one, and when it succeeds, its tasks run after those of the request, or are
// stored.
func Subtasks(ctx context.Context, f func(*BackgroundTasks) error) error {
	outer := FromContext(ctx)
	if outer == nil {
		return f(new(BackgroundTasks)) // not called by a runner
	}
	inner := &BackgroundTasks{runner: outer.runner, handler: outer.handler, values: outer.values}
	defer inner.discard()
	if err := f(inner); err != nil {
		return err
	}
	return inner.handTo(ctx, outer)
}

// handTo has outer run what inner has collected, by the ids that inner has given
// out.
func (b *BackgroundTasks) handTo(ctx context.Context, outer *BackgroundTasks) error {
	tasks, calls, err := b.hand()
	if err != nil {
		return err
	}
	if err := outer.runner.store(ctx, calls); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.extra()
	if x.stop {
		outer.StopOnFailure()
	}
	x.moved = map[int32]TaskID{}
	for i, t := range tasks {
		if n := int32(i); t.run != nil && t.spec.runsAfter(false) {
			if id := outer.add(t); id.batch != nil {
				x.moved[n] = id
				id.name(x.ids[n])
			}
		}
	}
	return nil
}

// registry is the task functions by name. It is read far more often than
// written.
type registry struct {
	mu    sync.Mutex
	tasks atomic.Pointer[map[string]callable]
}

// get is the task of a name, nil if there is none.
func (r *registry) get(name string) callable {
	if m := r.tasks.Load(); m != nil {
		return (*m)[name]
	}
	return nil
}

// names are those of all tasks, sorted.
func (r *registry) names() (names []string) {
	if m := r.tasks.Load(); m != nil {
		names = slices.Sorted(maps.Keys(*m))
	}
	return names
}

func (r *registry) add(name string, t callable) {
	r.mu.Lock()
	defer r.mu.Unlock()
	tasks := map[string]callable{name: t}
	if old := r.tasks.Load(); old != nil {
		if _, twice := (*old)[name]; twice {
			panic(fmt.Sprintf("runtime: task %s is registered twice with one runner", name))
		}
		maps.Copy(tasks, *old)
	}
	r.tasks.Store(&tasks)
}
