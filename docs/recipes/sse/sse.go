// Package sse sends events to browsers as they happen (server-sent events).
//
// The handler takes the http.ResponseWriter and writes until the client leaves or the
// server is told to stop. In the browser:
//
//	new EventSource("/events").onmessage = e => console.log(e.data)
package sse

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ Hub *Hub }

// Hub hands each event to everybody who listens.
type Hub struct {
	mu        sync.Mutex
	listeners map[chan string]bool
	closed    chan struct{}
}

// NewHub makes a hub. Have it closed when the server is told to stop, or open streams
// keep the server from stopping:
//
//	server.RegisterOnShutdown(hub.Close)
func NewHub() *Hub {
	return &Hub{listeners: map[chan string]bool{}, closed: make(chan struct{})}
}

// Close ends all streams. It is called once.
func (h *Hub) Close() { close(h.closed) }

// Publish sends an event. A client that is too slow to take it misses it.
func (h *Hub) Publish(event string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for listener := range h.listeners {
		select {
		case listener <- event:
		default:
		}
	}
}

func (h *Hub) listen() (events chan string, stop func()) {
	events = make(chan string, 16)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners[events] = true
	return events, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, events)
	}
}

// Events streams what is published from now on.
//
//bggen:route GET /events
func (a *App) Events(ctx context.Context, w http.ResponseWriter) error {
	events, stop := a.Hub.listen()
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Accel-Buffering", "no") // nginx is not to wait for more
	out := http.NewResponseController(w)
	alive := time.NewTicker(15 * time.Second) // proxies close a connection that is silent
	defer alive.Stop()
	for {
		if err := out.Flush(); err != nil {
			return err
		}
		var err error
		select {
		case event := <-events:
			_, err = fmt.Fprintf(w, "data: %s\n\n", event)
		case <-alive.C:
			_, err = fmt.Fprint(w, ": alive\n\n")
		case <-ctx.Done(): // the client has left
			return nil
		case <-a.Hub.closed:
			return nil
		}
		if err != nil {
			return nil // so has this one
		}
	}
}

// Publish publishes an event.
//
//bggen:route POST /events
func (a *App) Publish(body string) { a.Hub.Publish(body) }
