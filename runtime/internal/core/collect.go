package core

import (
	"context"
	"errors"
)

type collectorKey struct{}

// WithUnit returns a context in which FromContext finds b.
func WithUnit(ctx context.Context, b *Unit) context.Context {
	return context.WithValue(ctx, collectorKey{}, b)
}

// FromContext returns the unit of the middleware around a request, or of the task
// that runs with ctx; nil if there is none.
func FromContext(ctx context.Context) *Unit {
	b, _ := ctx.Value(collectorKey{}).(*Unit)
	return b
}

// Share begins a unit for middleware: the adapters below it share the unit, and each
// of them is a part of its work.
func (r *Runner) Share(ctx context.Context, turn Turn) (*Unit, error) {
	r.collects.Store(true)
	b, err := r.Begin(ctx, "", turn)
	if err == nil {
		b.rare = &rare{shared: true}
	}
	return b, err
}

// Joined returns the unit of middleware around a request, for the adapter of handler
// to add to; nil if there is none.
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
	if b.state != collecting || b.rare == nil || !b.rare.shared {
		return nil
	}
	if b.handler == "" {
		b.handler = handler
	}
	return b
}

// CommitPart is Commit for an adapter that has joined the unit: the tasks of this
// process are for the middleware to accept.
func (b *Unit) CommitPart(ctx context.Context) error {
	b.mu.Lock()
	calls := b.takeCallsLocked(false)
	b.mu.Unlock()
	return b.runner.store(ctx, calls)
}

// FailPart is Fail for a part: what runs then is kept, whatever becomes of the rest.
func (b *Unit) FailPart(ctx context.Context) {
	b.storeFailed(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.chooseLocked(true)
	for i, t := range b.pendingLocked() {
		spec := t.spec.clone()
		spec.When = AfterBoth
		b.tasks[i].spec = spec
	}
	if b.rare != nil {
		b.rare.err = nil // it has failed the part
	}
}

// CommitShared is Commit for the middleware, whose response is under way: what cannot
// be accepted is lost, and reported.
func (b *Unit) CommitShared(ctx context.Context) {
	b.mu.Lock()
	b.rare.shared = false
	err := b.refusedLocked()
	calls := b.takeCallsLocked(false)
	b.mu.Unlock()
	if err := errors.Join(err, b.runner.store(ctx, calls)); err != nil {
		b.runner.Log().ErrorContext(ctx, "tasks lost", "handler", b.Handler(), "error", err)
	}
	b.mu.Lock()
	accepted := b.sealLocked(false)
	b.mu.Unlock()
	if accepted {
		b.runner.accepted.add(b)
	}
}
