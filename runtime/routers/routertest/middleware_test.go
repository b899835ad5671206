package routertest

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// Under the middleware that people use, a task begins when the client has the
// whole response: it waits here for the client to say so.
func TestUnderMiddleware(t *testing.T) {
	for name, wrap := range map[string]func(*runtime.Runner, http.Handler) http.Handler{
		"gzip": func(_ *runtime.Runner, h http.Handler) http.Handler { return middleware.Compress(5)(h) },
		"timeout": func(_ *runtime.Runner, h http.Handler) http.Handler {
			return http.TimeoutHandler(h, time.Minute, "too late")
		},
		"chi": func(_ *runtime.Runner, h http.Handler) http.Handler {
			r := chi.NewRouter()
			r.Use(middleware.RequestID, middleware.Recoverer, middleware.Compress(5), middleware.Timeout(time.Minute), middleware.StripSlashes)
			r.Handle("/*", h)
			return r
		},
		"collect around gzip": func(runner *runtime.Runner, h http.Handler) http.Handler {
			return runtime.Collect(runner, middleware.Compress(5)(h))
		},
		"gzip around collect": func(runner *runtime.Runner, h http.Handler) http.Handler {
			return middleware.Compress(5)(runtime.Collect(runner, h))
		},
	} {
		for _, server := range []string{"hook", "flush", "HTTP/2"} {
			t.Run(name+"/"+server, func(t *testing.T) { underMiddleware(t, wrap, server) })
		}
	}
}

func underMiddleware(t *testing.T, wrap func(*runtime.Runner, http.Handler) http.Handler, kind string) {
	var runner runtime.Runner
	read := make(chan struct{})
	order := make(chan string, 2)
	text := strings.Repeat("x", 50_000)
	adapter := adapter.NewWithTasks("test.handler", &runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		for _, line := range []string{"first", "second"} {
			x.Tasks().Add(func(context.Context) error { <-read; order <- line; return nil })
		}
		return adapter.Text(x, http.StatusOK, text)
	})
	server := httptest.NewUnstartedServer(wrap(&runner, adapter))
	if kind == "hook" {
		runner.Attach(server.Config)
	}
	if server.EnableHTTP2 = kind == "HTTP/2"; server.EnableHTTP2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	defer server.Close()
	req, err := http.NewRequest("GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip") // so that the client leaves it to us
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body := io.Reader(resp.Body)
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(resp.Body); err != nil {
			t.Fatal(err)
		}
	} else if strings.Contains(t.Name(), "gzip") || strings.Contains(t.Name(), "chi") {
		t.Error("the response is not compressed")
	}
	if got, err := io.ReadAll(body); err != nil || string(got) != text {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	close(read)
	if first, second := <-order, <-order; first != "first" || second != "second" {
		t.Errorf("the order is %s, %s", first, second)
	}
}
