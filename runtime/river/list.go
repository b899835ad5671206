package river

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bggen/bggen/runtime/engine"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// notCancelled is true of a job that nobody has asked to be cancelled: what has
// failed for good is a cancelled job too (see worker.Work).
const notCancelled = `metadata ->> 'cancel_attempted_at' IS NULL`

// List is the jobs of the database, those of others too.
func (e *Engine) List(ctx context.Context, most int) (list engine.Listing, err error) {
	most = min(max(most, 1), 1000)
	c := e.reads()
	if list.Total, err = c.count(ctx); err != nil {
		return list, err
	}
	params := upstream.NewJobListParams().First(most)
	for _, p := range []*upstream.JobListParams{
		params.States(rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateScheduled).OrderBy(upstream.JobListOrderByTime, upstream.SortOrderAsc),
		params.States(rivertype.JobStateRunning).OrderBy(upstream.JobListOrderByTime, upstream.SortOrderAsc),
		params.States(rivertype.JobStateCancelled, rivertype.JobStateDiscarded).Where(notCancelled).
			OrderBy(upstream.JobListOrderByTime, upstream.SortOrderDesc),
	} {
		found, err := c.JobList(ctx, p)
		if err != nil {
			return list, err
		}
		for _, job := range found.Jobs {
			list.Tasks = append(list.Tasks, listed(job))
		}
	}
	return list, nil
}

// listed is a job as it is listed.
func listed(job *rivertype.JobRow) (t engine.Task) {
	t.ID, t.Status = statusOf(job)
	t.Args = argsOf(job)
	t.At = job.ScheduledAt
	switch {
	case t.State == engine.Running && job.AttemptedAt != nil:
		t.At = *job.AttemptedAt
	case t.State == engine.Failed && job.FinalizedAt != nil:
		t.At = *job.FinalizedAt
	}
	return t
}

// Retry has a job tried again that has failed for good: as often as it has
// attempts left, and once at least.
func (e *Engine) Retry(ctx context.Context, id string) (bool, error) {
	job, err := e.reads().find(ctx, id)
	if err != nil || job == nil || stateOf(job) != engine.Failed {
		return false, err
	}
	return e.again(ctx, job)
}

// again makes a job available.
func (e *Engine) again(ctx context.Context, job *rivertype.JobRow) (bool, error) {
	_, err := (*e.client.Load()).JobRetry(ctx, job.ID)
	if errors.Is(err, rivertype.ErrNotFound) {
		return false, nil
	}
	if err != nil && strings.Contains(strings.ToLower(err.Error()), "unique") {
		return false, fmt.Errorf("another one with the same Unique waits: %w", err)
	}
	return err == nil, err
}
