package generator_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/bodies"
	"github.com/bggen/bggen/testdata/ok/constraint"
	"github.com/bggen/bggen/testdata/ok/names"
	"github.com/bggen/bggen/testdata/ok/plain"
	"github.com/bggen/bggen/testdata/ok/results"
	"github.com/bggen/bggen/testdata/ok/shadow"
	"github.com/bggen/bggen/testdata/ok/tasks"
	"github.com/bggen/bggen/testdata/ok/unexported"
)

func newRunner() *runtime.Runner { return &runtime.Runner{Logger: slog.New(slog.DiscardHandler)} }

// do sends a request: method, target and body; a body is sent as JSON.
func do(t *testing.T, h http.Handler, request string) *httptest.ResponseRecorder {
	t.Helper()
	head, body, hasBody := strings.Cut(request, "\n")
	method, target, _ := strings.Cut(head, " ")
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if hasBody {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// drive sends requests, and compares status and body.
func drive(t *testing.T, h http.Handler, cases [][3]string) {
	t.Helper()
	for _, c := range cases {
		w := do(t, h, c[0])
		got := w.Result()
		if body := w.Body.String(); got.Status[:3] != c[1] || body != c[2] {
			t.Errorf("%s\ngot  %s %s\nwant %s %s", c[0], got.Status[:3], body, c[1], c[2])
		}
	}
}

// problem is a problem document with binding errors.
func problem(status int, errors string) string {
	title := http.StatusText(status)
	return `{"title":"` + title + `","status":` + itoa(status) + `,"detail":"the request does not fit","errors":[` + errors + `]}`
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestResults(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	results.Register(mux, runner)
	drive(t, mux, [][3]string{
		{"GET /func/7?prefix=n", "200", "n7"},
		{"GET /nothing", "204", ""},
		{"POST /accepted", "202", ""},
		{"GET /fails/not", "204", ""},
		{"GET /fails/found", "404", `{"title":"Not Found","status":404,"detail":"no such thing"}`},
		{"GET /fails/problem", "409", `{"title":"Taken","status":409}`},
		{"GET /fails/otherwise", "500", `{"title":"Internal Server Error","status":500}`},
		{"GET /list", "200", "[]"},
		{"POST /created", "201", `{"id":1}`},
		{"GET /text", "200", "<text>"},
		{"GET /named", "200", `"\u003cname\u003e"`},
		{"GET /bytes", "200", "png"},
		{"GET /broken", "500", `{"title":"Internal Server Error","status":500}`},
		{"GET /large", "200", strings.Repeat("\x00", 10_000)},
		{"GET /reader", "202", "streamed"},
		{"GET /reader?missing=1", "404", `{"title":"Not Found","status":404,"detail":"no such thing"}`},
		{"GET /handler", "302", "<a href=\"/text\">Found</a>.\n\n"},
		{"GET /full", "404", "[]"},
		{"GET /fixed", "203", "fixed"},
	})
	if word := <-results.Ran; word != "full" {
		t.Errorf("the task of a Response said %q", word)
	}
	if h := do(t, mux, "GET /full").Header(); h.Get("X-Full") != "yes" || h.Get("Set-Cookie") != "full=1" {
		t.Errorf("the headers are %v", h)
	}
	for target, want := range map[string]string{
		"/text": "text/plain; charset=utf-8", "/named": "application/json", "/bytes": "image/png",
		"/large": "application/octet-stream", "/broken": "application/problem+json", "/nothing": "",
	} {
		if got := do(t, mux, "GET "+target).Header().Get("Content-Type"); got != want {
			t.Errorf("%s has type %q, want %q", target, got, want)
		}
	}
	if got := do(t, mux, "GET /fails/problem").Header().Get("Retry-After"); got != "7" {
		t.Errorf("Retry-After is %q", got)
	}
}

// A Response takes a place for tasks if it has some, and only then.
func TestResponseTakesAPlace(t *testing.T) {
	runner := newRunner()
	runner.Queue, runner.Wait = 1, -1
	mux := http.NewServeMux()
	results.Register(mux, runner)
	err := runner.Do(t.Context(), func(*runtime.BackgroundTasks) error { // which has the only place
		if w := do(t, mux, "GET /fixed"); w.Code != 203 || w.Body.String() != "fixed" {
			t.Errorf("without tasks: %d %s", w.Code, w.Body)
		}
		if w := do(t, mux, "GET /full"); w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("X-Full") != "" {
			t.Errorf("with a task: %d %s", w.Code, w.Body)
		}
		return nil
	})
	if err = errors.Join(err, runner.Idle(t.Context())); err != nil {
		t.Fatal(err)
	}
	if ran := runner.Stats().Ran; ran != 0 {
		t.Errorf("%d tasks of a response that was refused have run", ran)
	}
}

func TestErrorHandler(t *testing.T) {
	mux := http.NewServeMux()
	bodies.Register(mux, newRunner(), runtime.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		bind, ok := err.(*runtime.BindError)
		if !ok || bind.Status != 422 || len(bind.Errors) != 1 {
			t.Errorf("the error is %#v", err)
		}
		http.Error(w, err.Error(), http.StatusTeapot)
	}))
	drive(t, mux, [][3]string{{"POST /json\n{\"tags\":1}", "418", "body tags: must be a list\n"}})
}

func TestNames(t *testing.T) {
	mux := http.NewServeMux()
	names.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /awkward/1/2/3/4?runner=5&string=a&string=b&Awkward=6&nil=true", "200", `["1","2","3","4",5,["a","b"],6,true]`},
		{"GET /shadow?v=abc&options=4", "200", `{"A":7}`},
		{"GET /spaced", "202", ""},
		{"POST /enqueue", "204", ""},
	})
}

func TestTasks(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	tasks.Register(mux, runner)
	drive(t, mux, [][3]string{{"POST /all", "204", ""}})
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(tasks.Journal)
	got := slices.Collect(func(yield func(string) bool) {
		for line := range tasks.Journal {
			yield(line)
		}
	})
	want := []string{"simple", "0title[1 2] 5part<nil>", "hidden", "from+chain"}
	if !slices.Equal(got, want) {
		t.Errorf("the tasks said %q, want %q", got, want)
	}
	if s := runner.Stats(); s.Ran != 6 || s.Failed != 1 {
		t.Errorf("stats are %+v", s)
	}
}

func TestUnexported(t *testing.T) {
	mux := http.NewServeMux()
	sent := unexported.Mount(mux, newRunner())
	drive(t, mux, [][3]string{
		{"POST /send\n{\"text\":\"hi\"}", "200", `{"text":"hi"}`},
		{"GET /status", "200", "ok"},
		{"GET /status?verbose=on", "200", "all is well"},
	})
	if text := <-sent; text != "hi" {
		t.Errorf("sent %q", text)
	}
}

func TestShadow(t *testing.T) {
	mux := http.NewServeMux()
	site := &shadow.Site{Log: make(chan string, 1)}
	shadow.Register(mux, newRunner(), site)
	drive(t, mux, [][3]string{
		{"POST /app\n{\"name\":\"a\"}", "200", "a"},
		{"POST /opts\n{\"name\":\"o\"}", "200", "o"},
		{"POST /x\n{\"name\":\"x\"}", "200", `{"name":"x"}`},
		{"GET /runner", "200", "second!"},
	})
	if line := <-site.Log; line != "truex" {
		t.Errorf("the log has %q", line)
	}
}

func TestConstraint(t *testing.T) {
	mux := http.NewServeMux()
	constraint.Register(mux, newRunner())
	drive(t, mux, [][3]string{{"GET /constraint", "200", "built"}})
}

func TestPlain(t *testing.T) {
	runner := newRunner()
	mux := http.NewServeMux()
	mux.Handle("/usual/{id}", plain.UsualHandler(runner, nil))
	mux.Handle("/fails", plain.FailsHandler(runner, nil))
	mux.Handle("/page", plain.Site(runner))
	server := httptest.NewServer(mux)
	defer server.Close()
	for target, want := range map[string]string{"/usual/7": "usual", "/fails": "did not fail", "/fails?fail": `{"title":"Internal Server Error","status":500}`, "/page": ""} {
		resp, err := http.Get(server.URL + target)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(resp.Body); err != nil || string(body) != want {
			t.Errorf("%s: %q, %v", target, body, err)
		}
		resp.Body.Close()
	}
	ran := []string{<-plain.Ran, <-plain.Ran}
	slices.Sort(ran)
	if !slices.Equal(ran, []string{"page", "usual 7"}) {
		t.Errorf("ran %q", ran)
	}
	if err := runner.Idle(t.Context()); err != nil || len(plain.Ran) > 0 {
		t.Errorf("%v, and a task too many ran", err)
	}
}
