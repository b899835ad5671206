package runtime

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime/internal/testhook"
	"github.com/bggen/bggen/runtime/internal/watch"
)

// A Runner runs the tasks of requests in this process, with limits. The zero
// value works. Its fields are set before it is first used. While nothing runs
// it holds no goroutine.
type Runner struct {
	// Workers is the number of collectors whose tasks run at once. 0: 256.
	Workers int

	// Queue is the number of slots: of collectors that are accepted and not
	// finished, those of requests in flight among them. 0: 16384.
	Queue int

	// Wait is how long a request waits for a slot before it is answered with
	// 503. 0: one second; negative: it does not wait.
	Wait time.Duration

	// Logger gets failures and warnings. nil: slog.Default().
	Logger *slog.Logger

	// Timeout is that of each attempt of a task that has none of its own. 0:
	// none.
	Timeout time.Duration

	// OnError is called for each attempt that failed, beside the log. The error
	// of a task that panicked is a *PanicError.
	OnError func(context.Context, TaskInfo, error)

	// Around wraps each attempt, the first outermost: for tracing and metrics.
	Around []func(TaskFunc) TaskFunc

	// Engine stores portable tasks, and runs them here or in another process.
	// nil: they run in this process, and are lost with it.
	Engine Engine

	// Engines are further ones, by the name in the engine= of a task.
	Engines map[string]Engine

	// StoreOnly leaves the tasks that engines have stored to other processes.
	StoreOnly bool

	// Propagator carries what belongs to a trace from the request to a task
	// that an engine runs. nil: nothing is carried.
	Propagator Propagator

	slots    slots
	accepted accepted
	tasks    registry

	warnFlush sync.Once   // see Exchange.flush
	collects  atomic.Bool // some requests have a collector of middleware

	begin sync.Once
	life  context.Context    // of tasks; cancelled when Shutdown runs out of time
	kill  context.CancelFunc // ends life
	loop  func()             // r.work, bound once so that "go" allocates nothing

	mu       sync.Mutex
	queue    batchQueue // started, no worker has them yet
	workers  int        // goroutines, those not yet scheduled among them
	starting int        // of these, the ones not yet scheduled
	running  int        // batches that a worker has

	notDue []string // tasks that were given up, since they were not due before the deadline

	recorder  atomic.Pointer[func([]testhook.Added)] // of a test: gets what would run
	observer  atomic.Pointer[func(watch.Ended)]      // of a dashboard that somebody looks at
	keepsArgs atomic.Bool                            // of portable tasks, for a dashboard
	cancels   atomic.Bool                            // what runs, also if its id is not known yet, for a dashboard
	calls     sync.Map                               // *runningCall by id: what engines run here, while somebody observes

	ids     ids
	waiting atomic.Int64              // batches that are not due yet
	timed   atomic.Bool               // the beginnings of tasks are noted
	closing atomic.Pointer[time.Time] // the deadline of a Shutdown that has begun

	ran, failed, retried atomic.Uint64 // tasks, and attempts that were not the last
}

// init makes what the zero value lacks.
func (r *Runner) init() {
	r.begin.Do(func() {
		r.life, r.kill = context.WithCancel(context.Background())
		r.loop = r.work
		r.slots.limit = int64(or(r.Queue, 16384))
	})
}

// or is n, or what anything below one stands for.
func or(n, otherwise int) int {
	if n < 1 {
		return otherwise
	}
	return n
}

// epoch is when the clock of running tasks has begun.
var epoch = time.Now()

func now() time.Duration { return time.Since(epoch) }

func (r *Runner) wait() time.Duration {
	if r.Wait == 0 {
		return time.Second
	}
	return r.Wait
}

func (r *Runner) logger() *slog.Logger {
	if r.Logger != nil {
		return r.Logger
	}
	return slog.Default()
}

// logError logs where nobody is there to see a log handler panic.
func (r *Runner) logError(message string, attrs ...any) {
	defer func() { recover() }()
	r.logger().Error(message, attrs...)
}

// acceptLate accepts and starts tasks that were added when their collector had
// ended. They were promised to run, so there is no limit and no refusal.
func (r *Runner) acceptLate(b *BackgroundTasks) {
	r.slots.force()
	r.accepted.add(b)
	r.startAfterTurn(b)
}

// startAfterTurn starts b when its response has ended; at once where the end
// cannot be seen.
func (r *Runner) startAfterTurn(b *BackgroundTasks) {
	if b.turn.conn != nil {
		b.turn.startAfter(b)
	} else {
		r.start(b)
	}
}

// start queues b for a worker, and makes sure there is one.
func (r *Runner) start(b *BackgroundTasks) {
	if r.recording() {
		r.record(b)
		return
	}
	if len(r.Around) > 0 && b.due == 0 { // not one that was parked
		b.due = now()
	}
	r.mu.Lock()
	r.queue.push(b)
	// A goroutine that has not been scheduled yet takes one batch; more are
	// needed only for what is queued beyond these.
	spawn := r.starting < r.queue.len && r.workers < or(r.Workers, 256)
	if spawn {
		r.workers++
		r.starting++
	}
	r.mu.Unlock()
	if spawn {
		go r.loop()
	}
}

// work is a worker: it runs batches until none is queued.
func (r *Runner) work() {
	r.mu.Lock()
	r.starting--
	r.drain(r.pop())
}

// pop takes a batch off the queue; a worker for which there is none goes home.
// r.mu is held before, and released.
func (r *Runner) pop() *BackgroundTasks {
	b := r.queue.pop()
	if b != nil {
		r.running++
	} else {
		r.workers--
	}
	r.mu.Unlock()
	return b
}

// drain runs b, and what is queued after it, until there is nothing.
func (r *Runner) drain(b *BackgroundTasks) {
	for b != nil {
		over, rare := r.runAll(b)
		if over {
			r.accepted.remove(b)
		}
		if over && rare {
			b.letGo()
		}
		r.mu.Lock()
		r.running--
		b = r.pop()
		if over {
			r.slots.release()
		}
	}
}

// runAll runs the tasks of b, and reports whether all have ended, or else b is
// parked; and whether b has something rare. When one of them ends its goroutine (runtime.Goexit, as
// testing.T.FailNow does), another goroutine goes on.
func (r *Runner) runAll(b *BackgroundTasks) (over, rare bool) {
	returned := false
	defer func() {
		if !returned {
			go r.drain(b)
		}
	}()
	for {
		t := b.take()
		if t.vacant != nil {
			t.vacant.leave()
		}
		for _, child := range t.left {
			r.startChild(child)
		}
		if len(t.lost) > 0 {
			r.logError("background tasks left: the runner has shut down", "tasks", t.lost, "handler", b.handler)
		}
		if !t.ok {
			returned = true
			return true, t.rare
		}
		if t.spec != nil && t.spec.kind != nil && !t.placed && !t.spec.kind.enter(b) {
			returned = true
			return false, false
		}
		r.attempt(b, t)
	}
}

// batchQueue is a queue of batches, linked through their field behind.
type batchQueue struct {
	first, last *BackgroundTasks
	len         int
}

func (q *batchQueue) push(b *BackgroundTasks) {
	if q.last == nil {
		q.first = b
	} else {
		q.last.behind = b
	}
	q.last = b
	q.len++
}

func (q *batchQueue) pop() *BackgroundTasks {
	b := q.first
	if b == nil {
		return nil
	}
	q.first, b.behind = b.behind, nil
	if q.first == nil {
		q.last = nil
	}
	q.len--
	return b
}
