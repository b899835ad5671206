package runtime

import (
	"context"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
	"github.com/bggen/bggen/runtime/internal/failure"
)

// A TaskInfo says which attempt of which task something is about.
type TaskInfo struct {
	Name    string // import path and function; or what Named said; or file and line of a closure
	Handler string // package and function of the handler that added the task, where that is known
	Attempt int    // 1 for the first
	ID      string // if somebody has asked for it, an attempt has failed, or an engine runs the task

	// Due is the time from which the attempt could have begun, for functions in
	// Runner.Around. When an engine runs the task it is what At or Delay asked for.
	// Zero means that it is not known.
	Due time.Time

	// RetryIn is the time until the next attempt, in Runner.OnError. 0 means that there
	// is none.
	RetryIn time.Duration
}

// InfoOf returns which task runs with ctx, or with a context that ctx is made from. It
// reports false if no task does.
func InfoOf(ctx context.Context) (TaskInfo, bool) {
	info, ok := core.InfoOf(ctx)
	return TaskInfo(info), ok
}

// A PanicError is the error of a task that panicked. It has the Value that the task
// panicked with and the Stack of the task.
type PanicError = engine.PanicError

// Permanent marks the error of a task, so that the task is not tried again. It returns
// nil if err is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return failure.Permanent{Err: err}
}

// RetryAfter marks the error of a task, so that its next attempt is made after d in place
// of its [Backoff]. It returns nil if err is nil.
func RetryAfter(err error, d time.Duration) error {
	if err == nil {
		return nil
	}
	return failure.RetryAfter{Err: err, After: d}
}
