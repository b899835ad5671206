package runtime_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

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

// unwrapping is what middleware around a writer looks like at the least.
type unwrapping struct{ http.ResponseWriter }

func (u unwrapping) Unwrap() http.ResponseWriter { return u.ResponseWriter }

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
