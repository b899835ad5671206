package runtime

import (
	"context"
	"errors"
	"net/http"
)

// Collect gives every request of next a collector, for middleware that adds
// tasks: [FromContext] finds it. The adapters below add to the same one, and
// keep the rule that a request which fails drops what it has collected; what
// middleware adds afterwards is kept. The tasks start when the response has
// ended.
func Collect(runner *Runner, next http.Handler) http.Handler {
	runner.init()
	runner.collects.Store(true)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn := turnOf(r)
		if err := runner.slots.take(r.Context(), runner.wait()); err != nil {
			problemOf(noRoom(err)).write(w)
			return
		}
		b := &BackgroundTasks{runner: runner, values: r.Context(), turn: turn, rare: &rare{joined: true}}
		panicked, accepted := true, false
		defer func() {
			if panicked {
				runner.storeFailed(r.Context(), b)
				b.keepFailed()
			}
			runner.endRequest(b, accepted)
		}()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), collectorKey{}, b)))
		panicked = false
		accepted = runner.acceptCollected(r, b)
		if accepted && turn.conn == nil {
			runner.flushed(http.NewResponseController(w).Flush(), w, b.handler)
		}
	})
}

// acceptCollected accepts what middleware and the adapters below have collected.
func (r *Runner) acceptCollected(req *http.Request, b *BackgroundTasks) bool {
	b.mu.Lock()
	b.rare.joined = false
	b.mu.Unlock()
	err := errors.Join(b.refused(), r.store(req.Context(), b.takeCalls(false)))
	if err != nil { // the response is under way
		r.logger().ErrorContext(req.Context(), "tasks lost", "handler", b.handler, "error", err)
	}
	return r.accept(b, false)
}

// collected is the collector of middleware around an adapter of r, nil if there
// is none.
func (r *Runner) collected(req *http.Request) *BackgroundTasks {
	if !r.collects.Load() {
		return nil
	}
	b := FromContext(req.Context())
	if b == nil || b.runner != r {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stage != collecting || b.rare == nil || !b.rare.joined {
		return nil
	}
	return b
}

// joins has the reports of a collector of middleware name the first handler.
func (b *BackgroundTasks) joins(handler string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.handler == "" {
		b.handler = handler
	}
}

// FromContext is the collector of a request that [Collect] serves, or of the
// task that runs with that context; nil if there is none.
func FromContext(ctx context.Context) *BackgroundTasks {
	b, _ := ctx.Value(collectorKey{}).(*BackgroundTasks)
	return b
}
