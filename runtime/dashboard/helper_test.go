package dashboard_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
)

// A site is a runner and its page, mounted below a prefix.
type site struct {
	t      testing.TB
	runner *runtime.Runner
	url    string // of the page, with a slash at the end
}

func newSite(t testing.TB, opts ...dashboard.Option) *site {
	runner := &runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
	return serve(t, runner, dashboard.New(runner, opts...))
}

func serve(t testing.TB, runner *runtime.Runner, page http.Handler) *site {
	mux := http.NewServeMux()
	mux.Handle("/tasks/", http.StripPrefix("/tasks", page))
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections() // streams
		server.Close()
	})
	return &site{t, runner, server.URL + "/tasks/"}
}

// do has the runner accept what f adds.
func (s *site) do(f func(*runtime.BackgroundTasks)) {
	s.t.Helper()
	if err := s.runner.Do(context.Background(), func(bg *runtime.BackgroundTasks) error { f(bg); return nil }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) add(task func(context.Context) error, opts ...runtime.TaskOption) {
	s.t.Helper()
	s.do(func(bg *runtime.BackgroundTasks) { bg.Add(task, opts...) })
}

// idle waits until nothing runs or waits.
func (s *site) idle() {
	s.t.Helper()
	if err := s.runner.Idle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// block adds a task that runs until the function it returns is called; it is
// running when block returns.
func (s *site) block(name string, opts ...runtime.TaskOption) (end func()) {
	s.t.Helper()
	began, over := make(chan bool), make(chan bool)
	s.add(func(ctx context.Context) error {
		close(began)
		select {
		case <-over:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}, append(opts, runtime.Named(name))...)
	<-began
	end = func() {
		select {
		case <-over:
		default:
			close(over)
		}
	}
	s.t.Cleanup(end)
	return end
}

func fails(context.Context) error { return errors.New("the mail server is not there") }

// get is an answer and its body.
func (s *site) get(path string) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(request)
}

// post sends the form with an id, and headers in pairs.
func (s *site) post(path, id string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	form := strings.NewReader(url.Values{"id": {id}}.Encode())
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, form)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return s.send(request)
}

func (s *site) send(request *http.Request) (*http.Response, string) {
	s.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer, string(body)
}

// data is data.json.
func (s *site) data() (d data) {
	s.t.Helper()
	_, body := s.get("data.json")
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		s.t.Fatalf("%v in %s", err, body)
	}
	return d
}

type data struct {
	Stats                    map[string]int
	More                     map[string]int
	Running, Queued, Delayed []task
	Failed, Retried          []failure
	Rates                    []rate
}

type task struct {
	ID, Name, Handler string
	Attempt           int
	Seconds           float64 `json:"running_seconds"`
	Args              json.RawMessage
}

type failure struct {
	ID, Name, Error, Stack string
	Attempt                int
	Args                   json.RawMessage
	RetryIn                float64 `json:"retry_in_seconds"`
	Again                  bool    `json:"run_again"`
}

type rate struct {
	Name     string
	Per      float64 `json:"per_second"`
	Failed   float64 `json:"failed_per_second"`
	P50, P95 *float64
}

// A view is what an event says.
type view struct {
	Tiles    []struct{ Key, Value string }
	Names    []struct{ Name, Per, P50, P95 string }
	Sections []struct {
		Key, Count, More string
		Rows             []struct{ Key, Name, Error, Args, Time, Note string }
	}
}

// names are those of the rows of a section.
func (v view) names(section string) string {
	var names []string
	for _, s := range v.Sections {
		for _, r := range s.Rows {
			if s.Key == section {
				names = append(names, r.Name)
			}
		}
	}
	return strings.Join(names, " ")
}

// A stream is the events of a page.
type stream struct {
	t    testing.TB
	text *bufio.Scanner
	end  func()
}

// watch opens a stream. It is open when the first event has come.
func (s *site) watch() *stream {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	if got := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || got != "text/event-stream" {
		s.t.Fatalf("%s, %s", answer.Status, got)
	}
	text := bufio.NewScanner(answer.Body)
	text.Buffer(nil, 1<<20)
	end := func() { cancel(); answer.Body.Close() }
	s.t.Cleanup(end)
	return &stream{s.t, text, end}
}

// next is the next event, and how long it is.
func (s *stream) next() (v view, size int) {
	s.t.Helper()
	for s.text.Scan() {
		if text, ok := strings.CutPrefix(s.text.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				s.t.Fatal(err)
			}
			return v, len(text)
		}
	}
	s.t.Fatal("the stream has ended: ", s.text.Err())
	return v, 0
}

// until waits for an event of which ok is true.
func (s *stream) until(what string, ok func(view) bool) view {
	s.t.Helper()
	for range 20 {
		if v, _ := s.next(); ok(v) {
			return v
		}
	}
	s.t.Fatal("no event said: " + what)
	return view{}
}
