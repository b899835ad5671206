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
// returns the tasks that were left, and why.
func (r *Runner) Shutdown(ctx context.Context) (left []Left, err error) {
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

// A Left is a task that a Shutdown has left behind.
type Left struct {
	Name, Handler string
	ID            string        // "": nobody has asked for it
	Running       time.Duration // 0: it has not started
}

// left is the tasks that have not ended, and whether one is running.
func (b *Unit) left() (list []Left, busy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare != nil && b.rare.named {
		return nil, false
	}
	busy = b.runsLocked()
	if busy && (b.rare == nil || !b.rare.again) { // or else another unit has it
		list = append(list, Left{b.tasks[b.next].name(), b.handler, b.knownLocked(b.next), max(now()-b.began, 1)})
	}
	for n, t := range b.pendingLocked() {
		list = append(list, Left{t.name(), b.handler, b.knownLocked(n), 0})
	}
	b.extraLocked().named = true
	return list, busy
}

// isNamed reports whether a Shutdown has told of the tasks that had not ended.
func (b *Unit) isNamed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rare != nil && b.rare.named
}

// knownLocked is the text of the id of a task, if somebody has asked for it before.
func (b *Unit) knownLocked(n int32) string {
	if r := b.recordLocked(n); r != nil {
		return r.id
	}
	return ""
}
