package runtime_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// A journal notes what happened, in order.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) note(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, line)
}

// noting is a task that notes line.
func (j *journal) noting(line string) func(context.Context) error {
	return does(func() { j.note(line) })
}

func (j *journal) want(t *testing.T, lines ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Equal(j.lines, lines) {
		t.Errorf("got %q, want %q", j.lines, lines)
	}
}

// serveOnce has handler answer one request, and waits for its tasks.
func serveOnce(t *testing.T, runner *runtime.Runner, handler http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	idle(t, runner)
	return w
}

func TestTasksRunInOrder(t *testing.T) {
	var runner runtime.Runner
	var j journal
	serveOnce(t, &runner, plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		for _, line := range []string{"1", "2", "3", "4"} {
			bg.Add(j.noting(line))
		}
		if bg.Len() != 4 {
			t.Errorf("Len is %d, want 4", bg.Len())
		}
	}))
	j.want(t, "1", "2", "3", "4")
}

func TestATaskThatAddsTasks(t *testing.T) {
	var runner runtime.Runner
	var j journal
	serveOnce(t, &runner, plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(does(func() {
			j.note("first")
			bg.Add(j.noting("added while running"))
			if bg.Len() != 2 { // "second", and the one just added
				t.Errorf("Len in the first task is %d, want 2", bg.Len())
			}
		}))
		bg.Add(j.noting("second"))
	}))
	j.want(t, "first", "second", "added while running")
}

func TestTasksAddedAfterTheEndRun(t *testing.T) {
	var runner runtime.Runner
	var j journal
	var kept *runtime.BackgroundTasks
	serveOnce(t, &runner, plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		kept = bg
		bg.Add(j.noting("in time"))
	}))
	hold := make(chan struct{})
	kept.Add(does(func() { j.note("late 1"); <-hold }))
	kept.Add(j.noting("late 2"))
	close(hold)
	idle(t, &runner)
	kept.Add(j.noting("later still"))
	idle(t, &runner)
	j.want(t, "in time", "late 1", "late 2", "later still")
}

func TestClear(t *testing.T) {
	var runner runtime.Runner
	var j journal
	serveOnce(t, &runner, plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(j.noting("cleared"))
		bg.Clear()
		if bg.Len() != 0 {
			t.Errorf("Len after Clear is %d", bg.Len())
		}
		bg.Add(j.noting("kept"))
		bg.Add(does(func() { bg.Clear() }))
		bg.Add(j.noting("cleared by a task"))
	}))
	j.want(t, "kept")
}

// A task that fails in whatever way stops nothing: neither the next task, nor
// the process.
func TestFailuresStopNothing(t *testing.T) {
	boom := errors.New("boom")
	var log bytes.Buffer
	var reports []string
	runner := runtime.Runner{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		OnError: func(_ context.Context, info runtime.TaskInfo, err error) {
			reports = append(reports, info.Name+": "+err.Error())
			if info.Name == "panics" {
				var p *runtime.PanicError
				if !errors.As(err, &p) || p.Value != boom || !errors.Is(err, boom) || !bytes.Contains(p.Stack, []byte("tasks_test.go")) {
					t.Errorf("a panic is reported as %#v", err)
				}
				panic("the hook panics too")
			}
			if info.Handler != "test.plain" || info.Attempt != 1 {
				t.Errorf("info is %+v", info)
			}
		},
	}
	var j journal
	serveOnce(t, &runner, plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error { return boom }, runtime.Named("fails"))
		bg.Add(does(func() { panic(boom) }), runtime.Named("panics"))
		bg.Add(does(goruntime.Goexit), runtime.Named("exits"))
		bg.Add(func(context.Context) error { return boom })
		bg.Add(j.noting("still runs"))
	}))
	j.want(t, "still runs")
	if len(reports) != 4 || reports[0] != "fails: boom" || reports[1] != "panics: panic: boom" ||
		!strings.HasPrefix(reports[2], "exits: ") || !strings.Contains(reports[3], "tasks_test.go:") {
		t.Errorf("reports are %q", reports)
	}
	for _, want := range []string{"task=fails", "handler=test.plain", "attempt=1", "stack=", "the hook panics too"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log.String())
		}
	}
	if s := runner.Stats(); s.Ran != 5 || s.Failed != 4 || s.Slots != 0 || s.Running != 0 || s.Waiting != 0 {
		t.Errorf("stats are %+v", s)
	}
}

func TestAFailedRequestDiscards(t *testing.T) {
	runner := runtime.Runner{Logger: quiet}
	var j journal
	w := serveOnce(t, &runner, failing(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) error {
		bg.Add(j.noting("discarded"))
		return errors.New("secret")
	}))
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the answer is %d %s", w.Code, w.Body)
	}
	j.want(t)
}

// A panic passes through with its value, for recovery middleware.
func TestAPanicDiscardsAndPassesThrough(t *testing.T) {
	var runner runtime.Runner
	var j journal
	handler := plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(j.noting("discarded"))
		panic("the value")
	})
	func() {
		defer func() {
			if p := recover(); p != "the value" {
				t.Errorf("recovered %v", p)
			}
		}()
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	idle(t, &runner)
	j.want(t)
	if s := runner.Stats(); s.Slots != 0 {
		t.Errorf("the slot is still taken: %+v", s)
	}
}

func TestTheZeroCollectorRunsNothing(t *testing.T) {
	var bg runtime.BackgroundTasks
	bg.Add(does(func() { t.Error("it ran") }))
	def := adapter.NewTaskDef[int]("test.def")
	def.Enqueue(&bg, 1, nil)
	if bg.Len() != 2 {
		t.Errorf("Len is %d, want 2", bg.Len())
	}
	bg.Clear()
	if bg.Len() != 0 {
		t.Errorf("Len after Clear is %d", bg.Len())
	}
}

type contextKey struct{}

// The task's context outlives the request and keeps its values.
func TestTheContextOfATask(t *testing.T) {
	var runner runtime.Runner
	handler := plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(func(ctx context.Context) error {
			if ctx.Value(contextKey{}) != "kept" {
				t.Error("the values of the request are gone")
			}
			if _, ok := ctx.Deadline(); ok || ctx.Err() != nil {
				t.Error("the context has the life of the request")
			}
			derived, cancel := context.WithCancel(ctx)
			cancel()
			if derived.Err() == nil || ctx.Err() != nil {
				t.Error("a derived context is not cancelled by itself alone")
			}
			return nil
		})
	})
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, "kept"))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	cancel()
	idle(t, &runner)
}

func TestEnqueue(t *testing.T) {
	var runner runtime.Runner
	var j journal
	def := adapter.NewTaskDef[string]("test.def")
	def.Register(&runner, func(_ context.Context, line string) error { j.note(line); return nil })
	serveOnce(t, &runner, plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		def.Enqueue(bg, "enqueued", nil)
		bg.Add(j.noting("added"))
	}))
	j.want(t, "enqueued", "added")

	defer func() {
		if p := recover(); p == nil || !strings.Contains(p.(string), "test.def is registered twice") {
			t.Errorf("a second registration panics with %v", p)
		}
	}()
	def.Register(&runner, func(context.Context, string) error { return nil })
}

// A task that nobody registered is a failure before the response, and the log
// says which line to add.
func TestEnqueueOfAnUnregisteredTask(t *testing.T) {
	var log bytes.Buffer
	runner := runtime.Runner{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	def := adapter.NewTaskDef[int]("example.com/shop.SendReceipt")
	handler := adapter.NewWithTasks("test", &runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		def.Enqueue(x.Tasks(), 1, nil)
		return adapter.Text(x, 200, "done")
	})
	if w := serveOnce(t, &runner, handler); w.Code != 500 {
		t.Errorf("the answer is %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "call RegisterTasks of package example.com/shop") {
		t.Errorf("the log is %s", log.String())
	}
}

// A task that takes a collector adds to it: what it added runs after the tasks
// of the request, if it succeeded.
func TestSubtasks(t *testing.T) {
	runner := runtime.Runner{Logger: quiet}
	var j journal
	subtasks := func(line string, err error) func(context.Context) error {
		return func(ctx context.Context) error {
			return adapter.Subtasks(ctx, func(bg *runtime.BackgroundTasks) error {
				bg.Add(j.noting(line))
				return err
			})
		}
	}
	serveOnce(t, &runner, plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(subtasks("of the first", nil))
		bg.Add(subtasks("of a failed one", errors.New("failed")))
		bg.Add(j.noting("last of the request"))
	}))
	j.want(t, "last of the request", "of the first")
}
