package river

import (
	"context"
	"errors"
	"strings"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/riverqueue/river/rivertype"
)

// Status is what the job of a call says: until River removes it, a day after it
// has succeeded and a week after it has failed, with the settings of [Open].
func (e *Engine) Status(ctx context.Context, id string) (engine.Status, bool, error) {
	job, err := e.reads().find(ctx, id)
	if err != nil || job == nil {
		return engine.Status{}, false, err
	}
	_, s := statusOf(job)
	return s, true, nil
}

// statusOf is what a job says of its call, and the id of that: "" for the job of
// others.
func statusOf(job *rivertype.JobRow) (id string, s engine.Status) {
	s = engine.Status{Name: job.Kind, State: stateOf(job), Attempt: reported(job)}
	if c, err := callOf(job, nil); err == nil {
		id, s.Name, s.Handler = c.ID, c.Name, c.Meta[engine.MetaHandler]
	}
	if s.State == engine.Running || s.State == engine.Done {
		s.Attempt++ // this one has not failed
	}
	if n := len(job.Errors); n > 0 && s.State != engine.Done && s.State != engine.Cancelled {
		s.Err = errors.New(strings.TrimPrefix(job.Errors[n-1].Error, "JobCancelError: "))
	}
	return id, s
}

// idOf is the id of the call that a job was made of, "" for the job of others.
func idOf(job *rivertype.JobRow) string {
	c, _ := callOf(job, nil)
	return c.ID
}

// stateOf is the state of a job, as runners say it.
func stateOf(job *rivertype.JobRow) engine.State {
	switch job.State {
	case rivertype.JobStateRunning:
		return engine.Running
	case rivertype.JobStateCompleted:
		return engine.Done
	case rivertype.JobStateDiscarded:
		return engine.Failed
	case rivertype.JobStateCancelled:
		if wasCancelled(job) {
			return engine.Cancelled
		}
		return engine.Failed // see worker.Work
	}
	return engine.Queued
}

// wasCancelled reports whether somebody asked for a job to be cancelled.
func wasCancelled(job *rivertype.JobRow) bool {
	return strings.Contains(string(job.Metadata), `"cancel_attempted_at"`)
}

// Cancel keeps a call from running. One that runs has its context cancelled: in
// this process, and with PostgreSQL in any.
func (e *Engine) Cancel(ctx context.Context, id string) (bool, error) {
	job, err := e.reads().find(ctx, id)
	if err != nil || job == nil || job.FinalizedAt != nil {
		return false, err
	}
	return e.cancel(ctx, job)
}

func (e *Engine) cancel(ctx context.Context, job *rivertype.JobRow) (bool, error) {
	c := *e.client.Load()
	id := idOf(job)
	job, err := c.JobCancel(ctx, job.ID)
	if errors.Is(err, rivertype.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if job.State != rivertype.JobStateRunning {
		return job.State == rivertype.JobStateCancelled, nil
	}
	if cancel, here := e.running.Load(id); here {
		cancel.(context.CancelCauseFunc)(errCancelled)
		return true, nil
	}
	return c.listens(), nil
}
