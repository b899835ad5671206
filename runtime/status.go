package runtime

import (
	"context"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A TaskID says which task one means. It is made when it is first written down,
// and costs nothing until then.
type TaskID core.ID

// ParseTaskID is the id that was written down as text.
func ParseTaskID(text string) TaskID { return TaskID(core.ParseID(text)) }

// String is the id as text of 26 letters and digits, "" for the zero value. A
// program that asks for it can ask for the task's status while it is one of the
// last 1,000 that have ended.
func (id TaskID) String() string { return core.ID(id).String() }

// MarshalText is String, for JSON.
func (id TaskID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is ParseTaskID.
func (id *TaskID) UnmarshalText(text []byte) error {
	*id = ParseTaskID(string(text))
	return nil
}

// A TaskState is what has become of a task.
type TaskState = engine.State

const (
	Queued    = engine.Queued // waits: for its turn, for its time, or for another attempt
	Running   = engine.Running
	Done      = engine.Done
	Failed    = engine.Failed    // in its last attempt
	Cancelled = engine.Cancelled // by Cancel, or because its request failed
)

// A TaskStatus is what is known of a task.
type TaskStatus struct {
	Name    string
	Handler string // that added it, where that is known
	State   TaskState
	Attempt int   // the one that runs, or was the last; 0: none has begun
	Err     error // of the last one, where it failed
}

// Status is what is known of a task: of those that were asked for by text, the
// last 1,000 that have ended.
func (r *Runner) Status(id TaskID) (TaskStatus, bool) {
	status, known := r.Core().Status(core.ID(id))
	return TaskStatus(status), known
}

// Cancel keeps a task from running, or ends the context of one that runs. It reports
// whether it did: not if the task has ended, or has an engine that cannot.
func (r *Runner) Cancel(id TaskID) bool { return r.Core().Cancel(core.ID(id)) }

// List returns the tasks that have not ended and that are in the memory of this
// process, or run in it: at most so many of each state. Of those that run, the ones
// that have run for longest come first; then those that wait for their turn, and
// those that wait for their time, [engine.Task.At], in its order. It makes a Runner
// an [engine.Lister], so that a page can show it as it shows an engine.
func (r *Runner) List(_ context.Context, most int) (engine.Listing, error) {
	return r.Core().List(most), nil
}
