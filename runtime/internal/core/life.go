package core

import (
	"context"
)

// Begin takes a slot for a unit of work of handler. The turn is that of the request,
// and zero where the end of a response is not to be waited for.
func (r *Runner) Begin(ctx context.Context, handler string, turn Turn) (*Unit, error) {
	r.init()
	if err := r.slots.take(ctx, r.wait()); err != nil {
		return nil, err
	}
	return &Unit{runner: r, handler: handler, values: ctx, turn: turn}, nil
}

// Commit says that the work has succeeded: its calls of engines are stored, and its
// tasks of this process accepted. With an error nothing is accepted, and the work
// has failed. A nil unit has nothing to accept.
func (b *Unit) Commit(ctx context.Context) error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	if err := b.refusedLocked(); err != nil {
		b.mu.Unlock()
		return err
	}
	if b.runner.life.Err() != nil && b.lenLocked() > 0 {
		b.mu.Unlock()
		return ErrClosed
	}
	if calls := b.takeCallsLocked(false); calls != nil {
		b.mu.Unlock()
		stored := namesOf(calls)
		if err := b.runner.store(ctx, calls); err != nil {
			return err
		}
		b.mu.Lock()
		if b.runner.life.Err() != nil && b.lenLocked() > 0 { // meanwhile
			b.mu.Unlock()
			return &partlyStored{stored, ErrClosed}
		}
	}
	accepted := b.sealLocked(false)
	b.mu.Unlock()
	if accepted {
		b.runner.accepted.add(b)
	}
	return nil
}

// Fail says that the work has failed: its tasks are dropped, but those that run then.
func (b *Unit) Fail(ctx context.Context) {
	if b != nil {
		b.storeFailed(ctx)
		b.acceptOrEnd(true)
	}
}

// End says that the response is written, as far as we can tell. The tasks start when
// its turn has ended: those that were accepted, or were added since. Where there is
// none, the slot is given back.
func (b *Unit) End() {
	switch {
	case b == nil:
	case b.Accepted() || b.acceptOrEnd(false):
		b.runner.startAfterTurn(b)
	default:
		b.letGo()
		b.runner.slots.release()
	}
}

// acceptOrEnd accepts the tasks that run after work that has failed, or has not, and
// reports whether there are any. If not, the unit has ended.
func (b *Unit) acceptOrEnd(failed bool) bool {
	b.mu.Lock()
	accepted := b.sealLocked(failed)
	if !accepted && b.state <= committed {
		b.discardLocked()
	}
	b.mu.Unlock()
	if accepted {
		b.runner.accepted.add(b)
	}
	return accepted
}

// Accepted reports whether there are tasks that will run. It is for who has begun the
// unit, before the End: until then nobody else changes its state.
func (b *Unit) Accepted() bool { return b != nil && b.state == sealed }

// Do runs f as the work of a unit.
func (r *Runner) Do(ctx context.Context, f func(*Unit) error) error {
	return r.do(ctx, "Runner.Do", f)
}

func (r *Runner) do(ctx context.Context, handler string, f func(*Unit) error) error {
	b, err := r.Begin(ctx, handler, Turn{})
	if err != nil {
		return err
	}
	defer b.End()
	failed := true
	defer func() {
		if failed { // or panicked
			b.Fail(ctx)
		}
	}()
	if err = f(b); err == nil {
		err = b.Commit(ctx)
	}
	failed = err != nil
	return err
}

// Refused returns the error of an Enqueue that fails the work, nil if there was none.
func (b *Unit) Refused() error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refusedLocked()
}

func (b *Unit) refusedLocked() error {
	if b.rare == nil {
		return nil
	}
	return b.rare.err
}

// sealLocked seals a unit, unless it was or there is nothing to run, and reports
// whether it did.
func (b *Unit) sealLocked(failed bool) bool {
	if b.state > committed {
		return false
	}
	b.chooseLocked(failed)
	if b.firstLocked() == int32(len(b.tasks)) {
		return false
	}
	b.state = sealed
	return true
}

// chooseLocked drops the tasks that do not run after work that has failed, or has
// not.
func (b *Unit) chooseLocked(failed bool) {
	if !failed && (b.rare == nil || !b.rare.selected) {
		return
	}
	b.dropLocked(func(t Task) bool { return !t.spec.runsAfter(failed) })
	for int(b.next) < len(b.tasks) && b.tasks[b.next].run == nil {
		b.next++
	}
}

// drop drops everything: those tasks are cancelled.
func (b *Unit) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.discardLocked()
}

func (b *Unit) discardLocked() {
	b.dropLocked(func(Task) bool { return true })
	b.state, b.tasks, b.next = ended, nil, 0
	if b.rare != nil {
		b.rare.calls = nil
	}
}

// abandonLocked drops what was accepted and cannot run any more, and names it.
func (b *Unit) abandonLocked() (names []string) {
	for _, t := range b.tasks[b.next:] {
		if t.run != nil {
			names = append(names, t.name())
		}
	}
	b.discardLocked()
	return names
}

// dropLocked takes those tasks out of the line that have not started and for which
// which is true.
func (b *Unit) dropLocked(which func(Task) bool) {
	for i, t := range b.pendingLocked() {
		if which(t) {
			b.cancelledLocked(i)
			b.vacateLocked(i)
		}
	}
}

// vacateLocked takes the task at an index out of the line. One that is parked leaves
// its Kind behind: it is to be given a place.
func (b *Unit) vacateLocked(i int32) {
	if b.parkedLocked() && i == b.next {
		b.tasks[i] = Task{nil, &Spec{Kind: b.tasks[i].spec.Kind}}
	} else {
		b.tasks[i] = Task{}
	}
}
