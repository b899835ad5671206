package core

import (
	"context"
	"errors"
	"time"
)

// Idle waits until no slot is taken.
func (r *Runner) Idle(ctx context.Context) error {
	r.init()
	return r.slots.idle(ctx)
}

// Shutdown stops accepting, and waits until all that was accepted has run. It
// returns the names of the tasks that were left, and why.
func (r *Runner) Shutdown(ctx context.Context) (left []string, err error) {
	r.init()
	r.Drain()
	if deadline, ok := ctx.Deadline(); ok {
		r.closing.Store(&deadline)
	}
	r.slots.close()
	r.giveUp()
	err = r.slots.idle(ctx)
	left = r.accepted.left()
	r.mu.Lock()
	left = append(left, r.notDue...)
	r.mu.Unlock()
	switch {
	case err != nil:
		r.kill()
		over := time.Now()
		r.closing.Store(&over)
		r.giveUp() // nothing waits for its time any more
	case len(left) > 0:
		err = errNotDue
	default:
		return nil, nil
	}
	return left, err
}

var errNotDue = errors.New("they are not due before the deadline")

// giveUp gives up what is not due in time.
func (r *Runner) giveUp() {
	deadline := r.closing.Load()
	if deadline == nil {
		return
	}
	for _, b := range r.accepted.all() {
		if b.stopWaiting(*deadline) {
			r.leave(b)
		}
	}
}

// left names the tasks that have not ended, and says whether one is running.
func (b *Unit) left() (names []string, busy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare != nil && b.rare.named {
		return nil, false
	}
	busy = b.runsLocked()
	if busy && (b.rare == nil || !b.rare.again) { // or else another unit has it
		names = append(names, b.tasks[b.next].name()+" (running for "+rounded(now()-b.began)+")")
	}
	for _, t := range b.pendingLocked() {
		names = append(names, t.name())
	}
	b.extraLocked().named = true
	return names, busy
}

func rounded(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
