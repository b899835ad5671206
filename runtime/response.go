package runtime

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Response is a result with more than a body. A handler that returns one with
// a nil error has succeeded, whatever the status.
type Response[T any] struct {
	Status  int // 0: 200; status= of the route wins
	Header  http.Header
	Cookies []*http.Cookie
	Body    T // answered with as T alone would be

	tasks []task
}

// Add has task run after the response, and after the tasks of the request's
// collector.
func (r *Response[T]) Add(task func(context.Context) error, opts ...TaskOption) {
	r.tasks = append(r.tasks, newTask(task, opts))
}

// Respond answers with a Response, whose body is written by write: JSON, Text,
// Bytes or Stream. A status other than 0 wins over that of the response.
func Respond[T any](x *Exchange, status int, r Response[T], write func(*Exchange, int, T) error) error {
	status = cmp.Or(status, r.Status, http.StatusOK)
	if status < 200 || status > 599 {
		return fmt.Errorf("a Response has status %d", status)
	}
	x.header, x.cookies = r.Header, r.Cookies
	for _, t := range r.tasks {
		x.tasks.add(t)
	}
	return write(x, status, r.Body)
}

// Stream answers with what r reads, and closes it if it is an io.Closer.
func Stream[R io.Reader](x *Exchange, status int, r R) error {
	x.stream = r
	x.status, x.contentType = status, typeBytes
	return nil
}

// ServeHandler has h answer.
func ServeHandler[H http.Handler](x *Exchange, h H) error {
	if f, ok := any(h).(http.HandlerFunc); any(h) == nil || ok && f == nil {
		return errors.New("the handler to answer with is nil")
	}
	x.handler = h
	return nil
}
