package generator_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/streams"
)

// streamServer serves package streams in HTTP/1.1 or HTTP/2.
func streamServer(t *testing.T, app *streams.App, http2 bool) *httptest.Server {
	mux := http.NewServeMux()
	streams.Register(mux, newRunner(), app)
	s := httptest.NewUnstartedServer(mux)
	s.EnableHTTP2 = http2
	if http2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// Values arrive as they come, and tasks run when the last one has.
func TestStreams(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		app := &streams.App{Items: make(chan streams.Item)}
		s := streamServer(t, app, http2)
		r, err := s.Client().Get(s.URL + "/lines")
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Header; r.ProtoMajor != map[bool]int{false: 1, true: 2}[http2] || got.Get("Content-Type") != "application/jsonl" || got.Get("Cache-Control") != "no-cache" {
			t.Error(r.Proto, got)
		}
		lines := bufio.NewReader(r.Body)
		for i, want := range []string{"{\"n\":0}\n", "{\"n\":1}\n"} {
			app.Items <- streams.Item{N: i}
			if got, err := lines.ReadString('\n'); got != want || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		}
		close(app.Items)
		if rest, err := io.ReadAll(lines); len(rest) > 0 || err != nil {
			t.Errorf("%q, %v", rest, err)
		}
		if got := streams.Noted(); got != "lines" {
			t.Error(got)
		}
	}
}

// A client notices that not all of a sequence has come.
func TestStreamFails(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		s := streamServer(t, new(streams.App), http2)
		r, err := s.Client().Get(s.URL + "/fails")
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(r.Body); r.StatusCode != 203 || string(text) != "{\"n\":1}\n" || err == nil {
			t.Errorf("%d %q %v", r.StatusCode, text, err)
		}
	}
}

func TestEvents(t *testing.T) {
	app := &streams.App{Items: make(chan streams.Item, 2)}
	s := streamServer(t, app, false)
	app.Items <- streams.Item{N: 1}
	close(app.Items)
	for path, want := range map[string]string{
		"/events":       ": c\nid: 7\nevent: item\nretry: 1500\ndata: {\"n\":1}\n\n",
		"/texts":        "data: a\ndata: b\n\ndata: \n\n",
		"/events?x=bad": "",
	} {
		q, _ := http.NewRequest("GET", s.URL+path, nil)
		q.Header.Set("Last-Event-ID", "7")
		if strings.HasSuffix(path, "bad") {
			q.Header.Set("Last-Event-ID", "bad")
		}
		r, err := s.Client().Do(q)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		switch {
		case want == "" && r.StatusCode != 409:
			t.Error(r.Status)
		case want != "" && (r.Header.Get("Content-Type") != "text/event-stream" || err != nil):
			t.Error(r.Header, err)
		case want != "" && path == "/texts" && string(text) != want:
			t.Errorf("%s: %q", path, text)
		case path == "/events" && len(text) > 0 && string(text) != want:
			t.Errorf("%s: %q", path, text)
		}
	}
	if r, err := s.Client().Get(s.URL + "/nothing"); err != nil || r.StatusCode != 500 {
		t.Error(r, err)
	}
	r, err := s.Client().Head(s.URL + "/lines")
	if err != nil || r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/jsonl" {
		t.Error(r, err)
	}
}

// A sequence ends when its client leaves, and when the server is told to end: Serve
// does not wait for streams that have no end.
func TestStreamsEnd(t *testing.T) {
	app := &streams.App{Items: make(chan streams.Item)}
	runner := newRunner()
	mux := http.NewServeMux()
	streams.Register(mux, runner, app)
	ended := make(chan bool, 100)
	listening := make(chan string, 1)
	server := &http.Server{
		Addr: "127.0.0.1:0",
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/waits" { // a handler that writes by itself
				w.WriteHeader(http.StatusAccepted)
				http.NewResponseController(w).Flush()
				<-runtime.Draining(r.Context())
			} else {
				mux.ServeHTTP(w, r)
			}
			ended <- true
		}),
		BaseContext: func(l net.Listener) context.Context {
			listening <- l.Addr().String()
			return context.Background()
		},
	}
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- runtime.Serve(ctx, server, runner) }()
	address := <-listening
	open := func(ctx context.Context, path string) (*http.Response, error) {
		q, _ := http.NewRequestWithContext(ctx, "GET", "http://"+address+path, nil)
		return http.DefaultClient.Do(q)
	}
	leaving, leave := context.WithCancel(t.Context())
	if _, err := open(leaving, "/events"); err != nil {
		t.Fatal(err)
	}
	leave()
	<-ended
	for i := range 100 {
		if _, err := open(t.Context(), []string{"/events", "/waits"}[i%2]); err != nil {
			t.Fatal(err)
		}
	}
	end()
	for range 100 {
		<-ended
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// What cannot be flushed arrives when it ends, and that is said once.
func TestStreamBuffered(t *testing.T) {
	var log bytes.Buffer
	mux := http.NewServeMux()
	streams.Register(mux, &runtime.Runner{Logger: slog.New(slog.NewTextHandler(&log, nil))}, new(streams.App))
	h := http.TimeoutHandler(mux, time.Minute, "")
	for range 2 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/texts", nil))
		if got := w.Body.String(); got != "data: a\ndata: b\n\ndata: \n\n" {
			t.Errorf("%q", got)
		}
	}
	if got := log.String(); strings.Count(got, "arrive together") != 1 {
		t.Error(got)
	}
}
