package runtime

import (
	"context"
	"net"
	"net/http"
	"reflect"
	"sync"
)

// Attach lets the tasks of the server's HTTP/1 requests start at the moment
// their connection turns idle, is closed or was hijacked: that is after the
// last byte of the response, with nothing changed on the wire. Call it before
// the server serves, and after setting ConnContext or ConnState, which are
// chained into. [Serve] calls it.
//
// Without it, and in HTTP/2, the generated adapters flush the response first.
func (r *Runner) Attach(server *http.Server) {
	var conns sync.Map // net.Conn to *conn, of those that are open
	connContext, connState := server.ConnContext, server.ConnState
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if connContext != nil {
			ctx = connContext(ctx, c)
		}
		if !reflect.TypeOf(c).Comparable() {
			return ctx // cannot be found again by ConnState
		}
		tracked := new(conn)
		conns.Store(c, tracked)
		return context.WithValue(ctx, connKey{}, tracked)
	}
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if connState != nil {
			connState(c, state)
		}
		switch state {
		case http.StateIdle:
			if tracked, ok := conns.Load(c); ok {
				tracked.(*conn).responseEnded(false)
			}
		case http.StateClosed, http.StateHijacked:
			if tracked, ok := conns.LoadAndDelete(c); ok {
				tracked.(*conn).responseEnded(true)
			}
		}
	}
}

type connKey struct{}

// A conn is an HTTP/1 connection whose state is followed.
type conn struct {
	mu      sync.Mutex
	served  uint64     // responses that have ended
	gone    bool       // closed or hijacked
	pending batchQueue // start when the response ends
}

// connOf is the connection of r, and the number of the response that r will
// get on it; nil where the end of a response cannot be seen.
func connOf(r *http.Request) (*conn, uint64) {
	if r.ProtoMajor != 1 {
		return nil, 0
	}
	c, _ := r.Context().Value(connKey{}).(*conn)
	if c == nil {
		return nil, 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c, c.served
}

// startAfter starts b when the given response has ended. That may have been
// before: a handler under http.TimeoutHandler, or of a hijacked connection,
// returns when it likes.
func (c *conn) startAfter(response uint64, b *BackgroundTasks) {
	c.mu.Lock()
	open := !c.gone && c.served == response
	if open {
		c.pending.push(b)
	}
	c.mu.Unlock()
	if !open {
		b.runner.start(b)
	}
}

// responseEnded starts what waited for it.
func (c *conn) responseEnded(gone bool) {
	c.mu.Lock()
	c.served++
	c.gone = gone
	pending := c.pending
	c.pending = batchQueue{}
	c.mu.Unlock()
	for b := pending.pop(); b != nil; b = pending.pop() {
		b.runner.start(b)
	}
}
