package booking

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
)

// The request that a Drive serves, and the answer to it.
const (
	target = "/hotels/42/bookings?guests=2&nights=3"
	answer = `{"number":4811,"hotel":42,"member":"ann","guest":"Ann Miller","total":600}`
)

var payload = []byte(`{"guest":"Ann Miller","email":"ann@example.com","room":7}`)

func newApp() *App { return &App{&Rates{100}} }

// A Drive has a handler serve one request after the other, without a network.
// The request and the writer are used again, so that what is measured is the
// handler.
type Drive struct {
	tasks   int
	handler http.Handler
	state   func(net.Conn, http.ConnState) // the hook; nil: none
	conn    net.Conn
	r       *http.Request
	body    bytes.Reader
	w       writer
}

// Open is a Drive of a side's handler that leaves a number of tasks. It has
// served a request, and got the answer it wants.
func (s Side) Open(tasks int) (*Drive, error) {
	served := s.open(newApp(), tasks)
	d := &Drive{tasks: tasks, handler: served.handler, conn: new(net.TCPConn), w: writer{header: http.Header{}}}
	ctx := context.Background()
	if served.attach != nil {
		var server http.Server
		served.attach(&server)
		d.state = server.ConnState
		ctx = server.ConnContext(ctx, d.conn)
	}
	d.r = httptest.NewRequestWithContext(ctx, "POST", target, &d.body)
	d.r.ContentLength = int64(len(payload))
	d.r.Header.Set("Content-Type", "application/json")
	d.r.Header.Set("X-Member", "ann")
	var got bytes.Buffer
	d.w.body = &got
	d.route()
	d.Serve(1)
	d.w.body = io.Discard
	if d.w.status != http.StatusCreated || got.String() != answer {
		return nil, fmt.Errorf("%s answers with %d %s, want 201 %s", s.Name, d.w.status, &got, answer)
	}
	return d, nil
}

// route has a mux fill in the values of the path. It is not called for each
// request: its time is that of neither side.
func (d *Drive) route() {
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
	mux.ServeHTTP(&d.w, d.r)
}

// burst is how many requests are served before the tasks get their turn. A
// server's requests come in bursts too; without an end, what is measured is how
// a million goroutines pile up.
const burst = 100

// Serve serves n requests, and returns when all their tasks have been run. It
// is for one goroutine at a time, of all Drives.
func (d *Drive) Serve(n int) {
	end := ran.Load() + int64(n*d.tasks)
	for i := range n {
		d.body.Reset(payload)
		clear(d.w.header)
		if d.state != nil {
			d.state(d.conn, http.StateActive)
		}
		d.handler.ServeHTTP(&d.w, d.r)
		if d.state != nil {
			d.state(d.conn, http.StateIdle)
		}
		if d.tasks > 0 && i%burst == burst-1 {
			goruntime.Gosched()
		}
	}
	for ran.Load() < end {
		goruntime.Gosched()
	}
}

// A writer is a response that nobody gets.
type writer struct {
	header http.Header
	status int
	body   io.Writer
}

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) Write(p []byte) (int, error) { return w.body.Write(p) }
func (w *writer) WriteHeader(status int)      { w.status = status }
func (w *writer) Flush()                      {}
