package runtime

import (
	"net/http"

	"github.com/bggen/bggen/runtime/internal/core"
)

// Collect wraps next so that middleware can add tasks. Within next, [FromContext] returns
// the BackgroundTasks of the request, and generated handlers add their tasks to the same
// one. The tasks run when the response has ended.
//
// A generated handler that fails drops what has been added before. What middleware adds
// after that runs.
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
			u.Flush(w, r)
		}
	})
}
