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
	failed, accepted := true, false
	defer func() {
		if failed { // or panicked
			accepted = r.acceptFailed(ctx, b)
		}
		r.endRequest(b, accepted)
	}()
	err := f(b)
	if err == nil {
		accepted, err = r.acceptAll(ctx, b)
	}
	failed = err != nil
	return err
}

// accept accepts the tasks of b that run after a request that has failed, or
// has not, and reports whether there are any.
func (r *Runner) accept(b *BackgroundTasks, failed bool) bool {
	if !b.seal(failed) {
		return false
	}
	r.accepted.add(b)
	return true
}

// acceptAll stores the engine tasks of b, and accepts the others, where nothing
// is to be answered in between.
func (r *Runner) acceptAll(ctx context.Context, b *BackgroundTasks) (bool, error) {
	if err := b.refused(); err != nil {
		return false, err
	}
	if r.life.Err() != nil && b.Len() > 0 {
		return false, errClosed
	}
	if err := r.store(ctx, b.takeCalls(false)); err != nil {
		return false, err
	}
	return r.accept(b, false), nil
}

// acceptFailed stores and accepts what runs after a failure. Where there is
// nothing, b has ended.
func (r *Runner) acceptFailed(ctx context.Context, b *BackgroundTasks) bool {
	r.storeFailed(ctx, b)
	if r.accept(b, true) {
		return true // where the runner's life is over, they are named as lost
	}
	b.discard()
	return false
}

// storeFailed stores the engine tasks of a request that has failed.
func (r *Runner) storeFailed(ctx context.Context, b *BackgroundTasks) {
	if err := r.store(ctx, b.takeCalls(true)); err != nil {
		r.logger().ErrorContext(ctx, "tasks lost that were to run after a failure", "handler", b.handler, "error", err)
	}
}
