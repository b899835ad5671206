package adapter

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter/jsonbody"
)

func textLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// statuses are those of RFC 9110 that end a request, with 226 and a few of
// others.
var statuses = []int{200, 201, 202, 203, 204, 205, 206, 226, 300, 301, 302, 303, 304, 305, 307, 308,
	400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 426, 428, 429, 431, 451,
	500, 501, 502, 503, 504, 505, 511}

// answers are the kinds of result.
var answers = map[string]func(x *Exchange, status int) error{
	"JSON":  func(x *Exchange, status int) error { return JSON(x, status, []int{1}) },
	"text":  func(x *Exchange, status int) error { return Text(x, status, "[1]") },
	"bytes": func(x *Exchange, status int) error { return Bytes(x, status, []byte("[1]")) },
	"stream": func(x *Exchange, status int) error {
		return Stream(x, status, io.MultiReader(strings.NewReader("["), strings.NewReader("1]")))
	},
	"no content": NoContent,
	"response": func(x *Exchange, status int) error {
		return Respond(x, 0, runtime.Response[string]{Status: status, Body: "[1]"}, Text)
	},
}

// Each status, with each kind of result, over each protocol, with and without
// tasks: the client reads a whole response, which has a body only where the
// status has one.
func TestStatuses(t *testing.T) {
	for name, answer := range answers {
		for _, tasks := range []bool{false, true} {
			for _, protocol := range []string{"HTTP/1.0", "HTTP/1.1", "HTTP/2.0"} {
				t.Run(fmt.Sprintf("%s/tasks=%t/%s", name, tasks, protocol), func(t *testing.T) {
					t.Parallel()
					client, url := statusServer(t, answer, tasks, protocol)
					for _, status := range statuses {
						checkStatus(t, client, url, protocol, status, name != "no content")
					}
				})
			}
		}
	}
}

func statusServer(t *testing.T, answer func(*Exchange, int) error, tasks bool, protocol string) (*http.Client, string) {
	var runner runtime.Runner
	serve := func(x *Exchange) error {
		status := Required[int](x.Query("status"))
		if err := x.Bound(); err != nil {
			return err
		}
		if tasks {
			if err := x.Ready(); err != nil {
				return err
			}
			x.Tasks().Add(func(context.Context) error { return nil })
		}
		return answer(x, status)
	}
	h := New
	if tasks {
		h = NewWithTasks
	}
	s := httptest.NewUnstartedServer(h("test", &runner, nil, serve))
	s.EnableHTTP2 = protocol == "HTTP/2.0"
	s.StartTLS()
	t.Cleanup(s.Close)
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client, s.URL
}

func checkStatus(t *testing.T, client *http.Client, url, protocol string, status int, body bool) {
	t.Helper()
	r, err := http.NewRequest("GET", fmt.Sprintf("%s/?status=%d", url, status), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Close = protocol == "HTTP/1.0"
	response, err := client.Do(r)
	if err != nil {
		t.Errorf("%d: %v", status, err)
		return
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	want := "[1]"
	if bodyless := slices.Contains([]int{204, 205, 304}, status); bodyless || !body {
		want = ""
	}
	if err != nil || response.StatusCode != status || string(got) != want {
		t.Errorf("%d: answered with %d %q, %v", status, response.StatusCode, got, err)
	}
	if length := response.Header.Get("Content-Length"); (status == 204 || status == 304) && length != "" {
		t.Errorf("%d has Content-Length: %s", status, length)
	}
	if response.Header.Get("Content-Type") != "" && want == "" && (status == 204 || status == 205) {
		t.Errorf("%d has Content-Type: %s", status, response.Header.Get("Content-Type"))
	}
}

// What an io.Reader gives is on its way before the next piece is there.
func TestStreamIsFlushed(t *testing.T) {
	for _, tasks := range []bool{false, true} {
		for _, http2 := range []bool{false, true} {
			t.Run(fmt.Sprintf("tasks=%t/HTTP2=%t", tasks, http2), func(t *testing.T) {
				reader, writer := io.Pipe()
				var runner runtime.Runner
				make := New
				if tasks {
					make = NewWithTasks
				}
				s := httptest.NewUnstartedServer(make("test", &runner, nil, func(x *Exchange) error { return Stream(x, 200, reader) }))
				s.EnableHTTP2 = http2
				s.StartTLS()
				defer s.Close()
				go io.WriteString(writer, "first")
				response, err := s.Client().Get(s.URL)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				piece := [5]byte{}
				if _, err := io.ReadFull(response.Body, piece[:]); err != nil || string(piece[:]) != "first" {
					t.Fatalf("%q, %v", piece, err)
				}
				go func() { io.WriteString(writer, "second"); writer.Close() }()
				if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "second" {
					t.Errorf("%q, %v", rest, err)
				}
			})
		}
	}
}

// A client that has gone is no failure of the server.
func TestClientGone(t *testing.T) {
	var log strings.Builder
	runner := &runtime.Runner{Logger: textLogger(&log)}
	ctx, cancel := context.WithCancel(t.Context())
	h := New("test", runner, nil, func(x *Exchange) error {
		cancel()
		return fmt.Errorf("asking the database: %w", x.Context().Err())
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	if w.Code != statusClientGone || log.Len() > 0 {
		t.Errorf("%d\n%s", w.Code, &log)
	}
	h = New("test", runner, nil, func(*Exchange) error { return context.Canceled })
	w = httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(log.String(), "handler failed") {
		t.Errorf("of something else: %d\n%s", w.Code, &log)
	}
}

// With an error handler, its status decides whether an error is one of the
// server.
func TestErrorHandlerDecidesWhatIsLogged(t *testing.T) {
	errMissing := errors.New("no rows")
	for status, logged := range map[int]bool{404: false, 500: true, 503: true} {
		var log strings.Builder
		runner := &runtime.Runner{Logger: textLogger(&log)}
		h := New("test", runner, []runtime.Option{runtime.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, _ error) {
			w.WriteHeader(status)
		})}, func(*Exchange) error { return errMissing })
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if lines := strings.Count(log.String(), "\n"); w.Code != status || (lines == 1) != logged || lines > 1 {
			t.Errorf("%d:\n%s", w.Code, &log)
		}
	}
}

// keeper keeps the bytes that it is decoded from.
type keeper struct{ text []byte }

func (k *keeper) UnmarshalJSON(text []byte) error { k.text = text; return nil }

// secretBody reads one, as generated code does.
var secretBody = jsonbody.Body[struct{ Secret keeper }]{
	Shape: jsonbody.Object(jsonbody.Field("Secret", jsonbody.Custom[keeper]("must be a valid keeper"))),
}

// A body that somebody may have kept is not used for another request.
func TestKeptBody(t *testing.T) {
	var kept []keeper
	h := New("test", new(runtime.Runner), nil, func(x *Exchange) error {
		kept = append(kept, JSONBody(x, &secretBody).Secret)
		return NoContent(x, 204)
	})
	for i := range 50 {
		r := httptest.NewRequest("POST", "/", strings.NewReader(fmt.Sprintf(`{"secret":"%03d"}`, i)))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	for i, k := range kept {
		if want := fmt.Sprintf(`"%03d"`, i); string(k.text) != want {
			t.Fatalf("%s was kept, and is %s now", want, k.text)
		}
	}
}

// A client that asks first whether to send a body that is too large is told not to.
func TestExpectTooLarge(t *testing.T) {
	server := httptest.NewServer(New("test", new(runtime.Runner), nil, func(x *Exchange) error {
		x.RawBody()
		return x.Bound()
	}))
	defer server.Close()
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999999999\r\n\r\n")
	got, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || got.StatusCode != http.StatusRequestEntityTooLarge || !got.Close {
		t.Errorf("%+v, %v", got, err)
	}
}

// An encoder writes what would be JSON; what fails in it is no answer.
func TestEncoder(t *testing.T) {
	type item struct {
		XMLName xml.Name `xml:"item"`
		N       int      `xml:"n"`
	}
	encode := func(w http.ResponseWriter, r *http.Request, status int, v any) error {
		w.Header().Set("Content-Type", "application/xml")
		w.Header().Set("Vary", "Accept")
		w.WriteHeader(status)
		if err := xml.NewEncoder(w).Encode(v); err != nil {
			return err
		}
		if r.URL.Path == "/fails" {
			return errors.New("no encoding")
		}
		return nil
	}
	for _, test := range []struct {
		path       string
		serve      func(x *Exchange) error
		status     int
		body, kind string
	}{
		{"/", func(x *Exchange) error { return JSON(x, 201, item{N: 1}) }, 201, "<item><n>1</n></item>", "application/xml"},
		{"/", func(x *Exchange) error { return Text(x, 200, "text") }, 200, "text", "text/plain; charset=utf-8"},
		{"/", func(x *Exchange) error {
			return Respond(x, 0, runtime.Response[item]{Status: 202, Header: http.Header{"vary": {"*"}}, Body: item{N: 2}}, JSON)
		}, 202, "<item><n>2</n></item>", "application/xml"},
		{"/fails", func(x *Exchange) error { return JSON(x, 200, item{}) }, 500, `{"title":"Internal Server Error","status":500}`, "application/problem+json"},
	} {
		runner := &runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
		w := httptest.NewRecorder()
		NewWithTasks("test", runner, []runtime.Option{runtime.WithEncoder(encode)}, func(x *Exchange) error {
			if err := x.Ready(); err != nil {
				return err
			}
			return test.serve(x)
		}).ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
		if w.Code != test.status || w.Body.String() != test.body || w.Header().Get("Content-Type") != test.kind {
			t.Errorf("%s: %d %s %v", test.path, w.Code, w.Body, w.Header())
		}
		if want := map[int]string{201: "Accept", 202: "*"}[w.Code]; w.Header().Get("Vary") != want {
			t.Errorf("%d: %v", w.Code, w.Header())
		}
	}
}
