package runtime

import (
	"context"
	"net/http"

	"github.com/bggen/bggen/runtime/internal/core"
)

// Response is a result with more than a body. A handler that returns one with
// a nil error has succeeded, whatever the status.
type Response[T any] struct {
	Status  int // 0: 200; status= of the route wins
	Header  http.Header
	Cookies []*http.Cookie
	Body    T // answered with as T alone would be

	tasks []core.Task
}

// Add has task run after the response, and after the tasks of the request's
// collector.
func (r *Response[T]) Add(task func(context.Context) error, opts ...TaskOption) {
	r.tasks = append(r.tasks, core.NewTask(task, opts))
}

// AddTo adds the tasks of r to bg, as adapters do.
func (r Response[T]) AddTo(bg *BackgroundTasks) {
	for _, t := range r.tasks {
		bg.unit().Add(t)
	}
}
