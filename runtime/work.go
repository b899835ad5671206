package runtime

import (
	"context"
	"errors"
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
