package core

import "context"

// Draining is closed when the process has been told to end.
func (r *Runner) Draining() <-chan struct{} { return r.drainChannel() }

// Ending reports whether the process has been told to end, by End.
func (r *Runner) Ending() bool { return r.isEnding.Load() }

// End says so: the process is not ready for more, and still takes it.
func (r *Runner) End() { r.isEnding.Store(true) }

// Drain closes it.
func (r *Runner) Drain() {
	c := r.drainChannel()
	r.drained.Do(func() { close(c) })
}

func (r *Runner) drainChannel() chan struct{} {
	if c := r.ending.Load(); c != nil {
		return *c
	}
	c := make(chan struct{})
	r.ending.CompareAndSwap(nil, &c)
	return *r.ending.Load()
}

// DrainingOf is Draining of the runner that is attached to the server of a request, or
// of the one that runs a task; nil if there is none.
func DrainingOf(ctx context.Context) <-chan struct{} {
	if c, ok := ctx.Value(connKey{}).(*conn); ok {
		return c.runner.Draining()
	}
	if u := FromContext(ctx); u != nil && u.runner != nil {
		return u.runner.Draining()
	}
	return nil
}
