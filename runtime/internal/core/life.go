package core

import (
	"context"
	"errors"
)

// Begin takes a slot for a unit of work of handler. The turn is that of the
// request, and zero where the end of a response is not to be waited for.
func (r *Runner) Begin(ctx context.Context, handler string, turn Turn) (*Unit, error) {
	r.init()
	if err := r.slots.take(ctx, r.wait()); err != nil {
		return nil, err
	}
	return &Unit{runner: r, handler: handler, values: ctx, turn: turn}, nil
}

// BeginCollect is Begin for middleware: adapters below it join the unit.
func (r *Runner) BeginCollect(ctx context.Context, turn Turn) (*Unit, error) {
	u, err := r.Begin(ctx, "", turn)
	if err == nil {
		u.rare = &rare{joined: true}
	}
	return u, err
}

// Commit accepts the tasks of a unit whose work has succeeded: those of engines
// are stored, and the others run when it ends. With an error nothing is
// accepted, and the work has failed.
func (b *Unit) Commit(ctx context.Context) error {
	if err := b.Refused(); err != nil {
		return err
	}
	if b.runner.life.Err() != nil && b.Len() > 0 {
		return ErrClosed
	}
	if err := b.Store(ctx); err != nil {
		return err
	}
	b.accept(false)
	return nil
}

// Store stores the tasks of engines.
func (b *Unit) Store(ctx context.Context) error { return b.runner.store(ctx, b.takeCalls(false)) }

// CommitCollected is Commit for middleware, whose response is under way: what
// cannot be accepted is lost, and reported.
func (b *Unit) CommitCollected(ctx context.Context) {
	b.mu.Lock()
	b.rare.joined = false
	b.mu.Unlock()
	if err := errors.Join(b.Refused(), b.Store(ctx)); err != nil {
		b.runner.Log().ErrorContext(ctx, "tasks lost", "handler", b.handler, "error", err)
	}
	b.accept(false)
}

// Fail drops the tasks of a unit whose work has failed, but those that are to run
// then. Where the runner's life is over, these are named as lost.
func (b *Unit) Fail(ctx context.Context) {
	b.storeFailed(ctx)
	if !b.accept(true) {
		b.discard()
	}
}

// FailPart is Fail for an adapter that has joined the unit of middleware: what is
// kept is for the middleware to accept.
func (b *Unit) FailPart(ctx context.Context) {
	b.storeFailed(ctx)
	b.keepFailed()
}

// Accepted reports whether there are tasks that will run.
func (b *Unit) Accepted() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stage == sealed
}

// End starts what was accepted when the response has ended, or gives the slot of
// the unit back. What was added since it was committed is accepted too.
func (b *Unit) End() {
	b.mu.Lock()
	accepted := b.stage == sealed
	added := !accepted && b.sealLocked(false)
	if !accepted && !added {
		b.discardLocked()
	}
	b.mu.Unlock()
	switch {
	case accepted:
		b.runner.startAfterTurn(b)
	case added:
		b.runner.accepted.add(b)
		b.runner.startAfterTurn(b)
	default:
		b.letGo()
		b.runner.slots.release()
	}
}

// accept accepts the tasks of b that run after work that has failed, or has not,
// and reports whether there are any.
func (b *Unit) accept(failed bool) bool {
	if !b.seal(failed) {
		return false
	}
	b.runner.accepted.add(b)
	return true
}

// storeFailed stores the engine tasks of work that has failed.
func (b *Unit) storeFailed(ctx context.Context) {
	if err := b.runner.store(ctx, b.takeCalls(true)); err != nil {
		b.runner.Log().ErrorContext(ctx, "tasks lost that were to run after a failure", "handler", b.handler, "error", err)
	}
}

// Do runs f in a unit of work of its own.
func (r *Runner) Do(ctx context.Context, f func(*Unit) error) error {
	b, err := r.Begin(ctx, "Runner.Do", Turn{})
	if err != nil {
		return err
	}
	failed := true
	defer func() {
		if failed { // or panicked
			b.Fail(ctx)
		}
		b.End()
	}()
	err = f(b)
	if err == nil {
		err = b.Commit(ctx)
	}
	failed = err != nil
	return err
}

// Joined returns the unit of middleware around a request, for the adapter of
// handler to add to; nil if there is none.
func (r *Runner) Joined(ctx context.Context, handler string) *Unit {
	if !r.collects.Load() {
		return nil
	}
	b := FromContext(ctx)
	if b == nil || b.runner != r {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stage != collecting || b.rare == nil || !b.rare.joined {
		return nil
	}
	if b.handler == "" {
		b.handler = handler
	}
	return b
}

// Collects notes that some requests have a unit of middleware.
func (r *Runner) Collects() { r.collects.Store(true) }

// FromContext returns the unit of the middleware around a request, or of the task
// that runs with ctx; nil if there is none.
func FromContext(ctx context.Context) *Unit {
	b, _ := ctx.Value(collectorKey{}).(*Unit)
	return b
}

// WithUnit returns a context in which FromContext finds b.
func WithUnit(ctx context.Context, b *Unit) context.Context {
	return context.WithValue(ctx, collectorKey{}, b)
}

// Handler returns the name of the handler that the reports of b name.
func (b *Unit) Handler() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.handler
}

// TaskContext returns the context of the tasks of b.
func (b *Unit) TaskContext() context.Context { return (*taskContext)(b) }

// Flushes reports whether the tasks of b can start only after the response was
// flushed.
func (b *Unit) Flushes() bool { return b.turn.IsZero() }
