package core

import (
	"context"
	"slices"
	"sync"
)

// A Kind bounds how many tasks of one definition run at once in a process.
// Those that wait hold no worker; calls of an engine wait where they are.
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

// EnterCall takes a place for a call of an engine, when one is free.
func (k *Kind) enterCall(ctx context.Context) error {
	k.mu.Lock()
	if k.running < k.limit {
		k.running++
		k.mu.Unlock()
		return nil
	}
	free := make(chan struct{})
	k.calls = append(k.calls, free)
	k.mu.Unlock()
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
