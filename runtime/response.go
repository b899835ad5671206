package runtime

import (
	"context"
	"net/http"

	"github.com/bggen/bggen/runtime/internal/core"
)

// A Response is a result with more than a body: a handler returns one to set the status,
// headers or cookies. If its error is nil the handler has succeeded, whatever the status.
type Response[T any] struct {
	Status  int // 0 means 200; status= in the directive of the route wins
	Header  http.Header
	Cookies []*http.Cookie
	Body    T // is written as it would be if the handler returned it alone

	tasks []core.Task
}

// Add adds a task, which runs after the response and after the tasks that were added to
// the [BackgroundTasks] of the request. A handler that does not take these, and whose
// tasks find no place in the runner when it has returned, has failed: the response is
// 503.
func (r *Response[T]) Add(task func(context.Context) error, opts ...TaskOption) {
	r.tasks = append(r.tasks, core.NewTask(task, opts))
}

// AddTo adds the tasks of r, if there are any, to a collector. The generated code calls
// it.
func (r Response[T]) AddTo(collector func() (*BackgroundTasks, error)) error {
	if len(r.tasks) == 0 {
		return nil
	}
	bg, err := collector()
	if err != nil {
		return err
	}
	for _, t := range r.tasks {
		bg.unit().Add(t)
	}
	return nil
}
