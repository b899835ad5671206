package core

import (
	"context"
	"errors"
	"fmt"

	"github.com/bggen/bggen/runtime/engine"
)

// RunCall runs a call that an engine has stored, once. It is what engines call.
// A panic is returned as a *engine.PanicError. Where no such task is registered the
// error is [engine.ErrUnknownTask]; where there is no place for it,
// [engine.ErrNoPlace]; where its arguments do not fit the task it is [Permanent].
func (r *Runner) RunCall(ctx context.Context, c engine.Call) (err error) {
	r.init()
	def := r.Task(c.Name)
	if def == nil {
		return fmt.Errorf("%w: %s", engine.ErrUnknownTask, c.Name)
	}
	if k := def.Kind(); k != nil {
		if err := k.enterCall(ctx); err != nil {
			return err
		}
		defer k.leave()
	}
	stopped := ctx
	ctx = r.callContext(ctx, c)
	b := &Unit{runner: r, handler: c.Name, values: ctx}
	ctx = context.WithValue(ctx, collectorKey{}, b)
	began := now()
	r.calls.Store(c.ID, &runningCall{c, engine.AttemptsBefore(ctx) + 1, began})
	err = errGoexit
	defer func() {
		r.calls.Delete(c.ID)
		if err != nil && errors.Is(context.Cause(stopped), engine.ErrStopped) {
			r.Log().WarnContext(ctx, "background task cut off: it runs again later", infoOf(c, ctx).attrs()...)
			return
		}
		r.measureCall(c, began, err != nil)
		r.callEnded(b, c, infoOf(c, ctx), err)
	}()
	if c.Timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, c.Timeout, errTimeout)
		defer cancel()
		ctx = limited
	}
	run := r.around(func(ctx context.Context) error { return def.Call(ctx, c.Args) })
	result := Catch(func() error { return run(ctx) }) // it may end its goroutine
	if err = result; err != nil {
		b.drop()
		return err
	}
	if err = b.Commit(ctx); err != nil {
		b.drop()
	}
	r.slots.force()
	b.End()
	return err
}

// callContext is the context of a call, with what belongs to its trace.
func (r *Runner) callContext(ctx context.Context, c engine.Call) context.Context {
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
func infoOf(c engine.Call, ctx context.Context) Info {
	return Info{Name: c.Name, Handler: c.Meta[engine.MetaHandler], Attempt: engine.AttemptsBefore(ctx) + 1, ID: c.ID}
}

// callEnded counts an attempt of a call, and reports it if it has failed.
func (r *Runner) callEnded(b *Unit, c engine.Call, info Info, err error) {
	again := err != nil && info.Attempt < c.Attempts && !engine.IsPermanent(err)
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
