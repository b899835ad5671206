package runtime

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

var errNoTasks = errors.New("no task is registered with the runner, so there is nothing that could run: call the generated RegisterTasks before Work")

// Work runs the tasks that the engines of runner have stored, and starts periodic tasks
// when they are due. It is for a process without a server, and is called in place of
// [Serve] when the generated functions RegisterTasks have been. When ctx ends, or the
// process receives SIGTERM or SIGINT, it starts no more tasks and returns when those that
// run have ended, within [Runner.Grace].
func Work(ctx context.Context, runner *Runner) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	if len(runner.Core().TaskNames()) == 0 {
		return errNoTasks
	}
	drain := newDraining(ctx, runner.Grace)
	defer drain.cancel(nil)
	context.AfterFunc(ctx, drain.begin)
	worked := runner.work(ctx, drain)
	drain.begin() // if no signal has
	defer runner.report(drain)()
	return errors.Join(worked, runner.shutdown(drain))
}

// defaultGrace is below the 30 seconds after which Kubernetes kills.
const defaultGrace = 25 * time.Second

// A draining is the context of what goes on after the signal. It has no deadline
// until begin is called.
type draining struct {
	context.Context
	cancel context.CancelCauseFunc
	grace  time.Duration
	begun  sync.Once
	end    atomic.Pointer[time.Time]
}

func newDraining(ctx context.Context, grace time.Duration) *draining {
	d := &draining{grace: cmp.Or(grace, defaultGrace)}
	d.Context, d.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	return d
}

// begin begins the grace, which a second signal ends.
func (d *draining) begin() { d.begun.Do(d.start) }

func (d *draining) start() {
	again, stop := signal.NotifyContext(d.Context, syscall.SIGTERM, os.Interrupt)
	deadline, cancel := context.WithTimeout(again, d.grace)
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

// work starts the periodic tasks and runs the workers of all engines until ctx ends.
func (r *Runner) work(ctx, drain context.Context) error {
	runner := r.Core()
	ctx, end := context.WithCancel(ctx)
	defer end()
	var clocks sync.WaitGroup
	defer clocks.Wait()
	clocks.Go(func() { runner.RunPeriodics(ctx) })
	err := r.workEngines(ctx, drain)
	if err == errNoWorker && len(runner.Periodics()) > 0 {
		<-ctx.Done()
		err = nil
	}
	end()
	return err
}

// workEngines runs the workers of all engines until ctx ends. One that returns
// before is an error, and ends the others.
func (r *Runner) workEngines(ctx, drain context.Context) error {
	runner := r.Core()
	var workers []engine.Worker
	for _, e := range runner.AllEngines() {
		if w, ok := e.(engine.Worker); ok {
			workers = append(workers, w)
		}
	}
	if len(workers) == 0 {
		return errNoWorker
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	names := runner.TaskNames()
	errs := make(chan error, len(workers))
	for _, w := range workers {
		go func() {
			err := core.Catch(func() error { return w.Work(ctx, drain, names, runner.RunCall) })
			if ctx.Err() == nil {
				err = cmp.Or(err, errEarly)
				runner.LogError("an engine does not work any more", "error", err)
				end(err)
			}
			errs <- err
		}()
	}
	var all error
	for range workers {
		select {
		case err := <-errs:
			all = errors.Join(all, err)
		case <-drain.Done():
			return errors.Join(all, fmt.Errorf("an engine has not stopped working: %w", context.Cause(drain)))
		}
	}
	return all
}

var errNoWorker = errors.New("no engine of the runner runs tasks")

var errEarly = errors.New("an engine has stopped working, and nobody has told it to")
