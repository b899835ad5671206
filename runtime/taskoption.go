package runtime

import (
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

// A TaskOption changes how one task runs, or what reports call it. Options are given to
// [BackgroundTasks.Add] and to the generated functions that add a task.
type TaskOption func(*core.Spec)

// Named sets the name of a task in reports. Without it, a closure is called by the file
// and line where it is written.
func Named(name string) TaskOption { return func(s *core.Spec) { s.Name = name } }

// Delay lets a task run no earlier than d after it was added. The tasks that were added
// after it do not wait for it.
func Delay(d time.Duration) TaskOption { return func(s *core.Spec) { s.At = time.Now().Add(d) } }

// At lets a task run no earlier than at t. The tasks that were added after it do not
// wait for it.
func At(t time.Time) TaskOption { return func(s *core.Spec) { s.At = t } }

// Timeout ends the context of each attempt after d. A task that does not look at its
// context goes on.
func Timeout(d time.Duration) TaskOption { return func(s *core.Spec) { s.Timeout = d } }

// Attempts lets a task that fails or panics run again, until it has run n times. It is
// not tried again after an error that is marked as [Permanent]. The tasks that were
// added after it do not wait for the further attempts.
func Attempts(n int) TaskOption { return func(s *core.Spec) { s.Attempts = n } }

// Backoff sets the longest wait between the first and the second attempt. It is one
// second unless set. The longest wait doubles for each further attempt, up to ten
// minutes. The wait itself is random, between nothing and the longest one, so that tasks
// which failed together are not tried again together ("full jitter": Marc Brooker,
// Exponential Backoff And Jitter, 2015).
func Backoff(first time.Duration) TaskOption { return func(s *core.Spec) { s.Backoff = first } }

// Queue names the queue in which an engine stores a task. Without an engine it has no
// effect.
func Queue(name string) TaskOption { return func(s *core.Spec) { s.Queue = name } }

// Unique lets an engine store a task only if no other with the same key waits; some
// engines count those that run, too. Without an engine it has no effect.
func Unique(key string) TaskOption { return func(s *core.Spec) { s.Unique = key } }

// OnFailure lets a task run if the request fails, and only then.
func OnFailure() TaskOption { return func(s *core.Spec) { s.When = core.AfterFailure } }

// Always lets a task run whether the request fails or not.
func Always() TaskOption { return func(s *core.Spec) { s.When = core.AfterBoth } }

// Unordered lets a task run at once, beside those of its request. It does not wait for
// the tasks that were added before it, and those after it do not wait for it.
func Unordered() TaskOption { return func(s *core.Spec) { s.Unordered = true } }
