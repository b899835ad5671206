package runtime

import "time"

// A TaskOption changes how one task is run or reported.
type TaskOption func(*taskSpec)

// taskSpec is what options, and its definition, say of a task.
type taskSpec struct {
	name      string
	task      string        // of a portable one: what it is registered as
	timeout   time.Duration // of an attempt; 0: as the runner says
	attempts  int           // 0: one
	backoff   time.Duration // before the second attempt; 0: a second
	at        time.Time     // not before; zero: in its turn
	queue     string        // of an engine
	unique    string        // for an engine
	when      when
	unordered bool

	kind    *kind // of a task with a limit; nil: there is none
	attempt int   // how many attempts have failed
}

// when says after which requests a task runs.
type when uint8

const (
	afterSuccess when = iota
	afterFailure
	afterBoth
)

// specWith is base changed by opts. Without options it is base itself.
func specWith(base *taskSpec, opts []TaskOption) *taskSpec {
	if len(opts) == 0 {
		return base
	}
	spec := base.clone()
	for _, opt := range opts {
		opt(spec)
	}
	return spec
}

func (s *taskSpec) clone() *taskSpec {
	c := new(taskSpec)
	if s != nil {
		*c = *s
	}
	return c
}

// leavesLine reports whether the task neither waits for the others of its
// request nor is waited for.
func (s *taskSpec) leavesLine() bool { return s != nil && (s.unordered || !s.at.IsZero()) }

// runsAfter reports whether the task runs after a request that has failed, or
// has not.
func (s *taskSpec) runsAfter(failed bool) bool {
	switch {
	case s == nil || s.when == afterSuccess:
		return !failed
	case s.when == afterFailure:
		return failed
	}
	return true
}

// Named names a task in reports. A closure without a name is reported by the
// file and line where it is written.
func Named(name string) TaskOption { return func(s *taskSpec) { s.name = name } }

// Delay has a task run no earlier than d after it was added. It leaves the line
// of its request: the tasks after it do not wait.
func Delay(d time.Duration) TaskOption { return func(s *taskSpec) { s.at = time.Now().Add(d) } }

// At is Delay until a moment.
func At(t time.Time) TaskOption { return func(s *taskSpec) { s.at = t } }

// Timeout ends the context of each attempt after d. A task that does not look
// at its context goes on.
func Timeout(d time.Duration) TaskOption { return func(s *taskSpec) { s.timeout = d } }

// Attempts has a task that fails or panics run again, n times in all, unless its
// error is [Permanent]. In between it leaves the line of its request.
func Attempts(n int) TaskOption { return func(s *taskSpec) { s.attempts = n } }

// Backoff is the longest wait before the second attempt, one second unless
// given. It is doubled for each further one, up to ten minutes; the wait is
// random between none and that, so that what failed together does not come back
// together ("full jitter": Marc Brooker, Exponential Backoff And Jitter, 2015).
func Backoff(first time.Duration) TaskOption { return func(s *taskSpec) { s.backoff = first } }

// Queue names the queue of an engine. In this process there is one line.
func Queue(name string) TaskOption { return func(s *taskSpec) { s.queue = name } }

// Unique has an engine store no second task with that key while one waits; with
// some engines, while it runs as well. In this process it means nothing.
func Unique(key string) TaskOption { return func(s *taskSpec) { s.unique = key } }

// OnFailure has a task run if the request fails, and only then.
func OnFailure() TaskOption { return func(s *taskSpec) { s.when = afterFailure } }

// Always has a task run whether the request fails or not.
func Always() TaskOption { return func(s *taskSpec) { s.when = afterBoth } }

// Unordered has a task neither wait for those of its request that were added
// before, nor keep those after it waiting.
func Unordered() TaskOption { return func(s *taskSpec) { s.unordered = true } }
