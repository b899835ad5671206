package core

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A Config is what the fields of a runtime.Runner say.
type Config struct {
	Workers    int
	Queue      int
	Delayed    int
	Wait       time.Duration
	Logger     *slog.Logger
	Timeout    time.Duration
	OnError    func(context.Context, Info, error)
	Around     []func(func(context.Context) error) func(context.Context) error
	Engine     engine.Engine
	Engines    map[string]engine.Engine
	Propagator Propagator
}

// A Propagator carries what belongs to a trace from one process to another.
type Propagator interface {
	Inject(context.Context) map[string]string
	Extract(context.Context, map[string]string) context.Context
}

// A Source is asked for its Config when the runner is first used.
type Source interface{ Config() Config }

// A Runner runs the tasks of units of work in this process, with limits. The zero
// value works. While nothing runs it holds no goroutine.
type Runner struct {
	Config
	source  Source
	sourced sync.Once

	slots    slots
	accepted accepted
	tasks    registry

	periodics periodics

	warnFlush sync.Once   // see Exchange.flush
	collects  atomic.Bool // some requests have a unit of middleware

	begin sync.Once
	life  context.Context    // of tasks; cancelled when Shutdown runs out of time
	kill  context.CancelFunc // ends life
	loop  func()             // r.work, bound once so that "go" allocates nothing

	mu       sync.Mutex
	queue    unitQueue // started, no worker has them yet
	workers  int       // goroutines, those not yet scheduled among them
	starting int       // of these, the ones not yet scheduled
	running  int       // units that a worker has

	notDue []Left // tasks that were given up, since they were not due before the deadline

	onFailure atomic.Pointer[func(Info, error)] // of a test
	recorder  atomic.Pointer[func([]Added)]     // of a test: gets what would run
	keepsArgs atomic.Bool                       // of portable tasks, for a dashboard
	calls     sync.Map                          // *runningCall by id: what engines run here

	clock    coarseClock
	meter    meter
	ids      ids
	ending   atomic.Pointer[chan struct{}] // see Draining
	drained  sync.Once
	isEnding atomic.Bool               // see End
	closing  atomic.Pointer[time.Time] // the deadline of a Shutdown that has begun

	ran, failed, retried atomic.Uint64 // tasks, and attempts that were not the last
	skipped              atomic.Uint64 // runs of periodic tasks
}

// From has the runner ask source for its Config, unless it has a source.
func (r *Runner) From(source Source) {
	r.sourced.Do(func() { r.source = source })
}

// init makes what the zero value lacks.
func (r *Runner) init() {
	r.begin.Do(func() {
		if r.source != nil {
			r.Config = r.source.Config()
		}
		r.life, r.kill = context.WithCancel(context.Background())
		r.loop = r.work
		r.slots.limit, r.slots.most = int64(or(r.Queue, 16384)), int64(or(r.Delayed, 1<<20))
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

// Log is where the runner logs.
func (r *Runner) Log() *slog.Logger {
	r.init()
	if r.Logger != nil {
		return r.Logger
	}
	return slog.Default()
}

// LogError logs where nobody is there to see a log handler panic.
func (r *Runner) LogError(message string, attrs ...any) {
	defer func() { recover() }()
	r.Log().Error(message, attrs...)
}

// acceptLate accepts and starts tasks that were added when their unit had
// ended. They were promised to run, so there is no limit and no refusal.
func (r *Runner) acceptLate(b *Unit) {
	r.slots.force()
	r.accepted.add(b)
	r.startAfterTurn(b)
}

// startAfterTurn starts b when its response has ended; at once where the end
// cannot be seen.
func (r *Runner) startAfterTurn(b *Unit) {
	if b.turn.conn != nil {
		b.turn.startAfter(b)
	} else {
		r.start(b)
	}
}

// start queues b for a worker, and makes sure there is one.
func (r *Runner) start(b *Unit) {
	if r.recording() {
		r.record(b)
		return
	}
	if len(r.Around) > 0 && b.due == 0 { // not one that was parked
		b.due = now()
	}
	r.mu.Lock()
	r.queue.push(b)
	// A goroutine that has not been scheduled yet takes one unit; more are
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

// work is a worker: it runs units until none is queued.
func (r *Runner) work() {
	r.mu.Lock()
	r.starting--
	r.drain(r.popAndUnlock())
}

// popAndUnlock takes a unit off the queue; a worker for which there is none goes home.
// r.mu is held before, and released.
func (r *Runner) popAndUnlock() *Unit {
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
func (r *Runner) drain(b *Unit) {
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
		b = r.popAndUnlock()
		if over {
			r.slots.release()
		}
	}
}

// runAll runs the tasks of b, and reports whether all have ended, or else b is
// parked; and whether b has something rare. When one of them ends its goroutine
// (runtime.Goexit, as testing.T.FailNow does), another goroutine goes on.
func (r *Runner) runAll(b *Unit) (over, rare bool) {
	returned := false
	defer func() {
		if !returned {
			go r.drain(b)
		}
	}()
	for {
		t := b.nextStep()
		if t.vacant != nil {
			t.vacant.leave()
		}
		if t.aside != nil {
			r.putAside(b, t.aside)
		}
		if !t.ok {
			returned = true
			return true, t.rare
		}
		if t.spec != nil && t.spec.Kind != nil && !t.placed && !t.spec.Kind.enter(b) {
			returned = true
			return false, false
		}
		r.attempt(b, t.Task)
	}
}

func (r *Runner) putAside(b *Unit, a *aside) {
	for _, child := range a.left {
		r.startChild(child)
	}
	if len(a.lost) > 0 && !b.isNamed() { // or else Shutdown says it
		r.LogError("background tasks left: the runner has shut down", "tasks", a.lost, "handler", b.handler)
	}
}

// unitQueue is a queue of units, linked through their field behind.
type unitQueue struct {
	first, last *Unit
	len         int
}

func (q *unitQueue) push(b *Unit) {
	if q.last == nil {
		q.first = b
	} else {
		q.last.behind = b
	}
	q.last = b
	q.len++
}

func (q *unitQueue) pop() *Unit {
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

// flushed says, once, that a writer cannot flush.
func (r *Runner) flushed(err error, w http.ResponseWriter, handler string) {
	if errors.Is(err, http.ErrNotSupported) {
		r.warnFlush.Do(func() {
			r.Log().Warn("the response cannot be flushed, so tasks may start before its end: in HTTP/1, "+
				"serve with runtime.Serve, or add runner.Attach(server)", "handler", handler, "writer", fmt.Sprintf("%T", w))
		})
	}
}
