package runtime

import (
	"context"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A TaskID identifies a task. The generated functions that add a task return one.
type TaskID core.ID

// ParseTaskID returns the id whose String is text.
func ParseTaskID(text string) TaskID { return TaskID(core.ParseID(text)) }

// String returns the id as 26 letters and digits that may be given to a client, or "" for
// the zero value. Only from then on can the task be found by that text.
func (id TaskID) String() string { return core.ID(id).String() }

// MarshalText returns String.
func (id TaskID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText sets id to what ParseTaskID returns.
func (id *TaskID) UnmarshalText(text []byte) error {
	*id = ParseTaskID(string(text))
	return nil
}

// A TaskState is what has become of a task.
type TaskState = engine.State

const (
	Queued    = engine.Queued // it waits for its turn, for its time, or for another attempt
	Running   = engine.Running
	Done      = engine.Done
	Failed    = engine.Failed    // in its last attempt
	Cancelled = engine.Cancelled // by Cancel, or because its request failed
)

// A TaskStatus is what is known about one task.
type TaskStatus struct {
	Name    string
	Handler string // that added the task, where that is known
	State   TaskState
	Attempt int   // the one that runs, or was the last; 0 if none has begun
	Err     error // of the last attempt, if it failed
}

// Status returns what is known about a task. By an id that was parsed it finds the tasks
// whose id was asked for with String: those that have not ended, and the last 1,000 that
// have. Engines are asked for what they have stored.
func (r *Runner) Status(id TaskID) (TaskStatus, bool) {
	status, known := r.Core().Status(core.ID(id))
	return TaskStatus(status), known
}

// Cancel keeps a task from running, or ends the context of one that runs, and reports
// whether it did. It cannot if the task has ended, or if its engine cannot.
func (r *Runner) Cancel(id TaskID) bool { return r.Core().Cancel(core.ID(id)) }

// List returns tasks that wait or run in this process, at most so many of each state. Of
// those that run, the ones that have run for longest come first. Of those that wait, the
// ones that wait for their turn come first; they have no time [engine.Task.At]. With this
// method a Runner is an [engine.Lister], so that a page can show both alike. Its error is
// always nil.
func (r *Runner) List(_ context.Context, most int) (engine.Listing, error) {
	return r.Core().List(most), nil
}
