package river

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Work runs jobs with a River client of its own, or with the one of [New],
// until ctx ends.
func (e *Engine) Work(ctx, drain context.Context, names []string, run func(context.Context, engine.Call) error) error {
	if len(names) == 0 { // River does not start without a worker
		<-ctx.Done()
		return nil
	}
	w := &worker{engine: e, run: run}
	working, err := e.start(ctx, w, names)
	if err != nil || working == nil {
		return err
	}
	before := e.client.Load()
	e.use(working)
	defer e.client.Store(before)
	go e.revive(ctx, working)

	<-ctx.Done()
	if err := working.Stop(drain); err == nil {
		return nil
	}
	w.hurried.Store(true)
	e.running.Range(func(_, cancel any) bool {
		cancel.(context.CancelCauseFunc)(engine.ErrStopped)
		return true
	})
	over, cancel := context.WithTimeout(context.Background(), last)
	defer cancel()
	if err := working.StopAndCancel(over); err != nil {
		return fmt.Errorf("river: tasks did not end within %v of their context: %w", last, err)
	}
	return nil
}

// start starts a client; nil when ctx has ended before. The database was there
// when the engine was opened: a connection that fails now is tried again.
func (e *Engine) start(ctx context.Context, w *worker, names []string) (client, error) {
	for tries := 1; ; tries++ {
		working, err := e.prepare(w, names)
		if err != nil {
			return nil, fmt.Errorf("river: %w", err)
		}
		err = working.Start(context.WithoutCancel(ctx))
		if err == nil {
			return working, nil
		}
		// Where the database answers, it is something else.
		if _, down := working.find(ctx, ""); down == nil && tries > 2 {
			return nil, fmt.Errorf("river: %s: %w", e.address, err)
		}
		wait := min(time.Second<<min(tries-1, 5), 30*time.Second)
		e.logger.Error("tasks cannot be worked on, which is tried again", "database", e.address, "in", wait, "error", err)
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(wait):
		}
	}
}

// last is how long tasks have to end when their context has.
const last = 5 * time.Second

// A worker works on jobs of all kinds.
type worker struct {
	upstream.WorkerDefaults[jobArgs]
	engine  *Engine
	run     func(context.Context, engine.Call) error
	hurried atomic.Bool // what runs is cancelled, and runs again
}

// register adds w to workers, for each task.
func (w *worker) register(workers *upstream.Workers, names []string) (err error) {
	defer func() {
		if p := recover(); p != nil { // there is no AddWorkerArgsSafely
			err = fmt.Errorf("%v", p)
		}
	}()
	for _, name := range names {
		upstream.AddWorkerArgs(workers, jobArgs{kind: kindOf(name)}, w)
	}
	return nil
}

// longest is how much longer than its timeout a job may be with a worker: the
// time of an attempt begins when a limited task has a place.
const longest = 5 * time.Second

// Timeout is a moment more than that of the call, which the runner sees to.
func (w *worker) Timeout(job *upstream.Job[jobArgs]) time.Duration {
	if c, err := callOf(job.JobRow, nil); err == nil && c.Timeout > 0 {
		return c.Timeout + longest
	}
	return 0 // as the client says
}

// NextRetry is when a job runs again: what it asked for when it failed, or at
// once after a crash.
func (w *worker) NextRetry(job *upstream.Job[jobArgs]) time.Time {
	if job != nil && job.Args.again != nil {
		return job.Args.again()
	}
	return time.Now()
}

var errCancelled = errors.New("cancelled")

// Work makes an attempt.
func (w *worker) Work(ctx context.Context, job *upstream.Job[jobArgs]) error {
	c, err := callOf(job.JobRow, job.Args.text)
	if err != nil { // the runner cannot report it
		w.engine.logger.Error("a job is given up", "job", job.ID, "kind", job.Kind, "error", err)
		return upstream.JobCancel(err)
	}
	if c.Timeout == 0 {
		c.Timeout = w.engine.longest
	}
	before := reported(job.JobRow)
	ctx = engine.WithSlots(ctx, w.engine.queues[c.Queue])
	ctx, cancel := context.WithCancelCause(engine.WithAttemptsBefore(ctx, before))
	defer cancel(nil)
	w.engine.running.Store(c.ID, cancel)
	defer w.engine.running.Delete(c.ID)

	err = w.run(ctx, c)
	switch {
	case err == nil:
		return nil
	case context.Cause(ctx) == errCancelled || errors.Is(context.Cause(ctx), rivertype.ErrJobCancelledRemotely):
		return upstream.JobCancel(errCancelled)
	case w.hurried.Load() && ctx.Err() != nil:
		return upstream.JobSnooze(0) // an attempt that does not count
	case errors.Is(err, engine.ErrNoPlace):
		return upstream.JobSnooze(engine.PlaceWait()) // which does not count either
	case errors.Is(err, engine.ErrUnknownTask):
		return upstream.JobSnooze(time.Minute)
	case engine.IsPermanent(err) || before+1 >= c.Attempts:
		return upstream.JobCancel(err)
	}
	job.Args.again = func() time.Time { return time.Now().Add(engine.Backoff(c, before+1, err)) }
	return err
}

// reported is how many attempts of a job the task itself has reported as failed.
// River notes others in the same list.
func reported(job *rivertype.JobRow) (n int) {
	for _, e := range job.Errors {
		if !strings.HasPrefix(e.Error, "Stuck job rescued by") && e.Error != unknownKind(job) {
			n++
		}
	}
	return n
}

func unknownKind(job *rivertype.JobRow) string {
	return (&rivertype.UnknownJobKindError{Kind: job.Kind}).Error()
}
