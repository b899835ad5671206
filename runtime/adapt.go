package runtime

import (
	"net/http"
	"sync"
)

// Mux is where generated code registers handlers: *http.ServeMux, a chi router,
// or a wrapper of one's own.
type Mux interface {
	Handle(pattern string, handler http.Handler)
}

// An Option changes the handlers that a generated constructor or Register
// makes. The Overrides of a generated package are one, too.
type Option interface{ option(*adapter) }

type optionFunc func(*adapter)

func (f optionFunc) option(a *adapter) { f(a) }

// WithErrorHandler has f answer every request that fails, in place of a problem
// document. Values that could not be bound come as a [*BindError]; a request
// for which there was no room as a [*Problem] with status 503.
func WithErrorHandler(f func(http.ResponseWriter, *http.Request, error)) Option {
	return optionFunc(func(a *adapter) { a.onError = f })
}

// Adapt is for generated code: the http.Handler around a handler that adds no
// tasks. The name is the handler's, with its package, for reports.
func Adapt(name string, runner *Runner, opts []Option, serve func(*Exchange) error) http.Handler {
	a := &adapter{name: name, runner: runner, serve: serve}
	for _, opt := range opts {
		if f, ok := opt.(optionFunc); ok { // or else the Overrides of some package
			f(a)
		}
	}
	return a
}

// Find is for generated code: the last option of type T, the Overrides of the
// package. Where there is none it is the zero value, which overrides nothing.
func Find[T Option](opts []Option) *T {
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

// AdaptTasks is Adapt for a handler that may add tasks, itself or through what
// it depends on: it has a collector, and takes a slot of the runner.
func AdaptTasks(name string, runner *Runner, opts []Option, serve func(*Exchange) error) http.Handler {
	runner.init()
	a := Adapt(name, runner, opts, serve).(*adapter)
	a.tasks = true
	return a
}

type adapter struct {
	name    string
	runner  *Runner
	tasks   bool
	serve   func(*Exchange) error
	onError func(http.ResponseWriter, *http.Request, error)
}

// ServeHTTP goes through the life of one request.
func (a *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchanges.Get().(*Exchange)
	x.adapter, x.w, x.r = a, w, r
	if !a.tasks {
		x.serve()
	} else if err := x.takeSlot(); err != nil {
		x.answer(noRoom(err))
	} else {
		x.serveTasks()
	}
	x.free() // not after a panic: whoever caught it may still look at the request
}

// exchanges holds Exchanges that are not in use. Only generated code sees one,
// and it keeps none.
var exchanges = sync.Pool{New: func() any { return new(Exchange) }}

// serve serves a request that has no collector.
func (x *Exchange) serve() {
	defer x.endResult()
	if err := x.settleAfter(x); err != nil {
		x.fail(err)
		return
	}
	x.writeResult()
}

// takeSlot makes room for the tasks of the request, and a collector of them:
// unless middleware has one already.
func (x *Exchange) takeSlot() error {
	runner := x.adapter.runner
	if outer := runner.collected(x.r); outer != nil {
		x.tasks, x.joined = outer, true
		outer.joins(x.adapter.name)
		return nil
	}
	turn := turnOf(x.r) // before the waiting, which a response of somebody else may end
	if err := runner.slots.take(x.r.Context(), runner.wait()); err != nil {
		return err
	}
	x.tasks = &BackgroundTasks{runner: runner, handler: x.adapter.name, values: x.r.Context(), turn: turn}
	return nil
}

// serveTasks serves a request that has a collector.
func (x *Exchange) serveTasks() {
	panicked, accepted := true, false
	defer func() {
		if panicked {
			accepted = x.acceptFailed()
		}
		x.endTasks(accepted)
	}()
	defer x.endResult()

	err := x.settleAfter(x)
	if err == nil {
		err = x.storeTasks()
	}
	if err == nil {
		accepted, err = x.acceptTasks()
	}
	panicked = false
	if err != nil {
		accepted = x.acceptFailed()
		x.fail(err)
	} else {
		x.writeResult()
	}
	if accepted && x.flushes() {
		x.flush()
	} else if x.writer != nil {
		x.writer.release()
	}
}

// storeTasks stores what is for engines.
func (x *Exchange) storeTasks() error {
	if err := x.adapter.runner.store(x.r.Context(), x.tasks.takeCalls(false)); err != nil {
		return notStored(err, x.settled)
	}
	return nil
}

// acceptTasks accepts the tasks of a request that has succeeded. Those of
// middleware are for that to accept.
func (x *Exchange) acceptTasks() (bool, error) {
	if x.joined || !x.tasks.seal(false) {
		return false, nil
	}
	runner := x.adapter.runner
	if runner.life.Err() != nil {
		if x.settled { // it is not to be made again
			return false, errClosed
		}
		return false, noRoom(errClosed)
	}
	runner.accepted.add(x.tasks)
	return true, nil
}

// acceptFailed accepts what is to run after a request that has failed.
func (x *Exchange) acceptFailed() bool {
	runner := x.adapter.runner
	if x.joined {
		runner.storeFailed(x.r.Context(), x.tasks)
		x.tasks.keepFailed()
		return false
	}
	return runner.acceptFailed(x.r.Context(), x.tasks)
}

// endTasks starts what was accepted, when the response has ended; and what a
// release, or a stray goroutine, added to a response without tasks.
func (x *Exchange) endTasks(accepted bool) {
	if x.joined {
		return
	}
	x.adapter.runner.endRequest(x.tasks, accepted)
}

// endRequest starts b, or gives its slot back.
func (r *Runner) endRequest(b *BackgroundTasks, accepted bool) {
	if !accepted && b.sealOrEnd() {
		r.accepted.add(b)
		accepted = true
	}
	if !accepted {
		b.letGo()
		r.slots.release()
		return
	}
	r.startAfterTurn(b)
}

// noRoom is the answer to a request that found no slot.
func noRoom(err error) error {
	if err != errClosed {
		err = errNoRoom // and not what ended the context: that is not for clients
	}
	return &Problem{
		Status: http.StatusServiceUnavailable,
		Detail: err.Error(),
		Header: http.Header{"Retry-After": {"1"}},
	}
}

// fail answers with err, and logs it if it is not the client's.
func (x *Exchange) fail(err error) {
	if problemOf(err).Status >= 500 {
		x.adapter.runner.logger().ErrorContext(x.r.Context(), "handler failed", "handler", x.adapter.name, "error", err)
	}
	x.answer(err)
}

// answer answers with err. Where a handler that writes by itself has begun to,
// the answer cannot be taken back: the connection is aborted, so that the
// client does not take it for a complete one.
func (x *Exchange) answer(err error) {
	switch {
	case x.begun():
		panic(http.ErrAbortHandler)
	case x.adapter.onError != nil:
		x.adapter.onError(x.w, x.r, err)
	default:
		problemOf(err).write(x.w)
	}
}

// Need panics if a field of the app struct is not there that a handler or task
// needs: when the program starts, and not in a request.
func Need(there bool, field, by string) {
	if !there {
		panic("runtime: " + field + " is nil, and " + by + " needs it")
	}
}
