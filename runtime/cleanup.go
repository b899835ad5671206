package runtime

import "runtime/debug"

// cleanups are what providers leave to be done, each in the order in which it
// was left. They run last in, first out.
type cleanups struct {
	settle  []func(error) error
	release []func()
}

// Settle has f run when the handler has returned and its result is encoded,
// before the response is written. It is given the failure of the request so
// far, or nil. Where it returns an error, that is the failure from then on.
// Providers that return a func(error) error are settled by it.
func (x *Exchange) Settle(f func(error) error) {
	if f != nil {
		x.cleanups.settle = append(x.cleanups.settle, f)
	}
}

// Release has f run when the response is written, before the tasks start.
// Providers that return a func() are released by it.
func (x *Exchange) Release(f func()) {
	if f != nil {
		x.cleanups.release = append(x.cleanups.release, f)
	}
}

// Hold has f run when the tasks of the request have ended.
func (x *Exchange) Hold(f func()) {
	if f != nil {
		x.tasks.holdUntilEnd(f)
	}
}

// handle calls the handler, with all that it depends on, and settles. A panic
// is a failure for those who settle, and goes on with its value when they have.
func (x *Exchange) handle() error {
	returned := false
	defer func() {
		if returned || len(x.cleanups.settle) == 0 {
			return // a panic passes through untouched, with its stack
		}
		p := recover()
		x.settle(&PanicError{p, debug.Stack()})
		if p != nil {
			panic(p)
		}
	}()
	err := x.adapter.serve(x)
	returned = true
	return x.settle(err)
}

// settle settles all, and returns the failure that is left. A panic of one of
// them is a failure for the others, and goes on when all have settled.
func (x *Exchange) settle(failure error) error {
	var panicked *PanicError
	for n := len(x.cleanups.settle); n > 0; n = len(x.cleanups.settle) {
		f := x.cleanups.settle[n-1]
		x.cleanups.settle[n-1] = nil
		x.cleanups.settle = x.cleanups.settle[:n-1]
		err := catch(func() error { return f(failure) })
		if err == nil {
			continue
		}
		if failure != nil {
			x.log("a failure was replaced while settling", failure)
		}
		failure = err
		if p, ok := err.(*PanicError); ok && panicked == nil {
			panicked = p
		}
	}
	if panicked != nil {
		x.log("settling panicked", panicked)
		panic(panicked.Value)
	}
	return failure
}

// releaseAll releases all. One that panics is logged, and stops nothing: the
// response is written.
func (x *Exchange) releaseAll() {
	x.closeStream() // written, or a result that was not to be
	for n := len(x.cleanups.release); n > 0; n = len(x.cleanups.release) {
		f := x.cleanups.release[n-1]
		x.cleanups.release[n-1] = nil
		x.cleanups.release = x.cleanups.release[:n-1]
		if err := catch(func() error { f(); return nil }); err != nil {
			x.log("releasing panicked", err)
		}
	}
}

// catch calls f, and returns a panic as a *PanicError.
func catch(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
	}()
	return f()
}

func (x *Exchange) log(message string, err error) {
	attrs := []any{"handler", x.adapter.name, "error", err}
	if p, ok := err.(*PanicError); ok {
		attrs = append(attrs, "stack", string(p.Stack))
	}
	x.adapter.runner.logger().ErrorContext(x.r.Context(), message, attrs...)
}
