// Package dashtest drives a page in tests: those of package dashboard, and those
// of the module that looks at it in a browser.
package dashtest

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
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
)

// A Site is a runner and its page, mounted below a prefix.
type Site struct {
	Runner *runtime.Runner
	URL    string // of the page, with a slash at the end

	t testing.TB
}

// Start serves the page of a runner of its own.
func Start(t testing.TB, opts ...dashboard.Option) *Site {
	runner := &runtime.Runner{Logger: Quiet}
	return Serve(t, runner, dashboard.New(runner, opts...))
}

// Serve serves a page until the test ends.
func Serve(t testing.TB, runner *runtime.Runner, page http.Handler) *Site {
	mux := http.NewServeMux()
	mux.Handle("/tasks/", http.StripPrefix("/tasks", page))
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections() // streams
		server.Close()
	})
	return At(t, runner, server.URL+"/tasks/")
}

// At is a page that is served already.
func At(t testing.TB, runner *runtime.Runner, url string) *Site {
	return &Site{Runner: runner, URL: url, t: t}
}

// Do has the runner accept what f adds.
func (s *Site) Do(f func(*runtime.BackgroundTasks)) {
	s.t.Helper()
	if err := s.Runner.Do(context.Background(), func(bg *runtime.BackgroundTasks) error { f(bg); return nil }); err != nil {
		s.t.Fatal(err)
	}
}

// Add has the runner accept a task.
func (s *Site) Add(task func(context.Context) error, opts ...runtime.TaskOption) {
	s.t.Helper()
	s.Do(func(bg *runtime.BackgroundTasks) { bg.Add(task, opts...) })
}

// Idle waits until nothing runs or waits.
func (s *Site) Idle() {
	s.t.Helper()
	if err := s.Runner.Idle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// Block adds a task that runs until the function it returns is called; it is
// running when Block returns.
func (s *Site) Block(name string, opts ...runtime.TaskOption) (end func()) {
	s.t.Helper()
	began, over := make(chan bool), make(chan bool)
	s.Add(func(ctx context.Context) error {
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

// Until waits until something holds that nothing tells of.
func (s *Site) Until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatal("never: " + what)
		}
	}
}

// Quiet is a logger that drops what it is given.
var Quiet = slog.New(slog.DiscardHandler)

// Fails is a task that does.
func Fails(context.Context) error { return errors.New("the mail server is not there") }

// Get is an answer and its body.
func (s *Site) Get(path string) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(request)
}

// Post sends a form as a program does, with headers in pairs, which may take away the
// one that a program sends.
func (s *Site) Post(path string, form url.Values, headers ...string) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Bggen-Dashboard", "1")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return s.send(request)
}

// Act does something to a task of this process.
func (s *Site) Act(do, key string) (*http.Response, string) {
	s.t.Helper()
	return s.Post("act", url.Values{"engine": {"this process"}, "key": {key}, "do": {do}})
}

func (s *Site) send(request *http.Request) (*http.Response, string) {
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

// Read reads JSON.
func (s *Site) Read(path string, v any) {
	s.t.Helper()
	_, body := s.Get(path)
	if err := json.Unmarshal([]byte(body), v); err != nil {
		s.t.Fatalf("%v in %s", err, body)
	}
}

// List is list.json.
func (s *Site) List(query string) (l List) {
	s.t.Helper()
	s.Read("list.json?"+query, &l)
	return l
}

// Names is the names of the tasks of a stage.
func (s *Site) Names(stage string) string {
	s.t.Helper()
	return s.List("stage=" + stage).Names()
}

// Task is task.json of a task of this process.
func (s *Site) Task(key string) (t Task) {
	s.t.Helper()
	s.Read("task.json?engine=this+process&key="+url.QueryEscape(key), &struct{ Task *Task }{&t})
	return t
}

// A List is what list.json has.
type List struct {
	Counts map[string]struct {
		N    int
		More bool
	}
	Tasks    []Task
	Next     string
	Searched int
	Unknown  []struct{ Engine, Text string }
}

// Names is the names of the tasks.
func (l List) Names() string {
	var names []string
	for _, t := range l.Tasks {
		names = append(names, t.Name)
	}
	return strings.Join(names, " ")
}

// A Task is one in JSON.
type Task struct {
	Engine, Key, ID, Name, Handler, Queue, Stage, State, Error, Trace string
	Attempt, Attempts                                                 int
	Added, Started, Ended, Due                                        *time.Time
	Args                                                              json.RawMessage
	Failures                                                          []struct {
		Attempt      int
		Error, Stack string
	}
	RanAgain bool `json:"ran_again"`
	Can      []string
}

// A View is what an event says.
type View struct {
	Main string // HTML
	News struct {
		Total      int
		Name, Link string
	}
}

// A Stream is the events of a page.
type Stream struct {
	End func() // closes it, for one who does not look any more

	t    testing.TB
	text *bufio.Scanner
}

// Watch opens the stream of a page, "" being the first one. It is open when the first
// event has come.
func (s *Site) Watch(page string) *Stream {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"events?page="+page, nil)
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
	return &Stream{end, s.t, text}
}

// Next is the next event, and how long it is.
func (s *Stream) Next() (v View, size int) {
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

// Until waits for an event of which ok is true.
func (s *Stream) Until(what string, ok func(View) bool) View {
	s.t.Helper()
	for range 20 {
		if v, _ := s.Next(); ok(v) {
			return v
		}
	}
	s.t.Fatal("no event said: " + what)
	return View{}
}

// Drain reads until the stream ends.
func (s *Stream) Drain() error {
	for s.text.Scan() {
	}
	return s.text.Err()
}
