package runtime

import (
	"context"
	"fmt"
	"strings"
)

// Idle waits until no task runs or waits and no request is in flight that could add one.
// If ctx ends first, it returns the cause of that.
func (r *Runner) Idle(ctx context.Context) error { return r.Core().Idle(ctx) }

// Shutdown waits until all tasks have run. Requests that may add tasks are answered with
// 503 from now on; those in flight may still add some. Call Shutdown after the Shutdown of
// the server, or use [Serve], which does.
//
// If ctx ends first, the context of the tasks that run is cancelled and no other task is
// started. A task that waits for its time, or for another attempt, and is not due before
// the deadline of ctx is given up at once. In both cases Shutdown returns a
// [*ShutdownError] with the names of the tasks that were left.
func (r *Runner) Shutdown(ctx context.Context) error {
	left, err := r.Core().Shutdown(ctx)
	if err != nil {
		return &ShutdownError{Left: left, cause: err}
	}
	return nil
}

// A ShutdownError is the error of a [Runner.Shutdown] that has left tasks behind.
type ShutdownError struct {
	// Left are the names of the tasks that had not ended. For those that were running
	// it says how long they had. It is empty if only requests were in flight.
	Left []string

	cause error
}

func (e *ShutdownError) Error() string {
	if len(e.Left) == 0 {
		return fmt.Sprintf("requests were still in flight: %v", e.cause)
	}
	const most = 20 // a log line, not a dump: Left has them all
	names := e.Left
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	return fmt.Sprintf("%d background tasks left: %s%s: %v", len(e.Left), strings.Join(names, ", "), more, e.cause)
}

// Unwrap returns why the waiting has ended: the cause of the context of Shutdown.
func (e *ShutdownError) Unwrap() error { return e.cause }
