// Package tutorial holds the handlers of the bggen contender: those of
// examples/notify with the work taken out of the tasks. What is measured is the
// code that bggen generates for them.
package tutorial

import (
	"context"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// Message is an answer.
type Message struct {
	Message string `json:"message"`
}

// Query is the search text of a request, "" if there was none.
type Query string

// WriteLog would append a line to a log. Writing to a disk is not what is
// measured.
//
//bggen:task
func WriteLog(line string) error { return nil }

// GetQuery hands on the query, and logs it if there is one.
//
//bggen:provide
func GetQuery(q *string, bg *runtime.BackgroundTasks) Query {
	if q == nil {
		return ""
	}
	EnqueueWriteLog(bg, "found query: "+*q)
	return Query(*q)
}

// SendNotification is the tutorial: one dependency, and two tasks.
//
//bggen:route POST /send-notification/{email}
func SendNotification(email string, q Query, bg *runtime.BackgroundTasks) (Message, error) {
	EnqueueWriteLog(bg, "message to "+email)
	return Message{"Message sent"}, nil
}

// Hello has neither dependencies nor tasks.
//
//bggen:route GET /hello/{name}
func Hello(name string) Message { return Message{"Hello " + name} }

// Dispatch is the least handler that leaves a task: what remains is the
// adapter and the runner.
func Dispatch(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(Nothing)
}

// NoDispatch is the same without a task.
func NoDispatch(http.ResponseWriter, *http.Request, *runtime.BackgroundTasks) {}

// Nothing is a task.
func Nothing(context.Context) error { return nil }
