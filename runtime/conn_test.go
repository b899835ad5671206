package runtime_test

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// A task that blocks delays neither the client, nor the next request on its
// connection, nor the end of an HTTP/2 stream.
func TestTasksDelayNobody(t *testing.T) {
	for _, hook := range []bool{true, false} {
		t.Run(fmt.Sprintf("HTTP/1.1, hook %v", hook), func(t *testing.T) {
			var runner runtime.Runner
			release := make(chan struct{})
			addr := listen(t, &runner, blocking(&runner, release), hook)
			c := dial(t, addr)
			for range 3 {
				c.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
				if _, body := c.response("GET"); body != "answer" {
					t.Errorf("the body is %q", body)
				}
			}
			close(release)
			idle(t, &runner)
		})
	}
	t.Run("HTTP/2", func(t *testing.T) {
		var runner runtime.Runner
		release := make(chan struct{})
		server := httptest.NewUnstartedServer(blocking(&runner, release))
		runner.Attach(server.Config)
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()
		for range 3 {
			resp, err := server.Client().Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "answer" || resp.ProtoMajor != 2 {
				t.Errorf("%s: the body is %q, %v", resp.Proto, body, err)
			}
			resp.Body.Close()
		}
		close(release)
		idle(t, &runner)
	})
}

func blocking(runner *runtime.Runner, release chan struct{}) http.Handler {
	return plain(runner, func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(does(func() { <-release }))
		io.WriteString(w, "answer")
	})
}

// countingListener counts the bytes that were handed to each connection.
type countingListener struct{ net.Listener }

type countingConn struct {
	net.Conn
	written atomic.Int64
}

func (l countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &countingConn{Conn: c}, nil
}

func (c *countingConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n))
	return n, err
}

type countKey struct{}

var orderRequests = flag.Int("order.requests", 20_000, "how many requests TestOrder sends with the hook, and without it")

// orderBodies are one that is held back until its length is known, one that
// just fills the server's buffer, and one in chunks.
var orderBodies = map[string]int{"/small": 20, "/exact": 2048, "/large": 20_000}

// orderSeen counts what tasks have seen.
type orderSeen struct {
	ran      atomic.Int64
	early    atomic.Int64 // before the last byte of their response
	disorder atomic.Int64 // not after the one that was added before them
}

// serve answers, and adds two tasks that look whether all of the answer has been
// handed to the connection, and whether it is their turn.
func (s *orderSeen) serve(w http.ResponseWriter, r *http.Request, add func(task func())) {
	conn := r.Context().Value(countKey{}).(*countingConn)
	size := orderBodies[r.URL.Path]
	end := conn.written.Load() + int64(size) // and the headers
	var next atomic.Int64
	for i := range int64(2) {
		add(func() {
			if conn.written.Load() < end {
				s.early.Add(1)
			}
			if !next.CompareAndSwap(i, i+1) {
				s.disorder.Add(1)
			}
			s.ran.Add(1)
		})
	}
	w.Write(make([]byte, size))
}

// TestOrder serves many requests at once, and checks that no task starts before
// the last byte of its response has been handed to the connection, and none
// before the one that was added before it. A million requests take some minutes:
//
//	go test ./runtime -run TestOrder -order.requests 1000000 -timeout 1h
func TestOrder(t *testing.T) {
	for _, hook := range []bool{true, false} {
		t.Run(fmt.Sprintf("hook %v", hook), func(t *testing.T) {
			t.Parallel()
			var runner runtime.Runner
			var seen orderSeen
			handler := plain(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
				seen.serve(w, r, func(task func()) { bg.Add(does(task)) })
			})
			answered := sendOrdered(t, listenCounting(t, &runner, handler, hook))
			idle(t, &runner)
			if seen.ran.Load() != 2*answered || seen.early.Load() != 0 || seen.disorder.Load() != 0 {
				t.Errorf("%d of %d tasks ran, %d before the end of the response, %d before their turn", seen.ran.Load(), 2*answered, seen.early.Load(), seen.disorder.Load())
			}
		})
	}
}

// The check is one: tasks that run right away are all early.
func TestOrderSeesWhatIsEarly(t *testing.T) {
	var runner runtime.Runner
	var seen orderSeen
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.serve(w, r, func(task func()) { task() })
	})
	if answered := sendOrdered(t, listenCounting(t, &runner, handler, false)); seen.early.Load() != 2*answered {
		t.Errorf("%d of %d tasks were seen to be early", seen.early.Load(), 2*answered)
	}
}

// sendOrdered sends the requests over some connections, two at a time, and
// returns how many were answered.
func sendOrdered(t *testing.T, addr string) int64 {
	const connections = 8
	each := max(1, *orderRequests/connections/2)
	var wg sync.WaitGroup
	for range connections {
		c := dial(t, addr)
		wg.Go(func() {
			for i := range each {
				path := []string{"/small", "/exact", "/small", "/large"}[i%4]
				c.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n")
				c.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n")
				for range 2 {
					if _, body := c.response("GET"); len(body) != orderBodies[path] {
						t.Errorf("a body of %d bytes", len(body))
					}
				}
			}
		})
	}
	wg.Wait()
	return int64(2 * connections * each)
}

func listenCounting(t *testing.T, runner *runtime.Runner, handler http.Handler, hook bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ConnContext: func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, countKey{}, c)
	}}
	if hook {
		runner.Attach(server)
	}
	go server.Serve(countingListener{l})
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// Under the hook the end of the response is the end of the connection's turn,
// whatever the handler or what is around it did.
func TestTheHookSeesEveryEnd(t *testing.T) {
	var runner runtime.Runner
	ran := make(chan string, 10)
	task := func(name string) func(context.Context) error { return does(func() { ran <- name }) }
	mux := http.NewServeMux()
	mux.Handle("/close", plain(&runner, func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(task("close"))
		w.Header().Set("Connection", "close")
	}))
	mux.Handle("/hijack", plain(&runner, func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		bg.Add(task("hijack"))
		io.WriteString(conn, "by hand")
		conn.Close()
	}))
	mux.Handle("/gone", plain(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(task("gone"))
		<-r.Context().Done() // the client has gone
		w.Write(make([]byte, 1<<20))
	}))
	addr := listen(t, &runner, mux, true)

	for _, path := range []string{"/close", "/hijack"} {
		c := dial(t, addr)
		c.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n")
		c.all()
		if name := <-ran; "/"+name != path {
			t.Errorf("%s ran %s", path, name)
		}
	}
	c := dial(t, addr)
	c.send("GET /gone HTTP/1.1\r\nHost: test\r\n\r\n")
	c.Close()
	if name := <-ran; name != "gone" {
		t.Errorf("ran %s", name)
	}
	idle(t, &runner)
}

// Two handlers, one after the other on one connection, each before the client
// has read anything: their tasks run all the same.
func TestPipelining(t *testing.T) {
	var runner runtime.Runner
	var j journal
	h := plain(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(j.noting(r.URL.Path))
	})
	c := dial(t, listen(t, &runner, h, true))
	c.send(strings.Repeat("GET /x HTTP/1.1\r\nHost: test\r\n\r\n", 3))
	for range 3 {
		c.response("GET")
	}
	idle(t, &runner)
	j.want(t, "/x", "/x", "/x")
}

// A writer that cannot be flushed is reported once, with the line to add.
func TestAWriterThatCannotFlush(t *testing.T) {
	var log strings.Builder
	runner := runtime.Runner{Logger: textLogger(&log)}
	ran := 0
	h := adding(&runner, does(func() { ran++ }))
	for range 3 {
		h.ServeHTTP(struct{ http.ResponseWriter }{bare{httptest.NewRecorder()}}, httptest.NewRequest("GET", "/", nil))
		idle(t, &runner)
	}
	if n := strings.Count(log.String(), "runner.Attach(server)"); n != 1 || ran != 3 {
		t.Errorf("%d warnings, %d tasks:\n%s", n, ran, log.String())
	}
}

// bare has none of the optional interfaces.
type bare struct{ w http.ResponseWriter }

func (b bare) Header() http.Header         { return b.w.Header() }
func (b bare) Write(p []byte) (int, error) { return b.w.Write(p) }
func (b bare) WriteHeader(status int)      { b.w.WriteHeader(status) }

// A response to HEAD is its headers: no task starts before they have been handed to the
// connection.
func TestOrderOfHEAD(t *testing.T) {
	for _, hook := range []bool{true, false} {
		for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
			t.Run(fmt.Sprintf("%s, hook %v", proto, hook), func(t *testing.T) {
				var runner runtime.Runner
				var ran, early atomic.Int64
				addr := listenCounting(t, &runner, plain(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
					conn := r.Context().Value(countKey{}).(*countingConn)
					before := conn.written.Load()
					bg.Add(does(func() {
						ran.Add(1)
						if conn.written.Load() == before {
							early.Add(1)
						}
					}))
				}), hook)
				const n = 300
				for range n {
					c := dial(t, addr)
					c.send("HEAD / " + proto + "\r\nHost: test\r\n\r\n")
					c.response("HEAD")
					c.Close()
				}
				idle(t, &runner)
				if ran.Load() != n || early.Load() != 0 {
					t.Errorf("%d tasks ran, %d before the response", ran.Load(), early.Load())
				}
			})
		}
	}
}

// In HTTP/2, too, no task starts before its response has been handed to the connection:
// not one of HEAD, which ends with its headers, and none of those that share a
// connection.
func TestOrderInHTTP2(t *testing.T) {
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("TLS %v", secure), func(t *testing.T) {
			t.Parallel()
			var runner runtime.Runner
			var ran, early atomic.Int64
			handler := plain(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
				conn := r.Context().Value(countKey{}).(*countingConn)
				size := 2000
				if r.Method == "HEAD" {
					size = 9 // that every frame has
				}
				end := conn.written.Load() + int64(size)
				bg.Add(does(func() {
					ran.Add(1)
					if conn.written.Load() < end {
						early.Add(1)
					}
				}))
				w.Write(make([]byte, 2000))
			})
			client, url := serveHTTP2(t, &runner, handler, secure)
			const each = 1000
			for _, method := range []string{"HEAD", "GET"} {
				for range each {
					request(t, client, method, url)
				}
			}
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for i := range each / 8 {
						request(t, client, []string{"HEAD", "GET"}[i%2], url)
					}
				})
			}
			all.Wait()
			idle(t, &runner)
			if ran.Load() != 3*each || early.Load() != 0 {
				t.Errorf("%d of %d tasks ran, %d before the end of the response", ran.Load(), 3*each, early.Load())
			}
		})
	}
}

func request(t *testing.T, client *http.Client, method, url string) {
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Error(err)
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.ProtoMajor != 2 || resp.StatusCode != http.StatusOK {
		t.Errorf("%s, %s", resp.Proto, resp.Status)
	}
}

// serveHTTP2 serves with runtime.ServeListener, and returns a client that speaks HTTP/2.
func serveHTTP2(t *testing.T, runner *runtime.Runner, handler http.Handler, secure bool) (client *http.Client, url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, Protocols: new(http.Protocols), ConnContext: func(ctx context.Context, c net.Conn) context.Context {
		if t, ok := c.(*tls.Conn); ok {
			c = t.NetConn()
		}
		return context.WithValue(ctx, countKey{}, c.(interface{ NetConn() net.Conn }).NetConn())
	}}
	client = &http.Client{Transport: &http.Transport{Protocols: new(http.Protocols)}}
	url = "http://" + l.Addr().String()
	if secure {
		ca := httptest.NewUnstartedServer(nil) // for its certificate
		ca.EnableHTTP2 = true
		ca.StartTLS()
		defer ca.Close()
		client = ca.Client()
		url = "https://" + l.Addr().String()
		server.TLSConfig = &tls.Config{Certificates: ca.TLS.Certificates}
		server.Protocols.SetHTTP2(true)
	} else {
		server.Protocols.SetUnencryptedHTTP2(true)
		client.Transport.(*http.Transport).Protocols.SetUnencryptedHTTP2(true)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- runtime.ServeListener(ctx, server, countingListener{l}, runner) }()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return client, url
}
