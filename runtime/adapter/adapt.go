package adapter

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
	"github.com/bggen/bggen/runtime/internal/option"
)

// New returns the http.Handler around a handler that adds no tasks. The name is
// the handler's, with its package, for reports. serve goes through one request.
func New(name string, runner *runtime.Runner, opts []runtime.Option, serve func(*Exchange) error) http.Handler {
	return newAdapter(name, runner, opts, serve)
}

// NewWithTasks returns the http.Handler around a handler that may add tasks,
// itself or through what it depends on. Unlike with [New], serve calls
// [Exchange.Ready] before it asks for the collector.
func NewWithTasks(name string, runner *runtime.Runner, opts []runtime.Option, serve func(*Exchange) error) http.Handler {
	a := newAdapter(name, runner, opts, serve)
	a.tasks = true
	return a
}

func newAdapter(name string, runner *runtime.Runner, opts []runtime.Option, serve func(*Exchange) error) *adapter {
	a := &adapter{name: name, runner: runner, core: runner.Core(), serve: serve}
	for _, opt := range opts {
		if o, ok := opt.(interface{ Apply(*option.Settings) }); ok { // or else the Overrides of some package
			o.Apply(&a.Settings)
		}
	}
	return a
}

// Find returns the last option of type T, which is the Overrides of a package.
// If there is none it returns the zero value, which overrides nothing.
func Find[T runtime.Option](opts []runtime.Option) *T {
	var found T
	for _, opt := range opts {
		switch opt := any(opt).(type) {
		case T:
			found = opt
		case *T:
			found = *opt
		}
	}
	return &found
}

type adapter struct {
	name      string
	runner    *runtime.Runner
	core      *core.Runner // of runner
	tasks     bool
	serve     func(*Exchange) error
	unset     sync.Once // the warning about a wildcard
	unflushed sync.Once // the one about a sequence
	option.Settings
}

// ServeHTTP goes through the life of one request.
func (a *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchanges.Get().(*Exchange)
	x.adapter, x.w, x.r = a, w, r
	if a.tasks {
		x.turn = core.TurnOf(r) // now: while it waits for a slot, somebody else may answer
	}
	x.serve()
	x.free() // not after a panic: whoever caught it may still look at the request
}

// exchanges holds Exchanges that are not in use. Only generated code sees one,
// and it keeps none.
var exchanges = sync.Pool{New: func() any { return new(Exchange) }}

// Ready returns the error of [Exchange.Bound]. If there is none, it takes a
// place of the runner for the tasks of the request, unless middleware has taken
// one already, and fails if there is none within Runner.Wait. A second call
// takes no second place.
func (x *Exchange) Ready() (err error) {
	if err := x.Bound(); err != nil || x.unit != nil {
		return err
	}
	runner := x.adapter.core
	if x.unit = runner.Joined(x.r.Context(), x.adapter.name); x.unit != nil {
		x.joined = true
		return nil
	}
	x.unit, err = runner.Begin(x.r.Context(), x.adapter.name, x.turn)
	if err != nil {
		x.full = true
		return runtime.Unavailable(core.NoRoom(err), err)
	}
	return nil
}

// collector is the collector of the request, which takes a place if there is none yet.
func (x *Exchange) collector() (*runtime.BackgroundTasks, error) {
	err := x.Ready()
	return x.Tasks(), err
}

// serve goes through the life of the request. Its unit of work is nil while it has
// not asked for one.
func (x *Exchange) serve() {
	panicked := true
	defer func() {
		if panicked {
			x.failUnit()
		}
		if !x.joined {
			x.unit.End()
		}
	}()
	defer x.endResult()

	err := x.settleAfter(x)
	if err == nil {
		err = x.commit()
	}
	panicked = false
	if err != nil {
		x.failUnit()
		x.fail(err)
	} else {
		x.writeResult()
	}
	if x.flushes() && !x.joined && x.unit.Accepted() {
		x.flush()
	} else if x.writer != nil {
		x.writer.release()
	}
}

// commit accepts the tasks of a request that has succeeded. Those of middleware
// are for that to accept.
func (x *Exchange) commit() (err error) {
	if x.joined {
		err = x.unit.CommitPart(x.r.Context())
	} else {
		err = x.unit.Commit(x.r.Context())
	}
	switch {
	case err == nil || x.settled: // then the request is not to be made again
		return err
	case err == core.ErrClosed:
		return runtime.Unavailable(err.Error(), err)
	}
	if _, ok := errors.AsType[*core.StoreError](err); ok {
		return runtime.Unavailable("the background tasks of the request could not be stored", err)
	}
	return err
}

// failUnit drops the tasks of a request that has failed, but those that run then.
func (x *Exchange) failUnit() {
	if x.joined {
		x.unit.FailPart(x.r.Context())
	} else {
		x.unit.Fail(x.r.Context())
	}
}

// statusClientGone is the status of an answer that nobody waits for. It is not in
// RFC 9110; nginx has made it known.
const statusClientGone = 499

// fail answers with err, and logs it if it is the server's fault.
func (x *Exchange) fail(err error) {
	if unset, ok := errors.AsType[*unsetError](err); ok {
		x.adapter.warnUnset(unset)
		x.answer(err)
		return
	}
	if errors.Is(err, context.Canceled) && x.r.Context().Err() != nil && x.adapter.OnError == nil {
		if x.begun() {
			panic(http.ErrAbortHandler)
		}
		x.w.WriteHeader(statusClientGone)
		return
	}
	if status := x.answer(err); status >= 500 && !x.full {
		x.logFailure(err)
	}
}

func (x *Exchange) logFailure(err error) {
	x.adapter.core.Log().ErrorContext(x.r.Context(), "handler failed", "handler", x.adapter.name, "error", err)
}

// answer answers with err, and returns the status. Where a handler that writes by
// itself has begun to, the answer cannot be taken back: the connection is
// aborted, so that the client does not take it for a complete one.
func (x *Exchange) answer(err error) (status int) {
	switch {
	case x.begun():
		if !x.full && runtime.ProblemOf(err).Status >= 500 {
			x.logFailure(err)
		}
		panic(http.ErrAbortHandler)
	case x.adapter.OnError != nil:
		w := &statusWriter{x.w, http.StatusOK}
		x.adapter.OnError(w, x.r, err)
		return w.status
	}
	p := runtime.ProblemOf(err)
	p.Respond(x.w)
	return p.Status
}

// A statusWriter notes the status of a response.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *statusWriter) WriteHeader(status int) {
	if status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// unsetError is the error of a request whose router has not set the value of a
// wildcard. It is answered with 500.
type unsetError struct{ wildcard string }

func (e *unsetError) Error() string {
	return "the router has not set the path value " + strconv.Quote(e.wildcard)
}

// warnUnset says once for each handler how the router is to set path values.
func (a *adapter) warnUnset(err *unsetError) {
	a.unset.Do(func() {
		a.core.Log().Error(err.Error()+": register the handler with an http.ServeMux or through package runtime/routers, or say where the values are with runtime.WithPathValues", "handler", a.name)
	})
}

// Need panics, when the program starts, if a field of the app struct is nil that
// a handler or a task needs.
func Need(there bool, field, by string) {
	if !there {
		panic("runtime: " + field + " is nil, and " + by + " needs it")
	}
}
