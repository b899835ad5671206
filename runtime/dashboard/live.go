package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"
)

const (
	every       = 2 * time.Second  // those who look are told
	mostClients = 100              // streams of one page: each is an open connection
	slow        = 10 * time.Second // a client may take for one event before it is given up
	alive       = 20 * time.Second // a client hears at least so often
)

// live tells those who look, by server-sent events. While nobody does there is
// no goroutine.
type live struct {
	dashboard *dashboard

	mu      sync.Mutex
	clients int
	watches map[string]*watch
	servers map[*http.Server]chan struct{} // closed when it shuts down
}

// A watch is a page that somebody looks at: it is rendered once for all who do.
type watch struct {
	page    page
	query   url.Values
	clients map[chan []byte]bool // each has room for one event: a slow one misses some
}

// join adds a client to those who look at a page.
func (l *live) join(p page, q url.Values) (chan []byte, *watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clients >= mostClients {
		return nil, nil
	}
	l.clients++
	key := p.path + "?" + q.Encode()
	w := l.watches[key]
	if w == nil {
		w = &watch{page: p, query: q, clients: map[chan []byte]bool{}}
		if l.watches == nil {
			l.watches = map[string]*watch{}
		}
		l.watches[key] = w
		go l.run(key, w)
	}
	c := make(chan []byte, 1)
	w.clients[c] = true
	return c, w
}

func (l *live) leave(w *watch, c chan []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clients--
	delete(w.clients, c)
}

// run renders a page every two seconds, and no more than a tenth of the time, until
// nobody looks at it.
func (l *live) run(key string, w *watch) {
	var last []byte
	var told time.Time
	wait := every
	for {
		time.Sleep(wait)
		l.mu.Lock()
		if len(w.clients) == 0 {
			delete(l.watches, key)
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		began := time.Now()
		event := l.event(w)
		wait = max(every, askShare*time.Since(began))
		same := bytes.Equal(timeless(event), last)
		if same && time.Since(told) < alive {
			continue
		}
		last, told = timeless(event), time.Now()
		l.mu.Lock()
		for c := range w.clients {
			select {
			case c <- event:
			default: // it has not taken the last one yet
			}
		}
		l.mu.Unlock()
	}
}

// timeless is an event without what changes with time alone: page.js counts by itself.
func timeless(event []byte) []byte { return counting.ReplaceAll(event, nil) }

var counting = regexp.MustCompile(`data-(?:ago|for)\\u003e[^\\]*`)

// news is the last task that has failed in this process.
type news struct {
	Total int    `json:"total"`
	Name  string `json:"name,omitempty"`
	Link  string `json:"link,omitempty"`
}

func (d *dashboard) news() (n news) {
	list, total := d.failed.all()
	n.Total = total
	if len(list) > 0 {
		n.Name, n.Link = shortName(list[0].name), linkTo(list[0].id)
	}
	return n
}

// event is what the page shows, as a server-sent event. JSON has no line breaks.
func (l *live) event(w *watch) []byte {
	d := l.dashboard
	text, err := d.main(w.page, context.Background(), w.query, time.Now())
	if err != nil {
		text = ""
	}
	data, err := json.Marshal(map[string]any{"main": text, "news": d.news()})
	if err != nil { // it is made of strings
		panic(err)
	}
	return append(append([]byte("data: "), data...), "\n\n"...)
}

func (l *live) serve(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	at := slices.IndexFunc(pages, func(p page) bool { return p.path == q.Get("page") })
	if at < 0 {
		http.NotFound(w, r)
		return
	}
	q.Del("page")
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would collect what it is to hand on
	if r.Method == http.MethodHead {
		return
	}
	events, watch := l.join(pages[at], q)
	if events == nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many look at this page", http.StatusServiceUnavailable)
		return
	}
	defer l.leave(watch, events)
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
	checked := time.Now()
	alive := send(slices.Concat([]byte("retry: 2000\n"), l.event(watch)))
	for alive {
		select {
		case event := <-events:
			if time.Since(checked) > recheck {
				if checked = time.Now(); !l.dashboard.stillAuthorized(r) {
					return
				}
			}
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
