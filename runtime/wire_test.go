package runtime_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// A wireCase is a handler whose response must not change when it has tasks.
type wireCase struct {
	name   string
	method string
	header string // of the request
	body   string // of the request
	serve  func(w http.ResponseWriter, r *http.Request)
	around func(http.Handler) http.Handler
}

func wireCases() []wireCase {
	write := func(size int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { w.Write(bytes.Repeat([]byte("a"), size)) }
	}
	var list []wireCase
	for _, size := range []int{0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 64 << 10} {
		list = append(list,
			wireCase{name: fmt.Sprintf("body of %d", size), serve: write(size)},
			wireCase{name: fmt.Sprintf("HEAD of %d", size), method: "HEAD", serve: write(size)},
			wireCase{name: fmt.Sprintf("gzip of %d", size), header: "Accept-Encoding: gzip\r\n", around: compress, serve: write(size)},
		)
	}
	return append(list,
		wireCase{name: "in pieces", serve: func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				io.WriteString(w, strings.Repeat("b", 1000))
			}
		}},
		wireCase{name: "chunked", serve: func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				io.WriteString(w, "chunk")
				w.(http.Flusher).Flush()
			}
		}},
		wireCase{name: "nothing written", serve: func(http.ResponseWriter, *http.Request) {}},
		wireCase{name: "204", serve: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }},
		wireCase{name: "304", serve: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }},
		wireCase{name: "404", serve: func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }},
		wireCase{name: "redirect", serve: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusSeeOther) }},
		wireCase{name: "status twice", serve: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.WriteHeader(202) }},
		wireCase{name: "early hints", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</x>")
			w.WriteHeader(103)
			io.WriteString(w, "x")
		}},
		wireCase{name: "length set", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "4000")
			w.Write(make([]byte, 4000))
		}},
		wireCase{name: "headers set late", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Early", "1")
			io.WriteString(w, "<html>")
			w.Header().Set("X-Late", "1")
			w.Header().Del("X-Early")
		}},
		wireCase{name: "trailers", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			io.WriteString(w, "body")
			w.Header().Set("X-Sum", "1")
		}},
		wireCase{name: "late trailers", serve: func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "body")
			w.Header().Set(http.TrailerPrefix+"X-Sum", "1")
		}},
		wireCase{name: "read from", serve: func(w http.ResponseWriter, _ *http.Request) {
			io.Copy(w, io.LimitReader(strings.NewReader(strings.Repeat("c", 9000)), 9000))
		}},
		wireCase{name: "short read from", serve: func(w http.ResponseWriter, _ *http.Request) {
			io.Copy(w, io.LimitReader(strings.NewReader("short"), 5))
		}},
		wireCase{name: "max bytes", method: "POST", body: strings.Repeat("d", 5000), serve: func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 100)); err != nil {
				http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			}
		}},
		wireCase{name: "echo", method: "POST", body: "hello", serve: func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }},
	)
}

// compress is gzip middleware of the simplest kind.
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		next.ServeHTTP(gzipWriter{w, z}, r)
	})
}

type gzipWriter struct {
	http.ResponseWriter
	z *gzip.Writer
}

func (w gzipWriter) Write(p []byte) (int, error) { return w.z.Write(p) }

func (w gzipWriter) Flush() {
	w.z.Flush()
	w.ResponseWriter.(http.Flusher).Flush()
}

// twins are the handler as net/http knows it, and as adapters with and without
// a collector; the one with has tasks.
func (c wireCase) twins(runner *runtime.Runner) map[string]http.Handler {
	hand := http.Handler(http.HandlerFunc(c.serve))
	without := adapter.New("test", runner, nil, func(x *adapter.Exchange) error {
		c.serve(x.Takeover(), x.Request())
		return nil
	})
	with := plain(runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(does(func() {}))
		c.serve(w, r)
		bg.Add(does(func() {}))
	})
	mayFail := failing(runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) error {
		bg.Add(does(func() {}))
		c.serve(w, r)
		return nil
	})
	cleared := plain(runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(does(func() {}))
		c.serve(w, r)
		bg.Clear()
	})
	all := map[string]http.Handler{"hand": hand, "without": without, "with": with, "cleared": cleared}
	if c.name != "max bytes" { // closes the connection only through the server's own writer
		all["may fail"] = mayFail
	}
	if c.around != nil {
		for name, h := range all {
			all[name] = c.around(h)
		}
	}
	return all
}

var date = regexp.MustCompile(`Date: [^\r]*\r\n`)

// Under the hook a collector changes no byte.
func TestTasksChangeNoByte(t *testing.T) {
	for _, c := range wireCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var runner runtime.Runner
			for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
				for _, connection := range []string{"close", "keep-alive"} {
					got := map[string]string{}
					for name, h := range c.twins(&runner) {
						got[name] = c.raw(t, listen(t, &runner, h, true), proto, connection)
					}
					for name, bytes := range got {
						if bytes != got["hand"] {
							t.Errorf("%s %s, %s:\n%q\nby hand:\n%q", proto, connection, name, bytes, got["hand"])
						}
					}
				}
			}
			idle(t, &runner)
		})
	}
}

// raw sends the request of c, and one more that ends the connection, and
// returns all bytes that came back.
func (c wireCase) raw(t *testing.T, addr, proto, connection string) string {
	t.Helper()
	method := c.method
	if method == "" {
		method = "GET"
	}
	length := ""
	if c.body != "" {
		length = fmt.Sprintf("Content-Length: %d\r\n", len(c.body))
	}
	cl := dial(t, addr)
	cl.send(fmt.Sprintf("%s / %s\r\nHost: test\r\nConnection: %s\r\n%s%s\r\n%s", method, proto, connection, c.header, length, c.body))
	if connection == "keep-alive" {
		// The server may close all the same; then this goes nowhere.
		fmt.Fprintf(cl, "GET /end %s\r\nHost: test\r\nConnection: close\r\n\r\n", proto)
	}
	data, err := io.ReadAll(cl.r)
	if err != nil && len(data) == 0 {
		t.Fatal(err)
	}
	return date.ReplaceAllString(string(data), "")
}

// Without the hook, and in HTTP/2, status, headers, body and trailers are the
// same.
func TestTasksChangeNoHeader(t *testing.T) {
	for _, c := range wireCases() {
		if c.around != nil {
			continue // a response that is flushed is compressed in other pieces
		}
		for _, kind := range []string{"HTTP/1.1 without the hook", "HTTP/2 without the hook", "HTTP/2"} {
			t.Run(kind+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				var runner runtime.Runner
				got := map[string]string{}
				for name, h := range c.twins(&runner) {
					got[name] = c.dump(t, &runner, h, kind)
				}
				for name, text := range got {
					if text != got["hand"] {
						t.Errorf("%s:\n%s\nby hand:\n%s", name, text, got["hand"])
					}
				}
				idle(t, &runner)
			})
		}
	}
}

// dump is a response without its date, as text.
func (c wireCase) dump(t *testing.T, runner *runtime.Runner, h http.Handler, kind string) string {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	defer server.Close()
	if kind == "HTTP/2" {
		runner.Attach(server.Config)
	}
	if strings.HasPrefix(kind, "HTTP/2") {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	req, err := http.NewRequestWithContext(t.Context(), c.method, server.URL, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, resp.Proto[:6]) {
		t.Fatalf("the protocol is %s", resp.Proto)
	}
	resp.Header.Del("Date")
	return fmt.Sprintf("%s %v\n%v\n%v\n%s", resp.Status, resp.TransferEncoding, resp.Header, resp.Trailer, body)
}

// Under Serve a handler is given the server's own writer.
func TestTheWriterKeepsItsInterfaces(t *testing.T) {
	for _, hook := range []bool{true, false} {
		var runner runtime.Runner
		check := func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
			bg.Add(does(func() {}))
			if _, ok := w.(http.Hijacker); !ok {
				t.Error("the writer is no http.Hijacker")
			}
			if _, ok := w.(http.Flusher); !ok {
				t.Error("the writer is no http.Flusher")
			}
			if _, ok := w.(io.ReaderFrom); !ok {
				t.Error("the writer is no io.ReaderFrom")
			}
			if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil {
				t.Error(err)
			}
		}
		for _, h := range []http.Handler{
			plain(&runner, check),
			failing(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) error {
				check(w, r, bg)
				return nil
			}),
		} {
			c := dial(t, listen(t, &runner, h, hook))
			c.send("GET / HTTP/1.0\r\n\r\n")
			if got := c.all(); !strings.HasPrefix(got, "HTTP/1.0 200") {
				t.Errorf("the response is %q", got)
			}
		}
	}
}

// A handler that has begun to write and then fails is aborted: the client does
// not see a complete response.
func TestAFailureAfterTheBeginningAborts(t *testing.T) {
	for _, hook := range []bool{true, false} {
		runner := runtime.Runner{Logger: quiet}
		h := failing(&runner, func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) error {
			bg.Add(does(func() { t.Error("a failed request ran its task") }))
			io.WriteString(w, "half of")
			return errors.New("failed")
		})
		c := dial(t, listen(t, &runner, h, hook))
		c.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
		if got := c.all(); got != "" {
			t.Errorf("hook %v: the client sees %q", hook, got)
		}
		idle(t, &runner)
	}
}
