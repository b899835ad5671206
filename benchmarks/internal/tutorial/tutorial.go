// Package tutorial is the handlers of the bggen contender: those of
// examples/notify with the work taken out of the tasks, and some more for the
// parts that need other numbers of tasks, or slow ones. What is measured is the
// code that bggen generates for them.
package tutorial

import (
	"context"
	"fmt"
	"net/http"
	"time"

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

// Tasks0 leaves nothing to do.
//
//bggen:route POST /tasks/0/{email}
func Tasks0(email string) Message { return Message{"Message sent"} }

// Tasks1 leaves one task.
//
//bggen:route POST /tasks/1/{email}
func Tasks1(email string, bg *runtime.BackgroundTasks) Message {
	EnqueueWriteLog(bg, "message to "+email)
	return Message{"Message sent"}
}

// Tasks3 leaves three.
//
//bggen:route POST /tasks/3/{email}
func Tasks3(email string, bg *runtime.BackgroundTasks) Message {
	EnqueueWriteLog(bg, "message to "+email)
	EnqueueWriteLog(bg, "copy to "+email)
	EnqueueWriteLog(bg, "invoice to "+email)
	return Message{"Message sent"}
}

// Sleep takes its time, and then says so on the standard output, where who
// measures counts.
//
//bggen:task
func Sleep(ms int) error {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	if ms > 0 {
		fmt.Println("done")
	}
	return nil
}

// Slow leaves a task that takes ms milliseconds.
//
//bggen:route POST /slow/{ms}
func Slow(ms int, bg *runtime.BackgroundTasks) Message {
	EnqueueSleep(bg, ms)
	return Message{"Message sent"}
}

// Dispatch is the least handler that leaves a task: what remains is the
// adapter and the runner.
func Dispatch(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(Nothing)
}

// NoDispatch is the same without a task.
func NoDispatch(http.ResponseWriter, *http.Request, *runtime.BackgroundTasks) {}

// Nothing is a task.
func Nothing(context.Context) error { return nil }
