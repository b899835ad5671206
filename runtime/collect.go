package runtime

import (
	"net/http"

	"github.com/bggen/bggen/runtime/internal/core"
)

// Collect gives every request of next a collector, for middleware that adds
// tasks: [FromContext] finds it. The adapters below add to the same one, and
// keep the rule that a request which fails drops what it has collected; what
// middleware adds afterwards is kept. The tasks start when the response has
// ended.
func Collect(runner *Runner, next http.Handler) http.Handler {
	inner := runner.Core()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn := core.TurnOf(r)
		u, err := inner.Share(r.Context(), turn)
		if err != nil {
			ProblemOf(Unavailable(core.NoRoom(err), err)).Respond(w)
			return
		}
		panicked := true
		defer func() {
			if panicked {
				u.FailPart(r.Context())
			}
			u.End()
		}()
		next.ServeHTTP(w, r.WithContext(core.WithUnit(r.Context(), u)))
		panicked = false
		u.CommitShared(r.Context())
		if turn.IsZero() && u.Accepted() {
			inner.Flushed(http.NewResponseController(w).Flush(), w, u.Handler())
		}
	})
}
