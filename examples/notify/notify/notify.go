// Package notify is FastAPI's tutorial on background tasks in Go: a line is
// added to log.txt after the response, by a handler and by what it depends on.
package notify

import (
	"fmt"
	"net/http"
	"os"

	"github.com/bggen/bggen/runtime"
)

// Message is an answer.
type Message struct {
	Message string `json:"message"`
}

// Query is the search text of a request, "" if there was none.
type Query string

// WriteLog appends one line to log.txt.
//
//bggen:task
func WriteLog(line string) error {
	f, err := os.OpenFile("log.txt", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(f, line); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

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

// SendNotification answers at once; both log lines are written afterwards.
//
//bggen:route POST /send-notification/{email}
func SendNotification(email string, q Query, bg *runtime.BackgroundTasks) (Message, error) {
	EnqueueWriteLog(bg, "message to "+email)
	return Message{"Message sent"}, nil
}

// Ping is a handler in the style of net/http. The collector among its
// parameters is all that makes it a handler: it is mounted through PingHandler.
func Ping(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	EnqueueWriteLog(bg, "ping from "+r.UserAgent())
	fmt.Fprintln(w, "pong")
}
