package runtime

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/internal/watch"
)

func init() {
	watch.Tasks = func(r any, most int, named bool) ([]watch.Task, map[string]int) {
		return r.(*Runner).watched(most, named)
	}
	watch.Observe = func(r any, f func(watch.Ended)) { r.(*Runner).observe(f) }
	watch.KeepArgs = func(r any) { r.(*Runner).keepsArgs.Store(true) }
	watch.Cancels = func(r any) { r.(*Runner).cancels.Store(true) }
	watch.Failed = failedTask
}

func (r *Runner) observe(f func(watch.Ended)) {
	r.init()
	if f == nil {
		r.observer.Store(nil)
		r.timed.Store(false)
		if r.closing.Load() != nil {
			r.timed.Store(true) // a Shutdown wants it too
		}
		return
	}
	r.observer.Store(&f)
	r.timed.Store(true)
}

// observed tells who observes of an attempt that has ended.
func (r *Runner) observed(name string, took time.Duration, err error) {
	if f := r.observer.Load(); f != nil {
		(*f)(watch.Ended{Name: name, Took: took, Err: err})
	}
}

// A seen is a task that has not ended, and where it is.
type seen struct {
	watch.Task
	batch *BackgroundTasks // nil: an engine has it
	n     int32
}

// watched is the tasks that have not ended, most of each state at most.
func (r *Runner) watched(most int, named bool) (list []watch.Task, more map[string]int) {
	var all []seen
	for _, b := range slices.Backward(r.accepted.all()) {
		all = append(all, b.watched()...)
	}
	r.calls.Range(func(_, c any) bool {
		all = append(all, seen{Task: c.(*runningCall).watched()})
		return true
	})
	slices.SortStableFunc(all, func(a, b seen) int {
		return cmp.Or(cmp.Compare(b.Age, a.Age), a.Due.Compare(b.Due))
	})
	listed, more := map[string]int{}, map[string]int{}
	for _, s := range all {
		if listed[s.State] == most {
			more[s.State]++
			continue
		}
		listed[s.State]++
		if named && s.batch != nil {
			s.ID = s.batch.nameID(s.n)
		}
		list = append(list, s.Task)
	}
	return list, more
}

// watched is the tasks of b that have not ended.
func (b *BackgroundTasks) watched() (list []seen) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := b.next; int(i) < len(b.tasks); i++ {
		if t := b.tasks[i]; t.run != nil {
			list = append(list, seen{b.watchedTask(i), b, i + b.shift()})
		}
	}
	return list
}

// shift is how many tasks were moved out of the slice. b.mu is held.
func (b *BackgroundTasks) shift() int32 {
	if b.rare == nil {
		return 0
	}
	return b.rare.gone
}

// watchedTask is the task at an index. b.mu is held.
func (b *BackgroundTasks) watchedTask(i int32) watch.Task {
	info := b.tasks[i].info(b)
	t := watch.Task{Name: info.Name, Handler: info.Handler, Attempt: info.Attempt, State: "queued"}
	if b.rare != nil {
		t.Args = b.rare.args[i+b.rare.gone]
		if b.rare.timer != nil && b.stage == sealed {
			t.State, t.Due = "delayed", b.rare.due
		}
	}
	if i == b.next && b.busy && !b.parked {
		t.State = "running"
		if b.began != 0 {
			t.Age, t.Older = now()-b.began, b.rare != nil && b.rare.older
		}
	}
	return t
}

// failedTask is the task that runs with ctx.
func failedTask(ctx context.Context) (watch.Task, func()) {
	b := FromContext(ctx)
	if b == nil {
		return watch.Task{}, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.busy || int(b.next) >= len(b.tasks) || b.tasks[b.next].run == nil {
		return watch.Task{}, nil
	}
	t := b.tasks[b.next]
	info := b.watchedTask(b.next)
	info.State = "failed"
	args := info.Args
	runner, handler, values := b.runner, b.handler, b.values
	return info, func() {
		spec := t.spec.clone()
		spec.attempt = 0
		again := &BackgroundTasks{stage: sealed, runner: runner, handler: handler, values: values}
		again.tasks = append(again.inline[:0], task{t.run, spec})
		if spec.name == "" {
			spec.name = info.Name
		}
		if args != nil {
			again.rare = &rare{args: map[int32]any{0: args}}
		}
		runner.acceptLate(again)
	}
}

// A runningCall is a call of an engine that runs in this process.
type runningCall struct {
	Call
	attempt int
	began   time.Duration
}

func (c *runningCall) watched() watch.Task {
	return watch.Task{ID: c.ID, Name: c.Name, Handler: c.Meta[MetaHandler], State: "running", Attempt: c.attempt, Age: now() - c.began}
}
