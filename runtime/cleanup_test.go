package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// A writer that notes when the response is written.
type notingWriter struct {
	*httptest.ResponseRecorder
	j *journal
}

func (w notingWriter) WriteHeader(status int) {
	w.j.note(fmt.Sprint("response ", status))
	w.ResponseRecorder.WriteHeader(status)
}

// cleaning is an adapter whose providers leave two of each cleanup, and what
// the handler does then.
func cleaning(runner *runtime.Runner, j *journal, handler func(x *adapter.Exchange) error) http.Handler {
	return adapter.NewWithTasks("test.cleaning", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		for _, n := range []string{"1", "2"} {
			x.Settle(func(failure error) error { j.note(fmt.Sprint("settle ", n, " ", failure)); return nil })
			x.Release(func() { j.note("release " + n) })
			x.Hold(func() { j.note("let go " + n) })
		}
		x.Tasks().Add(j.noting("task"))
		return handler(x)
	})
}

func serveNoting(t *testing.T, runner *runtime.Runner, j *journal, h http.Handler) (status int, panicked any) {
	t.Helper()
	w := notingWriter{httptest.NewRecorder(), j}
	func() {
		defer func() { panicked = recover() }()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	}()
	idle(t, runner)
	return w.Code, panicked
}

// Settled before the response, released after it, let go after the tasks, each
// last in, first out.
func TestCleanups(t *testing.T) {
	var runner runtime.Runner
	var j journal
	serveNoting(t, &runner, &j, cleaning(&runner, &j, func(x *adapter.Exchange) error {
		return adapter.Text(x, 201, "done")
	}))
	j.want(t, "settle 2 <nil>", "settle 1 <nil>", "response 201", "release 2", "release 1", "task", "let go 2", "let go 1")
}

func TestCleanupsOfAFailure(t *testing.T) {
	runner := runtime.Runner{Logger: quiet}
	var j journal
	status, _ := serveNoting(t, &runner, &j, cleaning(&runner, &j, func(x *adapter.Exchange) error {
		return &runtime.Problem{Status: 409, Title: "taken"}
	}))
	if status != 409 {
		t.Errorf("the status is %d", status)
	}
	j.want(t, "settle 2 taken", "settle 1 taken", "response 409", "release 2", "release 1", "let go 2", "let go 1")
}

// A panic counts as a failure, and goes on with its value.
func TestCleanupsOfAPanic(t *testing.T) {
	runner := runtime.Runner{Logger: quiet}
	var j journal
	_, panicked := serveNoting(t, &runner, &j, cleaning(&runner, &j, func(*adapter.Exchange) error { panic("boom") }))
	if panicked != "boom" {
		t.Errorf("the panic is %v", panicked)
	}
	j.want(t, "settle 2 panic: boom", "settle 1 panic: boom", "release 2", "release 1", "let go 2", "let go 1")
	if s := runner.Stats(); s.Slots != 0 {
		t.Errorf("stats are %+v", s)
	}
}

// A client never sees success for a commit that failed; both failures are
// logged where there were two.
func TestSettlingFails(t *testing.T) {
	for name, handler := range map[string]func(x *adapter.Exchange) error{
		"after success": func(x *adapter.Exchange) error { return adapter.Text(x, 200, "done") },
		"after failure": func(*adapter.Exchange) error { return &runtime.Problem{Status: 404, Title: "the first failure"} },
	} {
		var log syncBuilder
		runner := runtime.Runner{Logger: textLogger(&log)}
		var j journal
		var seen error
		h := adapter.NewWithTasks("test", &runner, nil, func(x *adapter.Exchange) error {
			if err := x.Ready(); err != nil {
				return err
			}
			x.Settle(func(failure error) error { seen = failure; return nil })
			x.Settle(func(error) error { return errors.New("commit failed") })
			x.Tasks().Add(j.noting("task"))
			return handler(x)
		})
		if status, _ := serveNoting(t, &runner, &journal{}, h); status != 500 || seen == nil || seen.Error() != "commit failed" {
			t.Errorf("%s: status %d, the other settles %v", name, status, seen)
		}
		if !strings.Contains(log.String(), "commit failed") || strings.Contains(log.String(), "the first failure") != (name == "after failure") {
			t.Errorf("%s: the log is\n%s", name, log.String())
		}
		j.want(t)
	}
}

// A cleanup that panics does not keep the others from theirs.
func TestCleanupsThatPanic(t *testing.T) {
	runner := runtime.Runner{Logger: quiet}
	var j journal
	h := adapter.NewWithTasks("test", &runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		x.Settle(func(failure error) error { j.note(fmt.Sprint("settle ", failure)); return nil })
		x.Settle(func(error) error { panic("in settle") })
		x.Release(func() { j.note("release") })
		x.Release(func() { panic("in release") })
		x.Hold(func() { j.note("let go") })
		x.Hold(func() { panic("in hold") })
		return adapter.NoContent(x, 204)
	})
	if _, panicked := serveNoting(t, &runner, &j, h); panicked != "in settle" {
		t.Errorf("the panic is %v", panicked)
	}
	j.want(t, "settle panic: in settle", "release", "let go")
}

// Tasks that a release adds run, and what is held waits for them.
func TestTasksAddedByCleanups(t *testing.T) {
	var runner runtime.Runner
	var j journal
	h := adapter.NewWithTasks("test", &runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		bg := x.Tasks()
		x.Settle(func(error) error { bg.Add(j.noting("added by settle")); return nil })
		x.Release(func() { bg.Add(j.noting("added by release")) })
		return adapter.NoContent(x, 204)
	})
	serveNoting(t, &runner, &j, h)
	j.want(t, "response 204", "added by settle", "added by release")
}

// A held provider has the tasks' context, which outlives the request.
func TestTaskContext(t *testing.T) {
	var runner runtime.Runner
	var kept context.Context
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, "kept"))
	h := adapter.NewWithTasks("test", &runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		kept = x.TaskContext()
		return adapter.NoContent(x, 204)
	})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	cancel()
	if kept.Err() != nil || kept.Value(contextKey{}) != "kept" {
		t.Errorf("%v, %v", kept.Err(), kept.Value(contextKey{}))
	}
}

// The settlers of a task settle, whatever the task and each other do.
func TestCleanupsOfATask(t *testing.T) {
	for how, want := range map[string]string{
		"panic": "panic: job|2 panic: job|1 rollback failed\npanic: job|release",
		"error": "rollback failed\njob|2 job|1 rollback failed\njob|release",
		"good":  "rollback failed|2 <nil>|1 rollback failed|release",
	} {
		var j journal
		var panicked any
		var err error
		func() {
			defer func() { panicked = recover() }()
			err = adapter.WithCleanups(func(c *adapter.Cleanups) error {
				c.Settle(func(failure error) error { j.note(fmt.Sprint("1 ", failure)); return nil })
				c.Settle(func(failure error) error { j.note(fmt.Sprint("2 ", failure)); return errors.New("rollback failed") })
				c.Release(func() { j.note("release") })
				switch how {
				case "panic":
					panic("job")
				case "error":
					return errors.New("job")
				}
				return nil
			})
		}()
		got := fmt.Sprint(err)
		if panicked != nil {
			got = fmt.Sprint("panic: ", panicked)
		}
		if got += "|" + strings.Join(j.lines, "|"); got != want {
			t.Errorf("%s:\ngot  %q\nwant %q", how, got, want)
		}
	}
}

type closer struct {
	io.Reader
	j *journal
}

func (c closer) Close() error { c.j.note("closed"); return nil }

func TestStream(t *testing.T) {
	for _, hook := range []bool{true, false} {
		runner := runtime.Runner{Logger: quiet}
		var j journal
		stream := func(src io.Reader, err error) http.Handler {
			return adapter.NewWithTasks("test", &runner, nil, func(x *adapter.Exchange) error {
				if err := x.Ready(); err != nil {
					return err
				}
				x.Release(func() { j.note("release") })
				x.Tasks().Add(j.noting("task"))
				if streamed := adapter.Stream(x, 200, closer{src, &j}); err == nil {
					return streamed
				}
				return err
			})
		}
		c := dial(t, listen(t, &runner, stream(strings.NewReader("streamed"), nil), hook))
		c.send("GET / HTTP/1.0\r\n\r\n")
		if text := c.all(); !strings.HasSuffix(text, "\r\n\r\nstreamed") || !strings.Contains(text, "Content-Type: application/octet-stream") {
			t.Errorf("the response is %q", text)
		}
		idle(t, &runner)
		j.want(t, "closed", "release", "task")

		// One that breaks is not taken for complete; the task was accepted.
		j = journal{}
		broken := io.MultiReader(strings.NewReader("half"), errorReader{})
		c = dial(t, listen(t, &runner, stream(broken, nil), hook))
		c.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
		if text := c.all(); strings.HasSuffix(text, "0\r\n\r\n") {
			t.Errorf("the response is %q", text)
		}
		idle(t, &runner)
		j.want(t, "closed", "release", "task")

		// One that is not to be is closed.
		j = journal{}
		c = dial(t, listen(t, &runner, stream(strings.NewReader(""), errors.New("failed")), hook))
		c.send("GET / HTTP/1.0\r\n\r\n")
		c.all()
		idle(t, &runner)
		j.want(t, "closed", "release")
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errors.New("broken") }

func TestResponse(t *testing.T) {
	for _, status := range []int{0, 202} {
		var runner runtime.Runner
		var j journal
		h := adapter.NewWithTasks("test", &runner, nil, func(x *adapter.Exchange) error {
			if err := x.Ready(); err != nil {
				return err
			}
			r := runtime.Response[[]int]{
				Status:  404,
				Header:  http.Header{"x-own": {"1"}},
				Cookies: []*http.Cookie{{Name: "a", Value: "b"}},
			}
			r.Add(j.noting("of the response"))
			x.Tasks().Add(j.noting("of the request"))
			return adapter.Respond(x, status, r, adapter.JSON)
		})
		w := serveOnce(t, &runner, h)
		want := 404
		if status != 0 {
			want = status
		}
		if w.Code != want || w.Header().Get("X-Own") != "1" || w.Header().Get("Set-Cookie") != "a=b" || w.Body.String() != "[]" {
			t.Errorf("the response is %d %v %s", w.Code, w.Header(), w.Body)
		}
		j.want(t, "of the request", "of the response")
	}
}

func TestServeHandler(t *testing.T) {
	for _, kind := range []string{"HTTP/1.1", "HTTP/1.1 without the hook", "HTTP/2"} {
		var runner runtime.Runner
		inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "gone", http.StatusGone) })
		result := func(x *adapter.Exchange) error { return adapter.ServeHandler(x, inner) }
		c := wireCase{}
		if with, by := c.dump(t, &runner, answering(&runner, true, result), kind), c.dump(t, &runner, inner, kind); with != by {
			t.Errorf("%s: got\n%s\nby hand\n%s", kind, with, by)
		}
		idle(t, &runner)
	}
}
