package runtime

import (
	"context"
	"fmt"
	"strings"
)

// Stats is what a runner does at one moment. The numbers are taken one after the
// other: while much happens, they may not add up.
type Stats struct {
	Slots   int    // taken: by requests in flight, and by collectors until their tasks have ended
	Waiting int    // collectors whose response has not ended, or that wait for a worker
	Running int    // collectors whose tasks run
	Ran     uint64 // tasks that have ended since the start
	Failed  uint64 // of these, those that failed or panicked
}

// Stats returns what the runner does now.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	running := r.running
	r.mu.Unlock()
	return Stats{
		Slots:   int(r.slots.used.Load()),
		Waiting: max(len(r.accepted.all())-running, 0),
		Running: running,
		Ran:     r.ran.Load(),
		Failed:  r.failed.Load(),
	}
}

// Idle waits until nothing runs or waits, and no request that could still add
// a task is in flight. It returns the context's cause if that comes first.
func (r *Runner) Idle(ctx context.Context) error {
	r.init()
	return r.slots.idle(ctx)
}

// Shutdown stops accepting, and waits until all that was accepted has run.
// Requests that would need the runner are answered with 503 from now on; those
// in flight may still add tasks. Call it after the server's Shutdown, or use
// [Serve], which does.
//
// When ctx ends first, the context of the running tasks is cancelled, no other
// task is started, and the error is a [*ShutdownError] that names what was
// left.
func (r *Runner) Shutdown(ctx context.Context) error {
	r.init()
	r.slots.close()
	err := r.slots.idle(ctx)
	if err == nil {
		return nil
	}
	left := r.accepted.left() // before they are told to end
	r.kill()
	return &ShutdownError{Left: left, cause: err}
}

// ShutdownError is the error of a [Runner.Shutdown] that ran out of time.
type ShutdownError struct {
	// Left names the tasks that had not ended; those that were running are
	// marked so. It is empty when only requests were in flight.
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
