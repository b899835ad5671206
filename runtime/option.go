package runtime

import (
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

// A TaskOption changes how one task is run or reported.
type TaskOption func(*core.Spec)

// Named names a task in reports. A closure without a name is reported by the
// file and line where it is written.
func Named(name string) TaskOption { return func(s *core.Spec) { s.Name = name } }

// Delay has a task run no earlier than d after it was added. It leaves the line
// of its request: the tasks after it do not wait.
func Delay(d time.Duration) TaskOption { return func(s *core.Spec) { s.At = time.Now().Add(d) } }

// At is Delay until a moment.
func At(t time.Time) TaskOption { return func(s *core.Spec) { s.At = t } }

// Timeout ends the context of each attempt after d. A task that does not look
// at its context goes on.
func Timeout(d time.Duration) TaskOption { return func(s *core.Spec) { s.Timeout = d } }

// Attempts has a task that fails or panics run again, n times in all, unless its
// error is [Permanent]. In between it leaves the line of its request.
func Attempts(n int) TaskOption { return func(s *core.Spec) { s.Attempts = n } }

// Backoff is the longest wait before the second attempt, one second unless
// given. It is doubled for each further one, up to ten minutes; the wait is
// random between none and that, so that what failed together does not come back
// together ("full jitter": Marc Brooker, Exponential Backoff And Jitter, 2015).
func Backoff(first time.Duration) TaskOption { return func(s *core.Spec) { s.Backoff = first } }

// Queue names the queue of an engine. In this process there is one line.
func Queue(name string) TaskOption { return func(s *core.Spec) { s.Queue = name } }

// Unique has an engine store no second task with that key while one waits; with
// some engines, while it runs as well. In this process it means nothing.
func Unique(key string) TaskOption { return func(s *core.Spec) { s.Unique = key } }

// OnFailure has a task run if the request fails, and only then.
func OnFailure() TaskOption { return func(s *core.Spec) { s.When = core.AfterFailure } }

// Always has a task run whether the request fails or not.
func Always() TaskOption { return func(s *core.Spec) { s.When = core.AfterBoth } }

// Unordered has a task neither wait for those of its request that were added
// before, nor keep those after it waiting.
func Unordered() TaskOption { return func(s *core.Spec) { s.Unordered = true } }
