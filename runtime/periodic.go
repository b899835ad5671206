package runtime

import (
	"context"
	"time"
)

// Due is the instant at which a run of a periodic task was due, by the clock of its
// schedule's time zone. It is the same in all attempts of the run. A task that runs with
// //bggen:every or //bggen:cron may have one parameter of this type.
type Due struct{ time.Time }

// A Schedule says when a periodic task runs: one for each //bggen:every and //bggen:cron.
type Schedule struct {
	Task    string        // its name
	Expr    string        // as it is written: every 24h, or cron 30 2 * * 1-5
	Zone    string        // the time zone; UTC for every
	Jitter  time.Duration // a run begins at most so much later than it is due
	Missed  time.Duration // a run that could not begin when it was due begins at most so much later
	Overlap bool          // a run begins though the one before has not ended

	Next    time.Time // the instant at which it is due next
	Last    time.Time // the last instant for which the task was started; zero if that is not known
	LastID  TaskID    // of that run, for Status; several schedules of a task have the same
	Skipped uint64    // runs of the task that this process has not started since the one before had not ended
}

// Schedules returns the schedules of all periodic tasks that are registered, by the names
// of the tasks. Of tasks whose runs other processes start, such as those of a runner with
// StoreOnly, their engine is asked for the last run.
func (r *Runner) Schedules() []Schedule {
	states := r.Core().ScheduleStates()
	list := make([]Schedule, len(states))
	for i, s := range states {
		list[i] = Schedule{
			Task: s.Task, Expr: s.Expr, Zone: s.Zone.String(), Jitter: s.Jitter, Missed: s.Missed, Overlap: s.Overlap,
			Next: s.Next, Last: s.Last, LastID: TaskID(s.LastID), Skipped: s.Skipped,
		}
	}
	return list
}

// Trigger starts a run of a periodic task now, in this process or, where the task has an
// engine, in any. Its [Due] is now. It is an error if no periodic task of that name is
// registered. Trigger does not look whether another run goes on.
func (r *Runner) Trigger(ctx context.Context, task string) (TaskID, error) {
	id, err := r.Core().Trigger(ctx, task)
	return TaskID(id), err
}
