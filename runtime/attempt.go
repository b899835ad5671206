package runtime

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"
)

// Permanent marks the error of a task for which there is no use in another
// attempt.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// IsPermanent reports whether err, or an error in it, was marked by
// [Permanent]. It is what engines ask.
func IsPermanent(err error) bool {
	_, ok := errors.AsType[permanent](err)
	return ok
}

// RetryAfter has the next attempt of a task made no earlier than after d, in
// place of its backoff.
func RetryAfter(err error, d time.Duration) error {
	if err == nil {
		return nil
	}
	return retryAfter{err, d}
}

type retryAfter struct {
	error
	after time.Duration
}

func (r retryAfter) Unwrap() error { return r.error }

// RetryDelay is the wait that [RetryAfter] asked for in err, if it did. It is
// what engines ask.
func RetryDelay(err error) (time.Duration, bool) {
	r, ok := errors.AsType[retryAfter](err)
	return r.after, ok
}

const maxBackoff = 10 * time.Minute

// backoff is a wait before another attempt, when some have failed.
func backoff(first time.Duration, failed int) time.Duration {
	if first <= 0 {
		first = time.Second
	}
	for ; failed > 1 && first < maxBackoff; failed-- {
		first *= 2
	}
	return rand.N(min(first, maxBackoff) + 1)
}

// BackoffFor is the wait before the next attempt of a call of which so many
// have failed. It is what engines ask that leave the waiting to us.
func BackoffFor(c Call, failed int, err error) time.Duration { return waitFor(c.Backoff, failed, err) }

// waitFor is the wait before another attempt: what the error asks for, or else
// the backoff.
func waitFor(first time.Duration, failed int, err error) time.Duration {
	if after, ok := RetryDelay(err); ok {
		return after
	}
	return backoff(first, failed)
}

// attempt runs t once. It returns to its caller whatever the task does, unless
// the task ends its goroutine.
func (r *Runner) attempt(b *BackgroundTasks, t taken) {
	err := errGoexit
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
		if t.spec != nil && t.spec.kind != nil {
			t.spec.kind.leave()
		}
		r.ended(b, t, err)
	}()
	if (t.spec == nil || t.spec.timeout == 0) && r.Timeout == 0 && len(r.Around) == 0 {
		err = t.run((*taskContext)(b))
	} else {
		err = r.runWith(b, t)
	}
}

// runWith runs t with what it has, or the runner has, beside its function.
func (r *Runner) runWith(b *BackgroundTasks, t taken) error {
	var ctx context.Context = (*taskContext)(b)
	timeout := r.Timeout
	if t.spec != nil && t.spec.timeout != 0 {
		timeout = t.spec.timeout
	}
	if timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, timeout, errTimeout)
		defer cancel()
		ctx = limited
	}
	return r.around(t.run)(ctx)
}

// around is run within all that is in r.Around.
func (r *Runner) around(run TaskFunc) TaskFunc {
	for _, wrap := range slices.Backward(r.Around) {
		run = wrap(run)
	}
	return run
}

var errTimeout = errors.New("the attempt ran out of time")

// ended goes on after an attempt: with another one, or with a report.
func (r *Runner) ended(b *BackgroundTasks, t taken, err error) {
	if r.observer.Load() != nil {
		r.observed(t.name(), b.took(), err)
	}
	if err == nil {
		r.ran.Add(1)
		return
	}
	info := t.info(b)
	info.ID = b.nameRunning()
	failed, most := 1, 1
	if t.spec != nil {
		failed, most = t.spec.attempt+1, max(t.spec.attempts, 1)
	}
	if failed < most && !IsPermanent(err) && r.life.Err() == nil && !b.wasCancelled() {
		wait := waitFor(t.spec.backoff, failed, err)
		r.retried.Add(1)
		spec := t.spec.clone()
		spec.attempt, spec.at = failed, time.Now().Add(wait)
		b.detachRunning(task{t.run, spec}) // before somebody else's code, which may end the goroutine
		r.report(b, info, err, wait, true)
		return
	}
	r.ran.Add(1)
	r.failed.Add(1)
	b.failed(err)
	r.report(b, info, err, 0, false)
}
