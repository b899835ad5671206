// Package ordering checks the promise that tasks run after the response, and in
// order.
package ordering

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/bggen/bggen/runtime"
)

// A Checker counts what its handlers' tasks see.
type Checker struct {
	Ran   atomic.Int64 // tasks
	Early atomic.Int64 // of these, before the last byte of their response
	Order atomic.Int64 // of these, not after the one that was added before them
}

// bodies are the sizes of the responses: one that is held back until its
// length is known, one that just fills the server's buffer, and one in chunks.
var bodies = map[string][]byte{"/small": make([]byte, 20), "/exact": make([]byte, 2048), "/large": make([]byte, 20_000)}

// tasksEach is the number of tasks that a request leaves.
const tasksEach = 2

// Ordered answers with a body, and leaves tasks that look whether all of it has
// been handed to the connection, and whether it is their turn.
//
//bggen:handler
func (c *Checker) Ordered(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	conn := countingConnOf(r)
	body := bodies[r.URL.Path]
	end := conn.written.Load() + int64(len(body)) // and the headers
	var next atomic.Int64
	for i := range int64(tasksEach) {
		bg.Add(func(context.Context) error {
			c.check(conn, end)
			if !next.CompareAndSwap(i, i+1) {
				c.Order.Add(1)
			}
			return nil
		})
	}
	w.Write(body) // fails when the client has gone, which it has not
}

// Bare is the handler that most people write: the tasks may start whenever the
// scheduler likes.
func (c *Checker) Bare(w http.ResponseWriter, r *http.Request) {
	conn := countingConnOf(r)
	body := bodies[r.URL.Path]
	end := conn.written.Load() + int64(len(body))
	var next atomic.Int64
	for i := range int64(tasksEach) {
		go func() {
			if !next.CompareAndSwap(i, i+1) {
				c.Order.Add(1)
			}
			c.check(conn, end)
		}()
	}
	w.Write(body)
}

func (c *Checker) check(conn *countingConn, end int64) {
	if conn.written.Load() < end {
		c.Early.Add(1)
	}
	c.Ran.Add(1)
}

// countingListener accepts connections that count the bytes handed to them.
type countingListener struct{ net.Listener }

// Accept implements net.Listener.
func (l countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &countingConn{Conn: c}, nil
}

type countingConn struct {
	net.Conn
	written atomic.Int64
}

// Write implements net.Conn.
func (c *countingConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n))
	return n, err
}

type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

func countingConnOf(r *http.Request) *countingConn {
	return r.Context().Value(connKey{}).(*countingConn)
}
