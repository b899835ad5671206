package core

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
// Without it, and in HTTP/2, the generated adapters flush the response first. In
// HTTP/2 that may be a moment before it is written; see [Follow].
func (r *Runner) Attach(server *http.Server) {
	var conns sync.Map // net.Conn to *conn, of those that are open
	connContext, connState := server.ConnContext, server.ConnState
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if connContext != nil {
			ctx = connContext(ctx, c)
		}
		if !canBeKey(c) {
			return ctx // ConnState could not find it again
		}
		tracked := &conn{runner: r, wire: below(c)}
		conns.Store(c, tracked)
		return context.WithValue(ctx, connKey{}, tracked)
	}
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if connState != nil {
			connState(c, state)
		}
		if state == http.StateNew || !canBeKey(c) {
			return
		}
		tracked, ok := conns.Load(c)
		if !ok {
			return
		}
		switch state {
		case http.StateActive:
			tracked.(*conn).begin()
		case http.StateClosed, http.StateHijacked:
			conns.Delete(c)
			fallthrough
		case http.StateIdle:
			tracked.(*conn).end()
		}
	}
}

func canBeKey(c net.Conn) bool {
	return reflect.TypeOf(c).Kind() == reflect.Pointer || reflect.ValueOf(c).Comparable()
}

type connKey struct{}

// A conn is an HTTP/1 connection whose state is followed.
type conn struct {
	runner  *Runner
	wire    *wire // whose writes are followed, for HTTP/2; nil: they are not
	mu      sync.Mutex
	count   uint64    // of beginnings and ends: odd while a request is served
	pending unitQueue // start when it ends
}

// A turn is the time in which a connection serves one request. In HTTP/2, where it serves
// several at once, it is the time until a write has ended.
type Turn struct {
	conn  *conn
	count uint64
}

// IsZero reports whether the end of the turn cannot be seen.
func (t Turn) IsZero() bool { return t.conn == nil }

// TurnOf is the turn of r. It is zero where its end cannot be seen.
func TurnOf(r *http.Request) Turn {
	if r.ProtoMajor != 1 {
		return Turn{}
	}
	c, _ := r.Context().Value(connKey{}).(*conn)
	if c == nil {
		return Turn{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == 0 { // nobody calls ConnState: it was replaced after Attach
		return Turn{}
	}
	return Turn{c, c.count}
}

// startAfter starts b when the turn has ended. That may have been before: a
// handler under http.TimeoutHandler, or of a hijacked connection, begins and
// returns when it likes.
func (t Turn) startAfter(b *Unit) {
	if w := t.conn.wire; w != nil && t.conn == &w.turns {
		w.startAfter(b, t.count)
		return
	}
	t.conn.mu.Lock()
	open := t.conn.count == t.count && t.count%2 == 1
	if open {
		t.conn.pending.push(b)
	}
	t.conn.mu.Unlock()
	if !open {
		b.runner.start(b)
	}
}

func (c *conn) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count%2 == 0 {
		c.count++
	}
}

// end starts what waited for it.
func (c *conn) end() {
	c.mu.Lock()
	if c.count%2 == 1 {
		c.count++
	}
	pending := c.pending
	c.pending = unitQueue{}
	c.mu.Unlock()
	for b := pending.pop(); b != nil; b = pending.pop() {
		b.runner.start(b)
	}
}
