package runtime

import (
	"context"
	"sync"
)

// BackgroundTasks collects the tasks of one request: they run after the
// response, one after the other, in the order in which they were added. Every
// handler and provider of a request is given the same collector.
//
// It may be used from several goroutines. The zero value collects and runs
// nothing, which is what unit tests of handlers need.
type BackgroundTasks struct {
	mu     sync.Mutex
	stage  stage
	busy   bool    // tasks[next] is running
	next   int     // index of the task that runs or is to run next
	tasks  []task  // added; those that ended are zeroed
	inline [2]task // first backing array of tasks: most requests add one or two
	err    error   // of an Enqueue that could not be: fails the request

	runner  *Runner
	handler string           // name of the handler, for reports
	values  context.Context  // the request's context
	late    *BackgroundTasks // gets what is added when this one has ended

	prev, succ *BackgroundTasks // in runner.accepted, guarded by runner.mu
	behind     *BackgroundTasks // in a batchQueue
}

// A stage of a collector's life. Tasks added while it is collecting or started
// join the line; once it has ended they begin a new one.
type stage uint8

const (
	collecting stage = iota
	started          // accepted by the runner: waits or runs
	ended            // the request failed, or everything ran
)

type task struct {
	run  func(context.Context) error
	spec *taskSpec // nil: a closure without options
}

// taskSpec is what options say of a task.
type taskSpec struct {
	name string
}

// A TaskOption changes how one task is run or reported.
type TaskOption func(*taskSpec)

// Named names a task in reports. A closure without a name is reported by the
// file and line where it is written.
func Named(name string) TaskOption {
	return func(s *taskSpec) { s.name = name }
}

// Add has task run after the response. Its context keeps the values of the
// request's context and not its cancellation; it is cancelled when a
// [Runner.Shutdown] runs out of time. An error or a panic is reported, and
// stops nothing else.
//
// A task may add tasks: they run last. Tasks that are added when all others
// have ended run as a new batch.
func (b *BackgroundTasks) Add(task func(context.Context) error, opts ...TaskOption) {
	b.add(task, specWith(nil, opts))
}

// specWith is base changed by opts. Without options it is base itself.
func specWith(base *taskSpec, opts []TaskOption) *taskSpec {
	if len(opts) == 0 {
		return base
	}
	spec := new(taskSpec)
	if base != nil {
		*spec = *base
	}
	for _, opt := range opts {
		opt(spec)
	}
	return spec
}

func (b *BackgroundTasks) add(run func(context.Context) error, spec *taskSpec) {
	if run == nil {
		panic("runtime: BackgroundTasks.Add of a nil func")
	}
	b.mu.Lock()
	if b.stage != ended || b.runner == nil {
		b.push(task{run, spec})
		b.mu.Unlock()
		return
	}
	fresh := b.addLate(task{run, spec})
	b.mu.Unlock()
	if fresh != nil {
		b.runner.acceptLate(fresh)
	}
}

// push appends t. b.mu is held.
func (b *BackgroundTasks) push(t task) {
	if b.tasks == nil {
		b.tasks = b.inline[:0]
	}
	b.tasks = append(b.tasks, t)
}

// addLate adds t to the batch of those that came too late for b, and returns
// that batch if it is new. b.mu is held.
func (b *BackgroundTasks) addLate(t task) (fresh *BackgroundTasks) {
	if l := b.late; l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.stage != ended {
			l.push(t)
			return nil
		}
	}
	b.late = &BackgroundTasks{stage: started, runner: b.runner, handler: b.handler, values: b.values}
	b.late.push(t)
	return b.late
}

// Len is the number of tasks that have been added and have not started.
func (b *BackgroundTasks) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.tasks) - b.first()
}

// first is the index of the first task that has not started. b.mu is held.
func (b *BackgroundTasks) first() int {
	if b.busy {
		return b.next + 1
	}
	return b.next
}

// Clear discards the tasks that have not started.
func (b *BackgroundTasks) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	first := b.first()
	clear(b.tasks[first:])
	b.tasks = b.tasks[:first]
	b.err = nil
}

// seal ends the collecting: it reports whether there is anything to run. An
// error is that of an Enqueue, and fails the request.
func (b *BackgroundTasks) seal() (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil || len(b.tasks) == 0 {
		b.stage = ended
		return false, b.err
	}
	b.stage = started
	return true, nil
}

// hand ends the collecting too, for somebody else to run what there is.
func (b *BackgroundTasks) hand() ([]task, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	tasks := b.tasks
	b.stage, b.tasks = ended, nil
	if b.err != nil {
		return nil, b.err
	}
	return tasks, nil
}

// discard drops everything: the request has failed.
func (b *BackgroundTasks) discard() {
	b.Clear()
	b.mu.Lock()
	b.stage = ended
	b.mu.Unlock()
}

// take ends the task that runs, and returns the one that is to run next. When
// there is none, the collector has ended.
func (b *BackgroundTasks) take() (task, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy {
		b.tasks[b.next] = task{} // frees what it captured
		b.next++
	}
	if b.busy = b.next < len(b.tasks); !b.busy {
		b.stage = ended
		b.tasks, b.next = nil, 0
		return task{}, false
	}
	return b.tasks[b.next], true
}

// left names the tasks that have not ended, the running one first.
func (b *BackgroundTasks) left() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for i, t := range b.tasks[b.next:] {
		name := t.name()
		if b.busy && i == 0 {
			name += " (running)"
		}
		names = append(names, name)
	}
	return names
}
