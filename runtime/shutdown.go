package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// Stats is what a runner does at one moment. The numbers are taken one after the
// other: while much happens, they may not add up.
type Stats struct {
	Slots   int    `json:"slots"`   // taken: by requests in flight, and by collectors until their tasks have ended
	Waiting int    `json:"waiting"` // collectors whose response has not ended, or that wait for a worker
	Delayed int    `json:"delayed"` // tasks that are not due yet, or are to be tried again
	Running int    `json:"running"` // collectors whose tasks run
	Ran     uint64 `json:"ran"`     // tasks that have ended since the start
	Failed  uint64 `json:"failed"`  // of these, those that failed or panicked in their last attempt
	Retried uint64 `json:"retried"` // attempts that failed and were not the last
}

// String is Stats as JSON, so that a runner is an [expvar.Var]:
//
//	expvar.Publish("tasks", &runner)
//
// The package expvar is the program's to import: it adds a handler to
// [http.DefaultServeMux].
func (r *Runner) String() string {
	text, err := json.Marshal(r.Stats())
	if err != nil { // it is made of numbers
		panic(err)
	}
	return string(text)
}

// Stats returns what the runner does now.
func (r *Runner) Stats() Stats { return Stats(r.Core().Stats()) }

// Idle waits until nothing runs or waits, and no request that could still add
// a task is in flight. It returns the context's cause if that comes first.
func (r *Runner) Idle(ctx context.Context) error { return r.Core().Idle(ctx) }

// Shutdown stops accepting, and waits until all that was accepted has run.
// Requests that would need the runner are answered with 503 from now on; those
// in flight may still add tasks. Call it after the server's Shutdown, or use
// [Serve], which does.
//
// When ctx ends first, the context of the running tasks is cancelled, no other
// task is started, and the error is a [*ShutdownError] that names what was
// left. A task that is not due before the deadline of ctx, since it is delayed
// or to be tried again, is given up at once, and named too.
func (r *Runner) Shutdown(ctx context.Context) error {
	left, err := r.Core().Shutdown(ctx)
	if err != nil {
		return &ShutdownError{Left: left, cause: err}
	}
	return nil
}

// ShutdownError is the error of a [Runner.Shutdown] that ran out of time.
type ShutdownError struct {
	// Left names the tasks that had not ended; those that were running are
	// marked so, with how long. It is empty when only requests were in flight.
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

// Unwrap is why the waiting ended: the cause of its context.
func (e *ShutdownError) Unwrap() error { return e.cause }
