package runtime

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Work runs the tasks that the engines of runner have stored until ctx ends or
// the process gets SIGTERM or SIGINT; then those that run have 25 seconds to
// end. It is what a process without a server calls in place of [Serve], when
// the generated RegisterTasks have been called.
func Work(ctx context.Context, runner *Runner) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	runner.init()
	drain := newDraining(ctx)
	defer drain.cancel(nil)
	context.AfterFunc(ctx, drain.begin)
	worked := runner.workEngines(ctx, drain)
	drain.begin()
	return errors.Join(worked, runner.shutdown(drain))
}

// grace is the time from the signal to the end: below the 30 seconds after
// which Kubernetes kills.
const grace = 25 * time.Second

// A draining is the context of what goes on after the signal. It has no deadline
// until begin is called.
type draining struct {
	context.Context
	cancel context.CancelCauseFunc
	begun  sync.Once
	end    atomic.Pointer[time.Time]
}

func newDraining(ctx context.Context) *draining {
	d := new(draining)
	d.Context, d.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	return d
}

// begin begins the grace, which a second signal ends.
func (d *draining) begin() { d.begun.Do(d.start) }

func (d *draining) start() {
	again, stop := signal.NotifyContext(d.Context, syscall.SIGTERM, os.Interrupt)
	deadline, cancel := context.WithTimeout(again, grace)
	end, _ := deadline.Deadline()
	d.end.Store(&end)
	go func() {
		<-deadline.Done() // it comes, or a signal, or d is cancelled
		d.cancel(context.Cause(deadline))
		cancel()
		stop()
	}()
}

func (d *draining) Deadline() (time.Time, bool) {
	if end := d.end.Load(); end != nil {
		return *end, true
	}
	return time.Time{}, false
}

// workEngines runs the workers of all engines until ctx ends.
func (r *Runner) workEngines(ctx, drain context.Context) error {
	var workers []Worker
	for _, e := range r.allEngines() {
		if w, ok := e.(Worker); ok {
			workers = append(workers, w)
		}
	}
	if len(workers) == 0 {
		return errNoWorker
	}
	names := r.tasks.names()
	var group sync.WaitGroup
	errs := make([]error, len(workers))
	for i, w := range workers {
		group.Go(func() { errs[i] = w.Work(ctx, drain, names, r.RunCall) })
	}
	group.Wait()
	return errors.Join(errs...)
}

// RunCall runs a call that an engine has stored, once. It is what engines call.
// A panic is returned as a *PanicError. The error of a call that can never
// succeed, since no such task is registered or its arguments cannot be read,
// is [Permanent].
func (r *Runner) RunCall(ctx context.Context, c Call) (err error) {
	r.init()
	def, ok := r.tasks.get(c.Name).(callable)
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownTask, c.Name)
	}
	if r.Propagator != nil {
		ctx = r.Propagator.Extract(ctx, c.Meta)
	}
	failed := AttemptsBefore(ctx)
	info := TaskInfo{Name: c.Name, Attempt: failed + 1, ID: c.ID}
	if failed == 0 {
		info.Due = c.At
	}
	ctx = context.WithValue(ctx, infoKey{}, info)
	if c.Timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, c.Timeout, errTimeout)
		defer cancel()
		ctx = limited
	}
	b := &BackgroundTasks{runner: r, handler: c.Name, values: ctx, rare: &rare{call: c.ID}}
	began := now()
	if r.observer.Load() != nil {
		r.calls.Store(c.ID, &runningCall{c, failed + 1, began})
	}
	defer func() {
		r.calls.Delete(c.ID)
		if r.observer.Load() != nil {
			r.observed(c.Name, now()-began, err)
		}
		again := err != nil && failed+1 < c.Attempts && !IsPermanent(err)
		switch {
		case again:
			r.retried.Add(1)
		case err != nil:
			r.failed.Add(1)
			fallthrough
		default:
			r.ran.Add(1)
		}
		if err != nil {
			t := task{spec: &taskSpec{name: c.Name, attempt: failed}}
			r.report(b, t, err, 0, again)
		}
	}()
	ctx = context.WithValue(ctx, collectorKey{}, b)
	run := TaskFunc(func(ctx context.Context) error { return def.call(ctx, c.Args) })
	for i := len(r.Around) - 1; i >= 0; i-- {
		run = r.Around[i](run)
	}
	if err = catch(func() error { return run(ctx) }); err != nil {
		b.discard()
		return err
	}
	return r.acceptNow(context.WithoutCancel(ctx), b, false)
}

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
