package core

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bggen/bggen/runtime/engine"
)

// A Callable is a task function as it is registered.
type Callable interface {
	Call(ctx context.Context, args json.RawMessage) error
	Kind() *Kind // nil: there is no limit
}

// Recording reports whether tasks are noted, and not run.
func (b *Unit) Recording() bool { return b.runner == nil || b.runner.recording() }

// KeepsArgs reports whether the arguments of portable tasks are kept, for a test or
// a page.
func (b *Unit) KeepsArgs() bool { return b.Recording() || b.runner.keepsArgs.Load() }

// AddPortable adds a call of a portable task that runs in this process. The
// arguments are nil if they are not kept.
func (b *Unit) AddPortable(run func(context.Context) error, spec *Spec, args any) ID {
	if args != nil && !b.Recording() {
		args = encoded(args) // now: a task may write to what they point to
	}
	id := b.Add(Task{run, spec})
	if args != nil && id.unit != nil {
		id.keepArgs(args)
	}
	return id
}

// hasReplaced reports whether JSON that package json has written has a character in
// place of bytes that are not UTF-8: it escapes that, and not one that was there.
func hasReplaced(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 || i+1 == len(text) {
			return false
		}
		if bytes.HasPrefix(text[i:], []byte(`\ufffd`)) {
			return true
		}
		text = text[i+2:]
	}
}

// lastYear is the last year that the times of JSON have.
const lastYear = 9999

// AddCall adds a call of a portable task for an engine.
func (b *Unit) AddCall(to engine.Engine, spec *Spec, args any) ID {
	text, err := json.Marshal(args)
	if err != nil {
		b.Refuse(fmt.Errorf("the arguments of task %s cannot be stored: %w", spec.Name, err))
		return ID{}
	}
	if hasReplaced(text) {
		b.Refuse(fmt.Errorf("the arguments of task %s cannot be stored: a string among them is not UTF-8", spec.Name))
		return ID{}
	}
	if spec.At.Year() > lastYear {
		b.Refuse(fmt.Errorf("the task %s is to run in the year %d, after %d, which cannot be stored", spec.Name, spec.At.Year(), lastYear))
		return ID{}
	}
	c := engineCall{to: to, when: spec.When, Call: engine.Call{
		ID: rand.Text(), Name: spec.Task, Args: text, At: spec.At, Timeout: spec.Timeout,
		Attempts: max(spec.Attempts, 1), Backoff: spec.Backoff, Queue: spec.Queue, Unique: spec.Unique, Once: spec.Once, OnceFor: spec.OnceFor,
	}}
	if c.Once != "" {
		c.ID = idOf(c.Once)
	}
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
		c.Meta[engine.MetaHandler] = b.handler
	}
	b.mu.Lock()
	if b.state == collecting {
		b.extraLocked().calls = append(b.rare.calls, c)
		b.mu.Unlock()
	} else {
		b.mu.Unlock()
		b.storeLate(c)
	}
	return ID{text: c.ID}
}

// Unregistered is the error of a call of a task that the runner does not know.
func Unregistered(name string) error {
	pkg := name
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		pkg = name[:dot]
	}
	return fmt.Errorf("task %s is not registered with this runner: call RegisterTasks of package %s where the runner is made, or Register, which does", name, pkg)
}

// Refuse fails the request for a task that can never run. When it is too late
// for that, the loss is reported.
func (b *Unit) Refuse(err error) {
	b.mu.Lock()
	early := b.state == collecting
	if early {
		b.extraLocked().err = err
	}
	b.mu.Unlock()
	if !early {
		b.runner.Log().Error("task lost", "handler", b.handler, "error", err)
	}
}

// Subtasks has f fill a unit of its own for a task that runs with ctx. When f
// succeeds, the tasks run after those of the request, or are stored.
func Subtasks(ctx context.Context, f func(*Unit) error) error {
	outer := FromContext(ctx)
	if outer == nil {
		return f(new(Unit)) // not called by a runner
	}
	inner := &Unit{runner: outer.runner, handler: outer.handler, values: outer.values}
	defer inner.drop()
	if err := f(inner); err != nil {
		return err
	}
	return inner.handTo(ctx, outer)
}

// handTo has outer run what inner has collected, by the ids that inner has given
// out.
func (b *Unit) handTo(ctx context.Context, outer *Unit) error {
	tasks, calls, err := b.hand()
	if err != nil {
		return err
	}
	if err := outer.runner.store(ctx, calls); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare != nil && b.rare.stop {
		outer.StopOnFailure()
	}
	for i, t := range tasks {
		if t.run == nil || !t.spec.runsAfter(false) {
			continue
		}
		if id := outer.Add(t); id.unit != nil {
			r := b.noteLocked(int32(i))
			r.moved = id
			id.name(r.id)
		}
	}
	return nil
}

// hand ends the collecting of b, for somebody else to run what there is.
func (b *Unit) hand() ([]Task, []engineCall, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	tasks := b.tasks
	b.state, b.tasks = ended, nil
	if b.rare == nil {
		return tasks, nil, nil
	}
	calls := b.rare.calls
	b.rare.calls = nil
	return tasks, calls, b.rare.err
}

// registry is the task functions by name. It is read far more often than
// written.
type registry struct {
	mu    sync.Mutex
	tasks atomic.Pointer[map[string]Callable]
	apps  map[string]any // of the packages whose tasks are registered
}

// Claim reports whether the tasks of a package are still to be registered: they
// are once, whatever the number of muxes that its routes are on. With another
// app value it is a mistake of the program, and panics.
func (r *Runner) Claim(pkg string, app any) bool {
	g := &r.tasks
	g.mu.Lock()
	defer g.mu.Unlock()
	known, claimed := g.apps[pkg]
	switch {
	case !claimed && g.apps == nil:
		g.apps = map[string]any{}
	case claimed && known != app:
		panic("runtime: the tasks of package " + pkg + " are registered with this runner already, and with another app value: use one runner for each app value")
	}
	g.apps[pkg] = app
	return !claimed
}

// Task returns the registered task of a name, nil if there is none.
func (r *Runner) Task(name string) Callable {
	if m := r.tasks.tasks.Load(); m != nil {
		return (*m)[name]
	}
	return nil
}

// TaskNames returns the names of all registered tasks, sorted.
func (r *Runner) TaskNames() (names []string) {
	if m := r.tasks.tasks.Load(); m != nil {
		names = slices.Sorted(maps.Keys(*m))
	}
	return names
}

// Register adds a task function. A second one of the same name is a mistake of
// the program: it panics.
func (r *Runner) Register(name string, t Callable) {
	g := &r.tasks
	g.mu.Lock()
	defer g.mu.Unlock()
	tasks := map[string]Callable{name: t}
	if old := g.tasks.Load(); old != nil {
		if _, twice := (*old)[name]; twice {
			panic(fmt.Sprintf("runtime: task %s is registered twice with one runner", name))
		}
		maps.Copy(tasks, *old)
	}
	g.tasks.Store(&tasks)
}
