package runtime_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// quiet is a logger for tests in which things fail on purpose.
var quiet = slog.New(slog.DiscardHandler)

// plain is an adapter as bggen generates it for a handler in the style of
// net/http with a collector beside.
func plain(runner *runtime.Runner, f func(http.ResponseWriter, *http.Request, *runtime.BackgroundTasks)) http.Handler {
	return adapter.NewWithTasks("test.plain", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		f(x.Takeover(), x.Request(), x.Tasks())
		return nil
	})
}

// failing is the same for one that returns an error.
func failing(runner *runtime.Runner, f func(http.ResponseWriter, *http.Request, *runtime.BackgroundTasks) error) http.Handler {
	return adapter.NewWithTasks("test.failing", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		return f(x.TakeoverOrFail(), x.Request(), x.Tasks())
	})
}

// does is a task.
func does(f func()) func(context.Context) error {
	return func(context.Context) error { f(); return nil }
}

// listen serves handler on a free port of this machine, with the connection
// hook if hook is set, and returns the address.
func listen(t testing.TB, runner *runtime.Runner, handler http.Handler, hook bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	if hook {
		runner.Attach(server)
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// A client is one connection over which requests are written byte for byte.
type client struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func dial(t testing.TB, addr string) *client {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &client{t, c, bufio.NewReader(c)}
}

func (c *client) send(request string) {
	c.t.Helper()
	if _, err := io.WriteString(c, request); err != nil {
		c.t.Fatal(err)
	}
}

// response reads one response with its body.
func (c *client) response(method string) (*http.Response, string) {
	c.t.Helper()
	resp, err := http.ReadResponse(c.r, &http.Request{Method: method})
	if err != nil {
		c.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp, string(body)
}

// all reads to the end of the connection.
func (c *client) all() string {
	c.t.Helper()
	data, err := io.ReadAll(c.r)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(data)
}

// idle waits for the runner.
func idle(t testing.TB, runner *runtime.Runner) {
	t.Helper()
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func textLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// syncBuilder is a strings.Builder for several goroutines.
type syncBuilder struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncBuilder) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuilder) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
