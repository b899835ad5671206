package runtime

import (
	"context"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
	"github.com/bggen/bggen/runtime/internal/failure"
)

// TaskInfo says which task a report is about.
type TaskInfo struct {
	Name    string // import path and function, what Named said, or the file and line of a closure
	Handler string // package and function of the handler that added it; "" where an engine runs what others have stored
	Attempt int    // 1 for the first
	ID      string // if it was written down, an attempt has failed, or an engine runs the task

	// Due is since when the attempt could have begun: its response had ended,
	// its wait was over, or a task had added it. Of one that an engine runs it
	// is what At or Delay asked for, of the first attempt. Zero: it was not
	// noted, as it is for Runner.Around only.
	Due time.Time

	// RetryIn is how long it is until the next attempt, of a report; 0: there
	// is none.
	RetryIn time.Duration
}

// InfoOf says which task runs with that context, or was given one made from it.
func InfoOf(ctx context.Context) (TaskInfo, bool) {
	info, ok := core.InfoOf(ctx)
	return TaskInfo(info), ok
}

// A PanicError is the error of a task that panicked: it has the value and the
// stack.
type PanicError = engine.PanicError

// Permanent marks the error of a task for which there is no use in another
// attempt.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return failure.Permanent{Err: err}
}

// RetryAfter has the next attempt of a task made no earlier than after d, in
// place of its backoff.
func RetryAfter(err error, d time.Duration) error {
	if err == nil {
		return nil
	}
	return failure.RetryAfter{Err: err, After: d}
}
