package core

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// attempt runs t once. It returns to its caller whatever the task does, unless
// the task ends its goroutine.
func (r *Runner) attempt(b *Unit, t Task) {
	err := errGoexit
	defer func() {
		if p := recover(); p != nil {
			err = &engine.PanicError{Value: p, Stack: debug.Stack()}
		}
		if t.spec != nil && t.spec.Kind != nil {
			t.spec.Kind.leave()
		}
		r.ended(b, t, err)
	}()
	if (t.spec == nil || t.spec.Timeout == 0) && r.Timeout == 0 && len(r.Around) == 0 {
		err = t.run((*taskContext)(b))
	} else {
		err = r.runWith(b, t)
	}
}

// runWith runs t with what it has, or the runner has, beside its function.
func (r *Runner) runWith(b *Unit, t Task) error {
	var ctx context.Context = (*taskContext)(b)
	timeout := r.Timeout
	if t.spec != nil && t.spec.Timeout != 0 {
		timeout = t.spec.Timeout
	}
	if timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, timeout, errTimeout)
		defer cancel()
		ctx = limited
	}
	return r.around(t.run)(ctx)
}

// around is run within all that is in r.Around.
func (r *Runner) around(run func(context.Context) error) func(context.Context) error {
	for _, wrap := range slices.Backward(r.Around) {
		run = wrap(run)
	}
	return run
}

var errTimeout = errors.New("the attempt ran out of time")

// ended goes on after an attempt: with another one, or with a report.
func (r *Runner) ended(b *Unit, t Task, err error) {
	r.measure(b, t, err != nil)
	if err == nil {
		r.ran.Add(1)
		return
	}
	info := t.info(b)
	info.ID = b.nameRunning()
	failed, most := 1, 1
	if t.spec != nil {
		failed, most = t.spec.attempt+1, max(t.spec.Attempts, 1)
	}
	if failed < most && !engine.IsPermanent(err) && r.life.Err() == nil && !b.wasCancelled() {
		wait := engine.Backoff(engine.Call{Backoff: t.spec.Backoff}, failed, err)
		r.retried.Add(1)
		spec := t.spec.clone()
		spec.attempt, spec.At = failed, time.Now().Add(wait)
		b.detachRunning(Task{t.run, spec}) // before somebody else's code, which may end the goroutine
		r.report(b, info, err, wait, true)
		return
	}
	r.ran.Add(1)
	r.failed.Add(1)
	b.failed(err)
	r.report(b, info, err, 0, false)
}

// Catch calls f, and returns a panic as a *PanicError.
func Catch(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &engine.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return f()
}
