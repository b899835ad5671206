package runtime_test

import (
	"context"
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

// No task starts before the last byte of its response has been handed to the
// connection: 100,000 requests, half of them with the hook.
func TestNoTaskStartsEarly(t *testing.T) {
	bodies := map[string]int{"/small": 20, "/exact": 2048, "/large": 20_000}
	for _, hook := range []bool{true, false} {
		t.Run(fmt.Sprintf("hook %v", hook), func(t *testing.T) {
			t.Parallel()
			var runner runtime.Runner
			var early, ran atomic.Int64
			handler := plain(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
				conn := r.Context().Value(countKey{}).(*countingConn)
				size := bodies[r.URL.Path]
				end := conn.written.Load() + int64(size) // and the headers
				bg.Add(does(func() {
					ran.Add(1)
					if conn.written.Load() < end {
						early.Add(1)
					}
				}))
				w.Write(make([]byte, size))
			})
			addr := listenCounting(t, &runner, handler, hook)
			const connections, requests = 8, 50_000 / 8
			var wg sync.WaitGroup
			for range connections {
				c := dial(t, addr)
				wg.Go(func() {
					for i := range requests {
						path := []string{"/small", "/exact", "/small", "/large"}[i%4]
						c.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n")
						if _, body := c.response("GET"); len(body) != bodies[path] {
							t.Errorf("a body of %d bytes", len(body))
						}
					}
				})
			}
			wg.Wait()
			idle(t, &runner)
			if ran.Load() != connections*requests || early.Load() != 0 {
				t.Errorf("%d of %d tasks ran, %d before the end of the response", ran.Load(), connections*requests, early.Load())
			}
		})
	}
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
