package core

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"
)

// net/http's server of HTTP/2 says of no response that it has ended, and its Flush
// returns when the frames are in the buffer of the connection, which another goroutine
// writes out. So the writes of the connection itself are followed.

// Follow returns a listener whose connections are followed. It is below TLS, where there
// is TLS.
func Follow(l net.Listener) net.Listener { return wireListener{l} }

type wireListener struct{ net.Listener }

func (l wireListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: c}
	w.turns.wire = w
	return w, nil
}

// A wire is a connection that knows when it has been written to.
type wire struct {
	net.Conn
	turns conn // for the turns of HTTP/2 requests, which count writes

	mu      sync.Mutex
	begun   uint64 // writes
	ended   uint64
	waiting []unsent
}

// An unsent unit starts when a write has ended, or its timer fires.
type unsent struct {
	unit  *Unit
	write uint64
	late  *time.Timer
}

// onTheWay is how long a response is on its way from the buffer to the connection at most.
// It is for those after which nothing more is written: of a stream that the client has
// reset for one.
const onTheWay = time.Second

// wireOf is the connection of an HTTP/2 request, nil if it is not followed.
func wireOf(r *http.Request) *wire {
	c, _ := r.Context().Value(connKey{}).(*conn)
	if c == nil || r.ProtoMajor != 2 {
		return nil
	}
	return c.wire
}

// below is the wire of a connection that a server has, nil if it is not followed.
func below(c net.Conn) *wire {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	w, _ := c.(*wire)
	return w
}

// Flush hands the response of b to its connection, and has the tasks start when that has
// written it. Where the connection is not followed, they start when b ends.
func (b *Unit) Flush(w http.ResponseWriter, r *http.Request) {
	wire := wireOf(r)
	next := wire.next()
	b.runner.flushed(http.NewResponseController(w).Flush(), w, b.Handler())
	if wire == nil {
		return
	}
	// What was flushed is written by a write that begins later. It may be over: then the
	// end of the stream makes one more. HEAD has its end in its headers, and no more.
	if r.Method != http.MethodHead {
		next = wire.next()
	}
	b.turn = Turn{&wire.turns, next}
}

// next is the number of the write that begins next.
func (w *wire) next() uint64 {
	if w == nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.begun + 1
}

func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	w.begun++
	w.mu.Unlock()
	n, err := w.Conn.Write(p)
	var ready []unsent
	w.mu.Lock()
	w.ended++
	w.waiting = slices.DeleteFunc(w.waiting, func(u unsent) bool {
		if u.write <= w.ended {
			ready = append(ready, u)
		}
		return u.write <= w.ended
	})
	w.mu.Unlock()
	for _, u := range ready {
		if u.late.Stop() {
			u.unit.runner.start(u.unit)
		}
	}
	return n, err
}

// startAfter starts b when a write has ended.
func (w *wire) startAfter(b *Unit, write uint64) {
	w.mu.Lock()
	open := w.ended < write
	if open {
		w.waiting = append(w.waiting, unsent{b, write, time.AfterFunc(onTheWay, func() { w.startLate(b) })})
	}
	w.mu.Unlock()
	if !open {
		b.runner.start(b)
	}
}

// startLate starts b, whose timer has fired.
func (w *wire) startLate(b *Unit) {
	w.mu.Lock()
	w.waiting = slices.DeleteFunc(w.waiting, func(u unsent) bool { return u.unit == b })
	w.mu.Unlock()
	b.runner.start(b)
}

// ReadFrom, CloseWrite, SyscallConn and NetConn are what net/http, those who hijack, and
// those who ask a socket for its peer use of a *net.TCPConn or a *net.UnixConn.
func (w *wire) ReadFrom(src io.Reader) (int64, error) { return io.Copy(w.Conn, src) }

func (w *wire) CloseWrite() error {
	if c, ok := w.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return errors.ErrUnsupported
}

func (w *wire) SyscallConn() (syscall.RawConn, error) {
	if c, ok := w.Conn.(syscall.Conn); ok {
		return c.SyscallConn()
	}
	return nil, errors.ErrUnsupported
}

func (w *wire) NetConn() net.Conn { return w.Conn }
