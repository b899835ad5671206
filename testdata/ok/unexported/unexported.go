// Package unexported exports nothing of its own.
package unexported

import "github.com/bggen/bggen/runtime"

type service struct{ sent chan string }

type message struct {
	Text string `json:"text"`
}

//bggen:route POST /send
func (s *service) send(body message, bg *runtime.BackgroundTasks) (message, error) {
	enqueueServiceDeliver(bg, body)
	return body, nil
}

//bggen:task
func (s *service) deliver(m message) { s.sent <- m.Text }

//bggen:handler
func status(verbose *bool) string {
	if verbose != nil && *verbose {
		return "all is well"
	}
	return "ok"
}
