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
	"time"

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

// http.TimeoutHandler answers while the handler goes on: its tasks run when it
// has returned, not when the connection ends some other response.
func TestUnderTimeoutHandler(t *testing.T) {
	var runner runtime.Runner
	returned, ran := make(chan struct{}), make(chan struct{})
	inner := plain(&runner, func(_ http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
		if r.URL.Path == "/slow" {
			<-returned
		}
		bg.Add(does(func() { ran <- struct{}{} }))
	})
	c := dial(t, listen(t, &runner, http.TimeoutHandler(inner, 50*time.Millisecond, "too slow"), true))

	c.send("GET /quick HTTP/1.1\r\nHost: test\r\n\r\n")
	if resp, _ := c.response("GET"); resp.StatusCode != 200 {
		t.Errorf("the answer is %s", resp.Status)
	}
	<-ran
	c.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
	if resp, body := c.response("GET"); resp.StatusCode != 503 || body != "too slow" {
		t.Errorf("the answer is %s %q", resp.Status, body)
	}
	close(returned)
	<-ran
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

// A connection that is hijacked without the hook is left alone.
func TestHijackWithoutTheHook(t *testing.T) {
	for _, status := range []bool{false, true} {
		var runner runtime.Runner
		h := plain(&runner, func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
			bg.Add(does(func() {}))
			if status {
				w.WriteHeader(200)
			}
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			io.WriteString(conn, "TUNNEL")
			conn.Close()
		})
		got := map[bool]string{}
		for _, hook := range []bool{true, false} {
			c := dial(t, listen(t, &runner, h, hook))
			c.send("CONNECT x:1 HTTP/1.1\r\nHost: test\r\n\r\n")
			got[hook] = date.ReplaceAllString(c.all(), "")
		}
		if got[true] != got[false] || !strings.HasSuffix(got[false], "TUNNEL") {
			t.Errorf("with the hook %q, without %q", got[true], got[false])
		}
		idle(t, &runner)
	}
}

// unwrapping is what middleware around a writer looks like at the least.
type unwrapping struct{ http.ResponseWriter }

func (u unwrapping) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// A flush through http.ResponseController is seen through such middleware.
func TestControllerFlush(t *testing.T) {
	for _, hook := range []bool{true, false} {
		for _, fail := range []bool{true, false} {
			runner := runtime.Runner{Logger: quiet}
			inner := failing(&runner, func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) error {
				bg.Add(does(func() {}))
				w.WriteHeader(201)
				io.WriteString(w, "part")
				if err := http.NewResponseController(w).Flush(); err != nil {
					t.Error(err)
				}
				if fail {
					return fmt.Errorf("failed")
				}
				return nil
			})
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inner.ServeHTTP(unwrapping{w}, r) })
			c := dial(t, listen(t, &runner, h, hook))
			c.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
			text := c.all()
			if !strings.HasPrefix(text, "HTTP/1.1 201") || strings.HasSuffix(text, "0\r\n\r\n") == fail {
				t.Errorf("hook %v, fail %v: %q", hook, fail, text)
			}
			idle(t, &runner)
		}
	}
}

// uncomparable is a connection that cannot be the key of a map.
type uncomparable struct {
	net.Conn
	_ []byte
}

type uncomparableListener struct{ net.Listener }

func (l uncomparableListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return uncomparable{Conn: c}, err
}

// Where the hook cannot work, the response is flushed: for connections that it
// cannot tell apart, and when somebody has replaced ConnState.
func TestWhereTheHookCannotWork(t *testing.T) {
	for name, change := range map[string]func(*http.Server, net.Listener) net.Listener{
		"uncomparable": func(_ *http.Server, l net.Listener) net.Listener { return uncomparableListener{l} },
		"replaced": func(s *http.Server, l net.Listener) net.Listener {
			s.ConnState = func(net.Conn, http.ConnState) {}
			return l
		},
	} {
		t.Run(name, func(t *testing.T) {
			var runner runtime.Runner
			var j journal
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: adding(&runner, j.noting("ran"))}
			runner.Attach(server)
			go server.Serve(change(server, l))
			defer server.Close()
			c := dial(t, l.Addr().String())
			for range 2 {
				c.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
				if resp, _ := c.response("GET"); resp.StatusCode != 200 {
					t.Errorf("the answer is %s", resp.Status)
				}
			}
			idle(t, &runner)
			j.want(t, "ran", "ran")
		})
	}
}

// A handler that begins when its turn is over, because what is around it has
// answered long ago, does not wait for the next one.
func TestAHandlerThatBeginsTooLate(t *testing.T) {
	var runner runtime.Runner
	answered, ran := make(chan struct{}), make(chan struct{})
	inner := adding(&runner, does(func() { close(ran) }))
	first := true
	outer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !first {
			return
		}
		first = false
		go func() {
			<-answered
			inner.ServeHTTP(httptest.NewRecorder(), r)
		}()
	})
	c := dial(t, listen(t, &runner, outer, true))
	c.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
	c.response("GET")
	// The server has noted the end when it has read the next request.
	c.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
	c.response("GET")
	answered <- struct{}{}
	<-ran
	idle(t, &runner)
}
