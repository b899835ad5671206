package river

import (
	"context"
	"time"

	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// reviving is how often a worker looks for jobs that River has discarded since
// the client that looks after jobs of dead processes did not know their task
// (https://github.com/riverqueue/river/issues/1105).
const reviving = 15 * time.Second

// unknownDiscarded is what River says when it discards one.
const unknownDiscarded = ": Attempted to rescue unhandled job kind, discarding"

// revive has jobs that River has discarded in that way wait for a process that
// knows their task, until ctx ends. They are those that have attempts left.
func (e *Engine) revive(ctx context.Context, c client) {
	tick := time.NewTicker(reviving)
	defer tick.Stop()
	discarded := upstream.NewJobListParams().States(rivertype.JobStateDiscarded).
		Where("attempt < max_attempts AND metadata ->> 'bggen_id' IS NOT NULL").First(1000)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		found, err := c.JobList(ctx, discarded)
		if err != nil {
			continue // the client itself says that the database is down
		}
		for _, job := range found.Jobs {
			if _, err := c.JobRetry(ctx, job.ID); err == nil {
				e.logger.Warn("a task whose process has died waits for a process that knows it", "kind", job.Kind, "job", job.ID)
			}
		}
	}
}
