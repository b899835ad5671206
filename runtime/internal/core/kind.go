package core

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A Kind bounds how many tasks of one definition run at once in a process.
// Those that wait hold no worker. Calls of an engine hold a slot of it while they
// wait: so only a few do, for a moment, and the others go back to the engine.
type Kind struct {
	limit   int
	runner  *Runner
	mu      sync.Mutex
	running int
	waiting unitQueue
	calls   []chan struct{} // of calls that wait; closed for the one that has a place
}

// NewKind returns a Kind of which at most limit tasks run at once.
func (r *Runner) NewKind(limit int) *Kind { return &Kind{limit: limit, runner: r} }

// enter takes a place for the task that b is to run. Where there is none, b is
// parked until one is free.
func (k *Kind) enter(b *Unit) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running < k.limit {
		k.running++
		return true
	}
	b.park()
	k.waiting.push(b)
	return false
}

const (
	// placeWait is how long a call of an engine waits for a place. The attempt
	// begins after it, and engines add it to the time that they allow a call.
	placeWait = time.Second

	// fewCalls is how many wait at once, where limit is not more.
	fewCalls = 8
)

// enterCall takes a place for a call of an engine, when one is free. Where that
// is not soon, the error is [engine.ErrNoPlace].
func (k *Kind) enterCall(ctx context.Context) error {
	k.mu.Lock()
	if k.running < k.limit {
		k.running++
		k.mu.Unlock()
		return nil
	}
	if len(k.calls) >= k.mostCalls(engine.Slots(ctx)) {
		k.mu.Unlock()
		return engine.ErrNoPlace
	}
	free := make(chan struct{})
	k.calls = append(k.calls, free)
	k.mu.Unlock()
	ctx, cancel := context.WithTimeoutCause(ctx, placeWait, engine.ErrNoPlace)
	defer cancel()
	select {
	case <-free:
		return nil
	case <-ctx.Done():
	}
	k.mu.Lock()
	i := slices.Index(k.calls, free)
	if i >= 0 {
		k.calls = slices.Delete(k.calls, i, i+1)
	}
	k.mu.Unlock()
	if i < 0 { // it was given a place all the same
		k.leave()
	}
	return context.Cause(ctx)
}

// mostCalls is how many calls may wait for a place where there are so many slots, 0 if
// that is not known: no more than half of those that the task leaves to others.
func (k *Kind) mostCalls(slots int) int {
	most := max(k.limit, fewCalls)
	if slots > 0 {
		most = min(most, (slots-k.limit)/2)
	}
	return most
}

// leave gives a place back, or hands it on.
func (k *Kind) leave() {
	k.mu.Lock()
	next := k.waiting.pop()
	switch {
	case next != nil:
	case len(k.calls) > 0:
		close(k.calls[0])
		k.calls = k.calls[1:]
	default:
		k.running--
	}
	k.mu.Unlock()
	if next != nil {
		k.runner.start(next)
	}
}
