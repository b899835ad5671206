package dashboard

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

// every is how often those who look are told.
const every = time.Second

// mostClients bounds the streams of one page: each is an open connection.
const mostClients = 100

// live tells those who look, by server-sent events. While nobody does there is
// no goroutine, and the runner is not observed.
type live struct {
	dashboard *dashboard

	mu      sync.Mutex
	clients map[chan []byte]bool // each has room for one event: a slow one misses some
	runs    bool
	ignore  func()                         // ends the observing
	servers map[*http.Server]chan struct{} // closed when it shuts down
}

// join adds a client, and begins to observe for the first.
func (l *live) join() (chan []byte, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.clients) >= mostClients {
		return nil, false
	}
	if l.clients == nil {
		l.clients = map[chan []byte]bool{}
	}
	c := make(chan []byte, 1)
	l.clients[c] = true
	if !l.runs {
		l.runs = true
		l.dashboard.rates.begin(time.Now())
		l.ignore = l.dashboard.runner.Core().Observe(func(e core.Ended) { l.dashboard.rates.ended(time.Now(), e) })
		go l.run()
	}
	return c, true
}

func (l *live) leave(c chan []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.clients, c)
}

// run makes an event a second until nobody looks. That is noticed at the next
// second only, so that the chart of one who follows a link has no gap.
func (l *live) run() {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for now := range ticker.C {
		l.dashboard.rates.mark(now)
		if l.over() {
			return
		}
		event := l.event(now) // once for all
		l.mu.Lock()
		for c := range l.clients {
			select {
			case c <- event:
			default: // it has not taken the last one yet
			}
		}
		l.mu.Unlock()
	}
}

// over ends the observing if nobody looks.
func (l *live) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.clients) > 0 {
		return false
	}
	l.runs = false
	l.ignore()
	l.dashboard.rates.end()
	return true
}

// event is what the page shows, as a server-sent event. JSON has no line breaks.
func (l *live) event(now time.Time) []byte {
	text, err := json.Marshal(l.dashboard.view(now))
	if err != nil { // it is made of strings
		panic(err)
	}
	return append(append([]byte("data: "), text...), "\n\n"...)
}

// slow is how long a client may take for one event before it is given up.
const slow = 10 * time.Second

func (l *live) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would collect what it is to hand on
	if r.Method == http.MethodHead {
		return
	}
	events, ok := l.join()
	if !ok {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many look at this page", http.StatusServiceUnavailable)
		return
	}
	defer l.leave(events)
	// The server's timeouts are meant for requests, and not for a stream that
	// lasts as long as somebody looks. A writer that has none is as good.
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Time{})
	defer control.SetWriteDeadline(time.Time{})
	send := func(event []byte) bool {
		control.SetWriteDeadline(time.Now().Add(slow))
		_, err := w.Write(event)
		return err == nil && control.Flush() == nil
	}
	stop := l.shutdown(r)
	alive := send(bytes.Join([][]byte{[]byte("retry: 2000\n"), l.event(time.Now())}, nil))
	for alive {
		select {
		case event := <-events:
			alive = send(event)
		case <-stop:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// shutdown is closed when the server of r begins to shut down: it would wait for
// the stream to end, which nobody does. nil: the server is not known.
func (l *live) shutdown(r *http.Request) <-chan struct{} {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	if server == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	stop, known := l.servers[server]
	if !known {
		stop = make(chan struct{})
		if l.servers == nil {
			l.servers = map[*http.Server]chan struct{}{}
		}
		l.servers[server] = stop
		server.RegisterOnShutdown(func() { close(stop) })
	}
	return stop
}
