package runtime

import (
	"context"
	"errors"
	"fmt"
)

// ErrUnknownTask is the error of a call of a task that is not registered in
// this process: it is to wait for one that knows it.
var ErrUnknownTask = errors.New("no task of that name is registered")

type attemptsKey struct{}

// WithAttemptsBefore says, for engines, how many attempts of a call have been
// made before this one.
func WithAttemptsBefore(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, attemptsKey{}, n)
}

// AttemptsBefore is what [WithAttemptsBefore] said, or 0.
func AttemptsBefore(ctx context.Context) int {
	n, _ := ctx.Value(attemptsKey{}).(int)
	return n
}

// ErrStopped is the cause that engines end the context of a call with when the
// process stops and the call is to run again later: it has not failed then.
var ErrStopped = errors.New("the process stops")

// RunCall runs a call that an engine has stored, once. It is what engines call.
// A panic is returned as a *PanicError. Where no such task is registered the
// error is [ErrUnknownTask]; where its arguments cannot be read it is
// [Permanent].
func (r *Runner) RunCall(ctx context.Context, c Call) (err error) {
	r.init()
	def := r.tasks.get(c.Name)
	if def == nil {
		return fmt.Errorf("%w: %s", ErrUnknownTask, c.Name)
	}
	if k := def.bound(); k != nil {
		if err := k.enterCall(ctx); err != nil {
			return err
		}
		defer k.leave()
	}
	stopped := ctx
	ctx = r.callContext(ctx, c)
	b := &BackgroundTasks{runner: r, handler: c.Name, values: ctx}
	ctx = context.WithValue(ctx, collectorKey{}, b)
	began := now()
	if r.observer.Load() != nil {
		r.calls.Store(c.ID, &runningCall{c, AttemptsBefore(ctx) + 1, began})
	}
	err = errGoexit
	defer func() {
		r.calls.Delete(c.ID)
		if err != nil && errors.Is(context.Cause(stopped), ErrStopped) {
			r.logger().WarnContext(ctx, "background task cut off: it runs again later", infoOf(c, ctx).attrs()...)
			return
		}
		r.observed(c.Name, now()-began, err)
		r.callEnded(b, c, infoOf(c, ctx), err)
	}()
	if c.Timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, c.Timeout, errTimeout)
		defer cancel()
		ctx = limited
	}
	run := r.around(func(ctx context.Context) error { return def.call(ctx, c.Args) })
	result := catch(func() error { return run(ctx) }) // it may end its goroutine
	if err = result; err != nil {
		b.discard()
		return err
	}
	accepted, err := r.acceptAll(ctx, b)
	if err != nil {
		b.discard()
	}
	r.slots.force()
	r.endRequest(b, accepted)
	return err
}

// callContext is the context of a call, with what belongs to its trace.
func (r *Runner) callContext(ctx context.Context, c Call) context.Context {
	if r.Propagator != nil {
		ctx = r.Propagator.Extract(ctx, c.Meta)
	}
	info := infoOf(c, ctx)
	if info.Attempt == 1 {
		info.Due = c.At
	}
	return context.WithValue(ctx, infoKey{}, info)
}

// infoOf says which call runs in ctx.
func infoOf(c Call, ctx context.Context) TaskInfo {
	return TaskInfo{Name: c.Name, Handler: c.Meta[MetaHandler], Attempt: AttemptsBefore(ctx) + 1, ID: c.ID}
}

// callEnded counts an attempt of a call, and reports it if it has failed.
func (r *Runner) callEnded(b *BackgroundTasks, c Call, info TaskInfo, err error) {
	again := err != nil && info.Attempt < c.Attempts && !IsPermanent(err)
	switch {
	case again:
		r.retried.Add(1)
	case err != nil:
		r.failed.Add(1)
		r.ran.Add(1)
	default:
		r.ran.Add(1)
	}
	if err != nil {
		r.report(b, info, err, 0, again)
	}
}
