package celery_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// deadline is a context for what should happen soon.
func deadline(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// A wire is a network between an engine and its server, that can be cut.
type wire struct {
	t      testing.TB
	server string
	addr   string

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
	held     chan struct{} // closed when answers may pass
	accepted int
}

// newWire is a wire to the server of a URL, and the URL to reach it by.
func newWire(t testing.TB, server string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, server: u.Host, addr: "127.0.0.1:0", held: make(chan struct{})}
	close(w.held)
	w.mend()
	t.Cleanup(w.cut)
	u.Host = w.addr
	return w, u.String()
}

// mend lets connections through.
func (w *wire) mend() {
	listener, err := net.Listen("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.listener, w.addr = listener, listener.Addr().String()
	w.mu.Unlock()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			w.join(client)
		}
	}()
}

func (w *wire) join(client net.Conn) {
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		client.Close()
		return
	}
	w.mu.Lock()
	w.conns = append(w.conns, client, server)
	w.accepted++
	w.mu.Unlock()
	go func() {
		io.Copy(server, client)
		server.Close()
	}()
	go func() {
		io.Copy(answers{w, client}, server)
		client.Close()
	}()
}

// answers is the way back, which can be held.
type answers struct {
	w    *wire
	conn net.Conn
}

func (a answers) Write(p []byte) (int, error) {
	a.w.mu.Lock()
	held := a.w.held
	a.w.mu.Unlock()
	<-held
	return a.conn.Write(p)
}

// hold keeps answers back until the function that it returns is called.
func (w *wire) hold() (release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	held := make(chan struct{})
	w.held = held
	release = sync.OnceFunc(func() { close(held) })
	w.t.Cleanup(release)
	return release
}

// drop ends the connections that there are.
func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

// cut ends the connections and refuses others.
func (w *wire) cut() {
	w.mu.Lock()
	w.listener.Close()
	w.mu.Unlock()
	w.drop()
}

// connections is how many there have been.
func (w *wire) connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.accepted
}
