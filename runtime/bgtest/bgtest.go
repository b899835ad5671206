// Package bgtest tests handlers that add background tasks.
//
// A [Client] calls a handler and returns when the tasks of the request have run;
// one that fails fails the test:
//
//	var runner runtime.Runner
//	mux := http.NewServeMux()
//	notify.Register(mux, &runner)
//	client := bgtest.NewClient(t, &runner, mux)
//	var message notify.Message
//	client.Send("POST", "/send-notification/ann@example.com?q=x", nil).Want(200).JSON(&message)
//
// A [Recorder] runs no tasks, and records which were added:
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
	"slices"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A Task is a task that was added.
type Task struct {
	Name    string // import path and function of a task with //bggen:task; the name given to Named; or file and line of a closure
	Handler string // the one that added it; "" in a unit test
	Args    any    // a struct with a field for each argument; nil for a closure

	run func(context.Context) error
}

// Decode decodes the arguments of a task with //bggen:task into v, from the JSON object
// that an engine would store. Its members are called like the parameters.
func (a Task) Decode(v any) error {
	text, err := json.Marshal(a.Args)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// Run runs the task now. Its arguments are encoded as JSON and decoded again, as they would
// be with an engine.
func (a Task) Run(ctx context.Context) error { return a.run(ctx) }

// A Recorder records the tasks of requests that have succeeded, and runs none.
type Recorder struct {
	t      testing.TB
	runner runtime.Runner

	mu    sync.Mutex
	tasks []Task
}

// NewRecorder returns a recorder that has recorded nothing.
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

// Runner returns the runner to register handlers and tasks with.
func (r *Recorder) Runner() *runtime.Runner { return &r.runner }

// Tasks returns the tasks recorded since the last Reset, in the order in which
// they were added.
func (r *Recorder) Tasks() []Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.tasks)
}

// Names returns the names of the tasks in [Recorder.Tasks].
func (r *Recorder) Names() (names []string) {
	for _, a := range r.Tasks() {
		names = append(names, a.Name)
	}
	return names
}

// Want fails the test unless names are the names of the recorded tasks, in their
// order.
func (r *Recorder) Want(names ...string) {
	r.t.Helper()
	if got := r.Names(); !slices.Equal(got, names) {
		r.t.Errorf("the tasks are %q, want %q", got, names)
	}
}

// Run runs the recorded tasks one after the other, and forgets them. A task that
// fails fails the test. Tasks that these tasks add are recorded.
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

// Reset forgets the tasks recorded so far.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tasks = nil
}

// Added returns the tasks that were added to the zero [runtime.BackgroundTasks], which
// a unit test passes to a handler.
func Added(bg *runtime.BackgroundTasks) []Task { return tasksOf((*core.Unit)(bg).Added()) }
