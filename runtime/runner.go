package runtime

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A Runner runs the tasks of requests, within limits. Its zero value works.
//
// Set the fields before the runner is used for the first time: it reads them once, when
// the first request comes, or Do, Serve, Work or the like is called. A runner that has
// nothing to do holds no goroutine.
type Runner struct {
	// Workers is how many requests may have their tasks running at the same time. 0
	// means 256.
	Workers int

	// Queue is how many requests the runner has room for. A request that may add
	// tasks takes one place when its guards have let it in and its values fit. It
	// gives the place back when its tasks have ended. 0 means 16384.
	Queue int

	// Delayed is how many tasks may wait for their time or for another attempt. They
	// take no place in the Queue: a mail server that is down keeps no request out.
	// While more tasks wait, no request finds a place. 0 means 1<<20.
	Delayed int

	// Wait is how long a request waits for a place before it is answered with 503. 0
	// means one second; a request does not wait if it is negative.
	Wait time.Duration

	// Logger is told of failures, and of mistakes in the setup. nil means
	// slog.Default().
	Logger *slog.Logger

	// Timeout ends the context of each attempt of a task that has no [Timeout] of its
	// own. 0 means never.
	Timeout time.Duration

	// OnError is called for each attempt that fails, after it has been logged. The
	// error of a task that panicked is a *PanicError.
	OnError func(context.Context, TaskInfo, error)

	// Around are functions that wrap each attempt of a task, for tracing and metrics.
	// The first one is the outermost.
	Around []func(TaskFunc) TaskFunc

	// Engine stores the tasks that are written as functions with //bggen:task, and
	// runs them in this or in another process. Without one they run in this process
	// and are lost when it crashes.
	Engine engine.Engine

	// Engines are further engines, by the name that a task has in engine=.
	Engines map[string]engine.Engine

	// StoreOnly makes Serve run none of the tasks that the engines have stored, and
	// start no periodic task: other processes do.
	StoreOnly bool

	// Grace is the time in which Serve and Work end, after they have been told to: the
	// requests in flight finish and the tasks run. 0 means 25 seconds. In Kubernetes,
	// terminationGracePeriodSeconds has to be longer than Linger and Grace together.
	Grace time.Duration

	// Linger is how long Serve goes on accepting requests after it has been told to
	// end, with [Runner.Ready] failing: load balancers need a while to notice. It
	// comes before Grace. 0 means that it stops at once.
	Linger time.Duration

	// Propagator carries the identity of a trace from a request to the tasks that an
	// engine runs for it. nil means that nothing is carried.
	Propagator Propagator

	core core.Runner
}

// A TaskFunc is one attempt of a task, as the functions in Runner.Around see it. They
// learn from [InfoOf] which task it is.
type TaskFunc func(context.Context) error

// A Propagator carries the identity of a trace from one process to another. Inject
// returns what is to be carried, and Extract returns a context that has it again.
type Propagator interface {
	Inject(context.Context) map[string]string
	Extract(context.Context, map[string]string) context.Context
}

// Core is for the packages that belong to this one, such as runtime/adapter. Programs
// cannot use what it returns.
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

// Do calls f, which may add tasks. It is for work that does not begin with a request:
// with a clock, say, or with a message. When f returns nil its tasks run, beginning when
// Do returns. When f fails or panics they are dropped. Do returns the error of f, or one
// that says why the tasks were not accepted. Like a request, it waits for a place in the
// Queue first.
func (r *Runner) Do(ctx context.Context, f func(*BackgroundTasks) error) error {
	return r.Core().Do(ctx, func(u *core.Unit) error { return f((*BackgroundTasks)(u)) })
}

// Attach makes the tasks of the server's HTTP/1 requests start when their connection
// becomes idle, is closed or is hijacked. That is after the last byte of the response,
// and changes no byte of it. Call Attach before the server serves and after you have set
// its ConnContext and ConnState, which go on being called. [Serve] calls Attach.
//
// Without it, and in HTTP/2, the response is flushed before the tasks start. In HTTP/2
// that is a moment before it is written to the connection, unless [Serve] or
// [ServeListener] serves: tasks wait for that moment.
func (r *Runner) Attach(server *http.Server) { r.Core().Attach(server) }

// RunCall makes one attempt of a call that an engine has stored. An engine is given this
// function by its method Work; programs call it in tests of engines only. A panic of the
// task is returned as a *PanicError. The error is [engine.ErrUnknownTask] if the task is
// not registered, and marked as [Permanent] if its arguments do not fit the task.
func (r *Runner) RunCall(ctx context.Context, c engine.Call) error { return r.Core().RunCall(ctx, c) }
