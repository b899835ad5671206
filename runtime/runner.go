package runtime

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A Runner runs the tasks of requests in this process, with limits. The zero
// value works. Set its fields before the first request: later changes are not
// seen. While nothing runs it holds no goroutine.
type Runner struct {
	// Workers is how many requests may have their tasks running at once. 0: 256.
	Workers int

	// Queue is the number of slots. A request that may add tasks takes one, and
	// gives it back when its tasks have ended. 0: 16384.
	Queue int

	// Delayed is how many tasks may wait for their time, or for another attempt.
	// They are counted apart from the Queue, so that a mail server which is down
	// keeps no request out. While there are more, requests find no slot. 0: 1<<20.
	Delayed int

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
	Engine engine.Engine

	// Engines are further ones, by the name in the engine= of a task.
	Engines map[string]engine.Engine

	// StoreOnly leaves the tasks that engines have stored to other processes.
	StoreOnly bool

	// Propagator carries what belongs to a trace from the request to a task
	// that an engine runs. nil: nothing is carried.
	Propagator Propagator

	core core.Runner
}

// A TaskFunc is a task, as Runner.Around sees it. [InfoOf] its context says
// which task it is.
type TaskFunc func(context.Context) error

// A Propagator carries what belongs to a trace from one process to another.
type Propagator interface {
	Inject(context.Context) map[string]string
	Extract(context.Context, map[string]string) context.Context
}

// Core is for the packages beside this one, such as adapter and bgtest. Programs
// have no use for it: nobody else can name what it returns.
func (r *Runner) Core() *core.Runner {
	r.core.From((*config)(r))
	return &r.core
}

// config is a Runner that is asked for its fields.
type config Runner

func (r *config) Config() core.Config {
	c := core.Config{
		Workers: r.Workers, Queue: r.Queue, Delayed: r.Delayed, Wait: r.Wait, Timeout: r.Timeout, Logger: r.Logger,
		Engine: r.Engine, Engines: r.Engines, Propagator: r.Propagator,
	}
	if f := r.OnError; f != nil {
		c.OnError = func(ctx context.Context, info core.Info, err error) { f(ctx, TaskInfo(info), err) }
	}
	for _, wrap := range r.Around {
		c.Around = append(c.Around, func(run func(context.Context) error) func(context.Context) error { return wrap(run) })
	}
	return c
}

// Do runs f, which may add tasks, as a handler does: for work that begins
// without a request, by a clock or a message. When f succeeds, its tasks are
// accepted, and run when Do returns; when it fails or panics they are dropped,
// as after a request. It waits for room as a request does.
func (r *Runner) Do(ctx context.Context, f func(*BackgroundTasks) error) error {
	return r.Core().Do(ctx, func(u *core.Unit) error { return f((*BackgroundTasks)(u)) })
}

// Attach lets the tasks of the server's HTTP/1 requests start at the moment
// their connection turns idle, is closed or was hijacked: that is after the
// last byte of the response, with nothing changed on the wire. Call it before
// the server serves, and after setting ConnContext or ConnState, which are
// chained into. [Serve] calls it.
//
// Without it, and in HTTP/2, the generated adapters flush the response first.
func (r *Runner) Attach(server *http.Server) { r.Core().Attach(server) }

// RunCall runs a call that an engine has stored, once. Engines are given it by
// [engine.Worker]; call it in the test of one. A panic is returned as a
// *PanicError. Where no such task is registered the error is
// [engine.ErrUnknownTask]; where its arguments cannot be read it is [Permanent].
func (r *Runner) RunCall(ctx context.Context, c engine.Call) error { return r.Core().RunCall(ctx, c) }
