//go:build faults

package enginetest

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests of faults take minutes. They are run with -tags faults.
func init() {
	suite = append(suite, []suiteCase{
		{"fault: connections are cut", true, testCut},
		{"fault: the network stalls", true, testStall},
		{"fault: the storage is full", true, testFull},
	}...)
}

// broken has requests made and tasks run while breaks is called again and again, and
// expects that all that was accepted runs.
func broken(t *testing.T, o *Options, address string, breaks func()) {
	p := openProcess(t, o, address)
	l, c := newLedger(t), new(clients)
	server := httptest.NewServer(acceptor(p.runner, registerNoted(p.runner, l)))
	defer server.Close()
	p.work()
	over := make(chan struct{})
	wait := c.run(server.URL, over)
	c.awaitFirst(t)
	for range kills() {
		randomMoment()
		breaks()
	}
	close(over)
	wait()
	c.wantAll(t, o, l)
}

// testCut closes all connections to the server, at moments that nobody has chosen.
func testCut(t *testing.T, o *Options) {
	p := newProxy(t, o.Storage(t))
	broken(t, o, p.address, p.cut)
}

// testStall has nothing come through for a while, and closes all connections then, or
// not.
func testStall(t *testing.T, o *Options) {
	p := newProxy(t, o.Storage(t))
	broken(t, o, p.address, func() {
		p.stalled.Lock()
		time.Sleep(rand.N(1500 * time.Millisecond))
		p.stalled.Unlock()
		if rand.N(2) == 0 {
			p.cut()
		}
	})
}

// testFull fills the storage, so that nothing can be stored for a while.
func testFull(t *testing.T, o *Options) {
	if o.Full == nil {
		t.Skip("there is no storage that can be filled")
	}
	address, fill, free := o.Full(t)
	broken(t, o, address, func() {
		fill(t)
		time.Sleep(rand.N(600 * time.Millisecond))
		free(t)
	})
}

// A proxy is between an engine and its server.
type proxy struct {
	address string // as the engine is given it
	server  string
	stalled sync.RWMutex // locked while nothing comes through

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// newProxy is a proxy before the server of an address. A file has none: the test is
// skipped.
func newProxy(t *testing.T, address string) *proxy {
	u, err := url.Parse(address)
	if err != nil || !strings.Contains(address, "://") {
		t.Skip("there is no server")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: u.Host, conns: map[net.Conn]bool{}}
	u.Host = l.Addr().String()
	p.address = u.String()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	t.Cleanup(func() {
		l.Close()
		p.cut()
	})
	return p
}

func (p *proxy) serve(conn net.Conn) {
	to, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.server)
	if err != nil {
		conn.Close()
		return
	}
	p.mu.Lock()
	p.conns[conn], p.conns[to] = true, true
	p.mu.Unlock()
	go p.copy(to, conn)
	p.copy(conn, to)
}

// copy carries bytes from one connection to the other, until one of them ends.
func (p *proxy) copy(to, from net.Conn) {
	defer func() {
		p.mu.Lock()
		delete(p.conns, to)
		delete(p.conns, from)
		p.mu.Unlock()
		to.Close()
		from.Close()
	}()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			p.stalled.RLock()
			_, wrong := to.Write(buffer[:n])
			p.stalled.RUnlock()
			err = cmp.Or(err, wrong)
		}
		if err != nil {
			return
		}
	}
}

// cut closes all connections, with what is under way in them.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		conn.Close()
	}
	clear(p.conns)
}
