package core

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A Unit collects the tasks of one request, and runs them.
type Unit struct {
	mu     sync.Mutex
	stage  stage
	busy   bool          // tasks[next] is running
	parked bool          // tasks[next] waits for others of its kind
	list   uint8         // of runner.accepted that holds it
	next   int32         // index of the task that runs or is to run next
	tasks  []task        // added; those that ended are zeroed
	inline [2]task       // first backing array of tasks: most requests add one or two
	rare   *rare         // what few collectors have
	began  time.Duration // of the task that runs, on the clock of now; 0: nobody wanted to know
	due    time.Duration // when it was queued for a worker, likewise

	runner  *Runner
	handler string          // name of the handler, for reports
	values  context.Context // the request's context
	turn    Turn            // of the request; zero: its end cannot be seen

	prev, succ *Unit // in runner.accepted
	behind     *Unit // in a unitQueue
}

// rare is what few collectors have, apart so that the others are small.
type rare struct {
	err   error    // of an Enqueue that could not be: fails the request
	late  *Unit    // gets what is added when the collector has ended
	hold  []func() // run when all tasks have ended, last in, first out
	over  bool     // they have run
	named bool     // Shutdown has named what is in it
	older bool     // the task that runs began before began

	calls    []engineCall // for engines
	leaving  int          // tasks that do not wait in the line, and are still in it
	selected bool         // tasks were taken out that run after other requests
	stop     bool         // after the first task that fails
	joined   bool         // by Collect: adapters add to it, and do not end it

	args   map[int32]any           // of portable tasks, in tests
	gone   int32                   // tasks that have ended and were moved out of the slice
	added  map[int32]time.Duration // those that came while others ran, on the clock of now
	ids    map[int32]string
	ended  map[int32]outcome  // but done, in their turn
	moved  map[int32]ID       // those that have left the line, and have not ended
	apart  int32              // tasks that were never in the line: their numbers are negative
	own    context.Context    // of the task that runs, which Cancel ends; nil: it has none
	cancel context.CancelFunc // of own
	asked  bool               // that task: it may know when the life of the runner ends, and has no context of its own
	again  bool               // that task: it is to be tried again, elsewhere

	afterFailure bool // the request has failed

	from     ID           // the task of a request's line that this one was made for; its batch is that of the request
	children atomic.Int32 // that have left and are not over
	due      time.Time
	timer    *time.Timer
}

// extra is b.rare, made if there is none. b.mu is held.
func (b *Unit) extra() *rare {
	if b.rare == nil {
		b.rare = &rare{asked: b.busy && !b.runner.cancels.Load()}
	}
	return b.rare
}

// A stage of a collector's life. Tasks added before it has ended join the line;
// those that come later begin a new one.
type stage uint8

const (
	collecting stage = iota
	stored           // the calls of engines were taken: those that come now are stored at once
	sealed           // accepted by the runner: waits for the end of the response, or for a worker
	started          // a worker has it
	ended            // the request failed, or everything ran
)

type task struct {
	run  func(context.Context) error
	spec *Spec // nil: a closure without options
}

// Task is a task that can be added.
type Task = task

// NewTask returns the task that calls run.
func NewTask[O ~func(*Spec)](run func(context.Context) error, opts []O) Task {
	if run == nil {
		panic("runtime: a nil func as a task")
	}
	return task{run, SpecWith(nil, opts)}
}

// Add adds a task to the line.
func (b *Unit) Add(t Task) { b.add(t) }

func (b *Unit) add(t task) ID {
	b.mu.Lock()
	switch {
	case b.runner == nil || b.stage < sealed:
	case b.tooLateFor(t):
		b.mu.Unlock()
		return ID{}
	case b.stage == ended:
		return b.addLate(t)
	case b.stage == started && t.spec.leavesLine():
		x := b.extra()
		x.apart--
		id := ID{batch: b, n: x.apart}
		child := b.detach(t, id.n)
		b.mu.Unlock()
		b.runner.startChild(child)
		return id
	}
	defer b.mu.Unlock()
	return ID{batch: b, n: b.push(t)}
}

// tooLateFor reports whether t is for a request that fails, and this one has
// not. b.mu is held.
func (b *Unit) tooLateFor(t task) bool {
	return t.spec != nil && t.spec.When == AfterFailure && (b.rare == nil || !b.rare.afterFailure)
}

// push appends t, and returns its number in the line. b.mu is held.
func (b *Unit) push(t task) int32 {
	if b.tasks == nil {
		b.tasks = b.inline[:0]
	}
	if b.next > 0 && len(b.tasks) == cap(b.tasks) { // make room of what has ended
		n := copy(b.tasks, b.tasks[b.next:])
		clear(b.tasks[n:])
		b.extra().gone += b.next
		b.tasks, b.next = b.tasks[:n], 0
	}
	b.tasks = append(b.tasks, t)
	if t.spec.leavesLine() {
		b.extra().leaving++
	}
	if t.spec != nil && t.spec.When != AfterSuccess {
		b.extra().selected = true
	}
	n := int32(len(b.tasks) - 1)
	if b.rare != nil {
		n += b.rare.gone
	}
	if b.stage == started && b.due != 0 {
		b.noteAdded(n)
	}
	return n
}

// noteAdded notes when task n came. b.mu is held.
func (b *Unit) noteAdded(n int32) {
	x := b.extra()
	if x.added == nil {
		x.added = map[int32]time.Duration{}
	}
	x.added[n] = now()
}

// addLate adds t to the batch of those that came too late for b, which is a new
// one if there is none that still runs. b.mu is held, and released.
func (b *Unit) addLate(t task) ID {
	if late := b.extra().late; late != nil && !late.isOver() {
		b.mu.Unlock()
		return late.add(t)
	}
	late := &Unit{stage: sealed, runner: b.runner, handler: b.handler, values: b.values, turn: b.turn}
	if b.rare.afterFailure {
		late.extra().afterFailure = true
	}
	id := ID{batch: late, n: late.push(t)}
	b.rare.late = late
	b.mu.Unlock()
	b.runner.acceptLate(late)
	return id
}

// isOver reports whether the tasks of b have ended.
func (b *Unit) isOver() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stage == ended
}

// Len is the number of tasks that have been added and have not started.
func (b *Unit) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, t := range b.tasks[b.first():] {
		if t.run != nil {
			n++
		}
	}
	if b.rare != nil {
		n += len(b.rare.calls)
	}
	return n
}

// first is the index of the first task that has not started. b.mu is held.
func (b *Unit) first() int32 {
	if b.busy && !b.parked {
		return b.next + 1
	}
	return b.next
}

// Clear discards the tasks that have not started.
func (b *Unit) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(func(task) bool { return true })
	if b.rare != nil {
		b.rare.err, b.rare.calls = nil, nil
	}
}

// StopOnFailure has the first task that fails, in all its attempts, drop those
// after it, as Starlette does.
func (b *Unit) StopOnFailure() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.extra().stop = true
}

// HoldUntilEnd has f run when all tasks have ended.
func (b *Unit) HoldUntilEnd(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.extra().hold = append(b.rare.hold, f)
}
