package runtime

import "context"

// Do runs f, which may add tasks, as a handler does: for work that begins
// without a request, by a clock or a message. When f succeeds, its tasks are
// accepted, and run when Do returns; when it fails or panics they are dropped,
// as after a request. It waits for room as a request does.
func (r *Runner) Do(ctx context.Context, f func(*BackgroundTasks) error) error {
	r.init()
	if err := r.slots.take(ctx, r.wait()); err != nil {
		return err
	}
	b := &BackgroundTasks{runner: r, handler: "Runner.Do", values: ctx}
	failed := true
	defer func() {
		if failed { // or panicked
			r.acceptFailed(ctx, b)
		}
		switch {
		case b.isSealed():
		case failed:
			b.discard()
			r.slots.release()
		default:
			r.endRequest(b, false)
		}
	}()
	if err := f(b); err != nil {
		return err
	}
	if err := r.acceptNow(ctx, b, true); err != nil {
		return err
	}
	failed = false
	return nil
}

// acceptNow stores the engine tasks of b, and starts the others. The slot of b,
// if it has one, goes over to them.
func (r *Runner) acceptNow(ctx context.Context, b *BackgroundTasks, slot bool) error {
	if err := b.refused(); err != nil {
		return err
	}
	if r.life.Err() != nil && b.Len() > 0 {
		return errClosed
	}
	if err := r.store(ctx, b.takeCalls(false)); err != nil {
		return err
	}
	if !b.seal(false) {
		return nil
	}
	if !slot {
		r.slots.force()
	}
	r.accepted.add(b)
	r.start(b)
	return nil
}

// acceptFailed starts what runs after a failure.
func (r *Runner) acceptFailed(ctx context.Context, b *BackgroundTasks) {
	r.storeFailed(ctx, b)
	if b.seal(true) {
		r.accepted.add(b)
		r.start(b)
	}
}

// storeFailed stores the engine tasks of a request that has failed.
func (r *Runner) storeFailed(ctx context.Context, b *BackgroundTasks) {
	if err := r.store(context.WithoutCancel(ctx), b.takeCalls(true)); err != nil {
		r.logger().ErrorContext(ctx, "tasks lost that were to run after a failure", "handler", b.handler, "error", err)
	}
}

// isSealed reports whether the tasks of b were accepted.
func (b *BackgroundTasks) isSealed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stage >= sealed
}
