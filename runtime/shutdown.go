package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// Stats says what a runner does at one moment. The numbers are read one after the other,
// so they may not add up exactly.
type Stats struct {
	Slots   int    `json:"slots"`   // places of the Queue that are taken, by requests in flight or until their tasks have ended
	Waiting int    `json:"waiting"` // requests whose tasks wait, for the end of the response or for a worker
	Delayed int    `json:"delayed"` // tasks that wait for their time or for another attempt
	Running int    `json:"running"` // requests whose tasks run
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
