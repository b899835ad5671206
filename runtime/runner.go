package runtime

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
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

	// OnError is called for each task that failed, beside the log. The error
	// of a task that panicked is a *PanicError.
	OnError func(context.Context, TaskInfo, error)

	slots    slots
	accepted accepted
	tasks    registry

	warnFlush sync.Once // see Exchange.flush

	begin sync.Once
	life  context.Context    // of tasks; cancelled when Shutdown runs out of time
	kill  context.CancelFunc // ends life
	loop  func()             // r.work, bound once so that "go" allocates nothing

	mu       sync.Mutex
	queue    batchQueue // started, no worker has them yet
	workers  int        // goroutines, those not yet scheduled among them
	starting int        // of these, the ones not yet scheduled
	running  int        // batches that a worker has

	ran, failed atomic.Uint64 // tasks
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

func (r *Runner) drain(b *BackgroundTasks) {
	for b != nil {
		r.runAll(b)
		b.letGo()
		r.accepted.remove(b)
		r.mu.Lock()
		r.running--
		b = r.pop()
		r.slots.release()
	}
}

// runAll runs the tasks of b. When one of them ends its goroutine
// (runtime.Goexit, as testing.T.FailNow does), another goroutine goes on.
func (r *Runner) runAll(b *BackgroundTasks) {
	returned := false
	defer func() {
		if !returned {
			go r.drain(b)
		}
	}()
	for t, ok := b.take(); ok; t, ok = b.take() {
		r.runTask(b, t)
	}
	returned = true
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
