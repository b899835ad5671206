// Package sse sends events to browsers as they happen (server-sent events).
//
// The handler returns an iterator. Each value is sent at once; a comment keeps the
// connection alive. The iterator ends when the client leaves, and when the server is told
// to stop. In the browser:
//
//	new EventSource("/events").onmessage = e => console.log(e.data)
package sse

import (
	"context"
	"iter"
	"sync"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ Hub *Hub }

// Hub hands each message to everybody who listens.
type Hub struct {
	mu        sync.Mutex
	listeners map[Messages]bool
}

// Messages are those that are published from now on.
type Messages chan string

// Listen makes the messages of a request. Its cleanup is called when the last one has
// been sent.
//
//bggen:provide
func (h *Hub) Listen() (Messages, func()) {
	m := make(Messages, 16)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners == nil {
		h.listeners = map[Messages]bool{}
	}
	h.listeners[m] = true
	return m, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, m)
	}
}

// Publish sends a message. A client that is too slow to take it misses it.
func (h *Hub) Publish(message string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for listener := range h.listeners {
		select {
		case listener <- message:
		default:
		}
	}
}

// Events streams messages. Yield a runtime.Event in place of a string to give events a
// name or an id.
//
//bggen:route GET /events stream=sse
func Events(ctx context.Context, messages Messages) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			select {
			case m := <-messages:
				if !yield(m) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// Publish publishes a message.
//
//bggen:route POST /events
func (a *App) Publish(body string) { a.Hub.Publish(body) }
