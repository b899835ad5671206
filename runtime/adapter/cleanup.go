package adapter

import (
	"errors"
	"runtime/debug"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

// Cleanups are the functions that providers have returned beside their values.
// The last of each kind is called first.
type Cleanups struct {
	settle  []func(error) error
	release []func()
}

// Settle has f called when the handler has returned and its result is encoded,
// before the response is written; in a task, when the task has returned. f is
// given the failure of the request, or nil. An error that f returns takes the
// place of that failure.
func (c *Cleanups) Settle(f func(error) error) {
	if f != nil {
		c.settle = append(c.settle, f)
	}
}

// Release has f called when the response is written, before the tasks start. In
// a task f is called when the task has returned and the cleanups given to Settle
// have been called.
func (c *Cleanups) Release(f func()) {
	if f != nil {
		c.release = append(c.release, f)
	}
}

// Hold has f called when the tasks of the request have ended.
func (x *Exchange) Hold(f func()) {
	if f != nil {
		x.unit.HoldUntilEnd(f)
	}
}

// WithCleanups calls f, which runs a task, and then the cleanups of the
// providers of the task. It returns all that failed.
func WithCleanups(f func(*Cleanups) error) error {
	t := &taskWork{f: f}
	defer func() {
		t.releaseAll(t)
		if t.released != nil {
			panic(t.released.Value) // it is the task's, and reported as such
		}
	}()
	return t.settleAfter(t)
}

type taskWork struct {
	Cleanups
	f        func(*Cleanups) error
	released *runtime.PanicError // the first of those that releasing caused
}

func (t *taskWork) do() error { return t.f(&t.Cleanups) }

// replaced keeps both: the runner reports what a task returns.
func (t *taskWork) replaced(old, by error) error { return errors.Join(by, old) }

func (t *taskWork) releasePanicked(p *runtime.PanicError) {
	if t.released == nil {
		t.released = p
	}
}

// A work is what cleanups are left by: a request, or a task.
type work interface {
	do() error
	replaced(old, by error) error
	releasePanicked(p *runtime.PanicError)
}

func (x *Exchange) do() error {
	x.settled = false
	if err := x.adapter.serve(x); err != nil || x.unit == nil {
		return err
	}
	x.settled = len(x.settle) > 0
	return x.unit.Refused()
}

func (x *Exchange) replaced(old, by error) error {
	x.log("a failure was replaced while settling", old)
	return by
}

// releasePanicked logs, and stops nothing: the response is written.
func (x *Exchange) releasePanicked(p *runtime.PanicError) { x.log("releasing panicked", p) }

// settleAfter does w and settles. A panic is a failure for those who settle,
// and goes on with its value when they have.
func (c *Cleanups) settleAfter(w work) error {
	returned := false
	defer func() {
		if returned || len(c.settle) == 0 {
			return // a panic passes through untouched, with its stack
		}
		p := recover()
		c.settleAll(&runtime.PanicError{Value: p, Stack: debug.Stack()}, w)
		if p != nil {
			panic(p)
		}
	}()
	err := w.do()
	returned = true
	return c.settleAll(err, w)
}

// settleAll settles, and returns the failure that is left. A panic is a failure
// for those that are still to settle, and goes on when they have.
func (c *Cleanups) settleAll(failure error, w work) error {
	var panicked *runtime.PanicError
	for n := len(c.settle); n > 0; n = len(c.settle) {
		f := c.settle[n-1]
		c.settle[n-1] = nil
		c.settle = c.settle[:n-1]
		err := core.Catch(func() error { return f(failure) })
		if err == nil {
			continue
		}
		p, isPanic := err.(*runtime.PanicError)
		if failure != nil && !errors.Is(err, failure) {
			err = w.replaced(failure, err)
		}
		failure = err
		if isPanic && panicked == nil {
			panicked = p
		}
	}
	if panicked != nil {
		panic(panicked.Value)
	}
	return failure
}

// releaseAll releases. One that panics does not keep the others from it.
func (c *Cleanups) releaseAll(w work) {
	for n := len(c.release); n > 0; n = len(c.release) {
		f := c.release[n-1]
		c.release[n-1] = nil
		c.release = c.release[:n-1]
		if err := core.Catch(func() error { f(); return nil }); err != nil {
			w.releasePanicked(err.(*runtime.PanicError))
		}
	}
}

func (x *Exchange) log(message string, err error) {
	attrs := []any{"handler", x.adapter.name, "error", err}
	if p, ok := err.(*runtime.PanicError); ok {
		attrs = append(attrs, "stack", string(p.Stack))
	}
	x.adapter.core.Log().ErrorContext(x.r.Context(), message, attrs...)
}
