package runtime

import (
	"context"
	"slices"
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
	list   uint8   // of runner.accepted that holds it
	next   int32   // index of the task that runs or is to run next
	tasks  []task  // added; those that ended are zeroed
	inline [2]task // first backing array of tasks: most requests add one or two
	rare   *rare   // what few collectors have

	runner  *Runner
	handler string          // name of the handler, for reports
	values  context.Context // the request's context
	turn    turn            // of the request; zero: its end cannot be seen

	prev, succ *BackgroundTasks // in runner.accepted
	behind     *BackgroundTasks // in a batchQueue
}

// rare is what few collectors have, apart so that the others are small.
type rare struct {
	err  error            // of an Enqueue that could not be: fails the request
	late *BackgroundTasks // gets what is added when the collector has ended
	hold []func()         // run when all tasks have ended, last in, first out
}

// extra is b.rare, made if there is none. b.mu is held.
func (b *BackgroundTasks) extra() *rare {
	if b.rare == nil {
		b.rare = new(rare)
	}
	return b.rare
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
	b.add(newTask(task, opts))
}

func newTask(run func(context.Context) error, opts []TaskOption) task {
	if run == nil {
		panic("runtime: a nil func as a task")
	}
	return task{run, specWith(nil, opts)}
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

func (b *BackgroundTasks) add(t task) {
	b.mu.Lock()
	if b.stage != ended || b.runner == nil {
		b.push(t)
		b.mu.Unlock()
		return
	}
	fresh := b.addLate(t)
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
	if b.next > 0 && len(b.tasks) == cap(b.tasks) { // make room of what has ended
		n := copy(b.tasks, b.tasks[b.next:])
		clear(b.tasks[n:])
		b.tasks, b.next = b.tasks[:n], 0
	}
	b.tasks = append(b.tasks, t)
}

// addLate adds t to the batch of those that came too late for b, and returns
// that batch if it is new. b.mu is held.
func (b *BackgroundTasks) addLate(t task) (fresh *BackgroundTasks) {
	if l := b.extra().late; l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.stage != ended {
			l.push(t)
			return nil
		}
	}
	late := &BackgroundTasks{stage: started, runner: b.runner, handler: b.handler, values: b.values, turn: b.turn}
	late.push(t)
	b.rare.late = late
	return late
}

// Len is the number of tasks that have been added and have not started.
func (b *BackgroundTasks) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.tasks) - int(b.first())
}

// first is the index of the first task that has not started. b.mu is held.
func (b *BackgroundTasks) first() int32 {
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
	if b.rare != nil {
		b.rare.err = nil
	}
}

// seal ends the collecting, if there is anything to run, and reports that. An
// error is that of an Enqueue, and fails the request.
func (b *BackgroundTasks) seal() (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare != nil && b.rare.err != nil {
		return false, b.rare.err
	}
	if len(b.tasks) == 0 {
		return false, nil
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
	if b.rare != nil && b.rare.err != nil {
		return nil, b.rare.err
	}
	return tasks, nil
}

// discard drops everything: the request has failed.
func (b *BackgroundTasks) discard() { b.hand() }

// abandon drops what was accepted and cannot run any more, and names it. b.mu is
// held: a log handler does not come back to a collector.
func (b *BackgroundTasks) abandon() {
	var names []string
	for _, t := range b.tasks[b.next:] {
		names = append(names, t.name())
	}
	b.stage, b.tasks, b.next = ended, nil, 0
	b.runner.logger().Error("background tasks left: the runner has shut down", "tasks", names, "handler", b.handler)
}

// take ends the task that runs, and returns the one that is to run next. When
// there is none, or the runner's life is over, the collector has ended.
func (b *BackgroundTasks) take() (task, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy {
		b.tasks[b.next] = task{} // frees what it captured
		b.next++
	}
	b.busy = int(b.next) < len(b.tasks)
	switch {
	case !b.busy:
		b.stage = ended
		return task{}, false
	case b.runner.life.Err() != nil:
		b.busy = false
		b.abandon()
		return task{}, false
	}
	return b.tasks[b.next], true
}

// left names the tasks that have not ended, and says whether one is running.
func (b *BackgroundTasks) left() (names []string, busy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, t := range b.tasks[b.next:] {
		name := t.name()
		if b.busy && i == 0 {
			name += " (running)"
		}
		names = append(names, name)
	}
	return names, b.busy
}

// holdUntilEnd has f run when all tasks have ended.
func (b *BackgroundTasks) holdUntilEnd(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.extra().hold = append(b.rare.hold, f)
}

// letGo runs what was held until the end.
func (b *BackgroundTasks) letGo() {
	b.mu.Lock()
	var held []func()
	if b.rare != nil {
		held, b.rare.hold = b.rare.hold, nil
	}
	b.mu.Unlock()
	for _, f := range slices.Backward(held) {
		if err := catch(func() error { f(); return nil }); err != nil {
			b.runner.logger().Error("releasing panicked", "handler", b.handler, "error", err, "stack", string(err.(*PanicError).Stack))
		}
	}
}
