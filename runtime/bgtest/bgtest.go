// Package bgtest tests handlers that add background tasks.
//
// A [Client] calls a handler and returns when the tasks of the request have run;
// one that fails fails the test:
//
//	var runner runtime.Runner
//	mux := http.NewServeMux()
//	notify.Register(mux, &runner)
//	client := bgtest.NewClient(t, &runner, mux)
//	resp := client.Post("/send-notification/ann@example.com?q=x", "", nil)
//
// A [Recorder] runs nothing, and knows what was added:
//
//	recorder := bgtest.NewRecorder(t)
//	notify.Register(mux, recorder.Runner())
//	...
//	recorder.Want("example.com/notify.WriteLog", "example.com/notify.WriteLog")
//
// Both work in a bubble of testing/synctest: delays take no time there.
package bgtest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A Client has a handler answer requests, in this process and without a network.
type Client struct {
	t       testing.TB
	runner  *runtime.Runner
	handler http.Handler
}

// NewClient is a client of handler, whose tasks runner runs. From now on a task
// that fails in its last attempt fails the test.
func NewClient(t testing.TB, runner *runtime.Runner, handler http.Handler) *Client {
	runner.Core().OnFailure(func(info core.Info, err error) {
		t.Errorf("background task %s of %s failed: %v", info.Name, info.Handler, err)
	})
	return &Client{t, runner, handler}
}

// Do has the handler answer r, and returns when the tasks have run, those that
// are delayed or tried again among them, or the test is over.
func (c *Client) Do(r *http.Request) *http.Response {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	if err := c.runner.Idle(c.t.Context()); err != nil {
		c.t.Errorf("background tasks had not ended: %v", err)
	}
	return w.Result()
}

// Get is Do for a GET request.
func (c *Client) Get(target string) *http.Response {
	c.t.Helper()
	return c.Do(httptest.NewRequest(http.MethodGet, target, nil))
}

// Post is Do for a POST request with a body of that media type.
func (c *Client) Post(target, contentType string, body io.Reader) *http.Response {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return c.Do(r)
}

// A Task is one that was added.
type Task struct {
	Name    string // import path and function of a portable task; what Named said; or the file and line of a closure
	Handler string // that added it, "" in a unit test
	Args    any    // of a portable task: a struct with a field for each; nil: it is a closure

	run func(context.Context) error
}

// Decode decodes the arguments of a portable task into v, as the JSON object
// that an engine would store: by the names of the parameters.
func (a Task) Decode(v any) error {
	text, err := json.Marshal(a.Args)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// Run runs the task now. The arguments of a portable one go through JSON and
// back, as they would with an engine.
func (a Task) Run(ctx context.Context) error { return a.run(ctx) }

// A Recorder notes the tasks of requests that have succeeded, and runs none.
type Recorder struct {
	t      testing.TB
	runner runtime.Runner

	mu    sync.Mutex
	tasks []Task
}

// NewRecorder is a recorder without tasks.
func NewRecorder(t testing.TB) *Recorder {
	r := &Recorder{t: t}
	r.runner.Core().Record(func(added []core.Added) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.tasks = append(r.tasks, tasksOf(added)...)
	})
	return r
}

func tasksOf(added []core.Added) (tasks []Task) {
	for _, a := range added {
		tasks = append(tasks, Task{a.Name, a.Handler, a.Args, a.Run})
	}
	return tasks
}

// Runner is the runner to register handlers and tasks with.
func (r *Recorder) Runner() *runtime.Runner { return &r.runner }

// Tasks are those that were accepted since the last Reset, in their order.
func (r *Recorder) Tasks() []Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.tasks)
}

// Names are the names of Tasks.
func (r *Recorder) Names() (names []string) {
	for _, a := range r.Tasks() {
		names = append(names, a.Name)
	}
	return names
}

// Want fails the test unless Names are these.
func (r *Recorder) Want(names ...string) {
	r.t.Helper()
	if got := r.Names(); !slices.Equal(got, names) {
		r.t.Errorf("the tasks are %q, want %q", got, names)
	}
}

// Run runs all that was recorded, one after the other, and forgets it. One that
// fails fails the test. What the tasks add is recorded in turn.
func (r *Recorder) Run(ctx context.Context) {
	r.t.Helper()
	tasks := r.Tasks()
	r.Reset()
	for _, a := range tasks {
		if err := a.Run(ctx); err != nil {
			r.t.Errorf("background task %s failed: %v", a.Name, err)
		}
	}
}

// Reset forgets what was recorded.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tasks = nil
}

// Added is what was added to a collector of a unit test: the zero
// runtime.BackgroundTasks, which runs nothing.
func Added(bg *runtime.BackgroundTasks) []Task { return tasksOf((*core.Unit)(bg).Added()) }
