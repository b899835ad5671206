package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/bggen/bggen/runtime/internal/failure"
)

// ErrUnknownTask is the error of a call of a task that is not registered in this
// process. The call should wait for a process that knows the task.
var ErrUnknownTask = errors.New("no task of that name is registered")

// ErrNoPlace is the error of a call that could not begin because as many calls
// of its task run as its limit allows. No attempt was made. The engine gives its
// slot to other calls, and offers the call again after [PlaceWait].
var ErrNoPlace = errors.New("as many calls of the task run as its limit allows")

// PlaceWait returns how long a call that had no place waits until it is offered
// again. The wait is random, so that such calls do not all come at the same
// moment.
func PlaceWait() time.Duration { return time.Second + rand.N(2*time.Second) }

// ErrStopped is the cause with which an engine cancels the context of a call when
// the process stops and the call is to run again later. The attempt does not
// count as failed then.
var ErrStopped = errors.New("the process stops")

// A PanicError is the error of a task that panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the task, as debug.Stack formats it
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value a task panicked with, if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// IsPermanent reports whether the task has marked err with runtime.Permanent.
// Then the call is not tried again.
func IsPermanent(err error) bool {
	_, ok := errors.AsType[failure.Permanent](err)
	return ok
}

// RetryDelay returns the wait that the task has asked for with
// runtime.RetryAfter. It reports false if the task has not asked for any.
func RetryDelay(err error) (time.Duration, bool) {
	r, ok := errors.AsType[failure.RetryAfter](err)
	return r.After, ok
}

// Backoff returns how long to wait before the next attempt of a call. failed is
// how many attempts have failed, and err the error of the last one. If err asks
// for a certain wait, that is returned. Otherwise the wait is random, up to
// Call.Backoff doubled for each failed attempt after the first.
func Backoff(c Call, failed int, err error) time.Duration {
	if after, ok := RetryDelay(err); ok {
		return after
	}
	longest := c.Backoff
	if longest <= 0 {
		longest = time.Second
	}
	for ; failed > 1 && longest < maxBackoff; failed-- {
		longest *= 2
	}
	return rand.N(min(longest, maxBackoff) + 1)
}

const maxBackoff = 10 * time.Minute

type slotsKey struct{}

// WithSlots returns a context that says how many calls of the queue of a call run at
// once in this process. An engine that knows it passes it to run, so that calls of tasks
// with a limit, which wait for a place, leave some of them to others.
func WithSlots(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, slotsKey{}, n)
}

// Slots returns the number that was given to [WithSlots], or 0.
func Slots(ctx context.Context) int {
	n, _ := ctx.Value(slotsKey{}).(int)
	return n
}

type attemptsKey struct{}

// WithAttemptsBefore returns a context that says how many attempts of a call
// have been made before the one that runs with it. An engine passes it to run.
func WithAttemptsBefore(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, attemptsKey{}, n)
}

// AttemptsBefore returns the number that was given to [WithAttemptsBefore], or
// 0.
func AttemptsBefore(ctx context.Context) int {
	n, _ := ctx.Value(attemptsKey{}).(int)
	return n
}
