package runtime

import (
	"context"
	"encoding/json"
	"time"
)

// A ListEngine tells what it has, whichever process has stored it or runs it.
type ListEngine interface {
	Engine

	// List is the tasks that wait, run, or have failed for good: at most so many
	// of each state, from 1 to 1,000, those that are due first, run for longest
	// and failed last.
	List(ctx context.Context, most int) (Listing, error)
}

// A RetryEngine can try a task again that has failed for good: once at least, and
// at most as often as it was to be tried at first.
type RetryEngine interface {
	Engine

	// Retry reports whether it does: not if the task has not failed, or is not
	// known.
	Retry(ctx context.Context, id string) (bool, error)
}

// A Listing is what an engine has at one moment.
type Listing struct {
	Tasks []ListedTask
	Total map[TaskState]int // of Queued, Running and Failed; more than Tasks, if those are not all
}

// A ListedTask is a task that an engine has.
type ListedTask struct {
	ID string // "": it can be neither cancelled nor retried from here
	TaskStatus
	Args json.RawMessage

	// At is when a task is due that is Queued, when the attempt of one began
	// that is Running, and when one that has Failed did. Zero: it is not known.
	At time.Time
}
