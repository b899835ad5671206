package generator_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/testdata/ok/jobs"
)

// A store is an engine that keeps what it is given.
type store struct {
	calls []engine.Call
	err   error
}

func (s *store) Enqueue(_ context.Context, calls []engine.Call) error {
	s.calls = append(s.calls, calls...)
	return s.err
}

func TestJobs(t *testing.T) {
	main, other := &store{}, &store{}
	runner := newRunner()
	runner.Engine = main
	runner.Engines = map[string]engine.Engine{"jobs": other}
	mux := http.NewServeMux()
	jobs.Register(mux, runner)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("POST", "/pictures", nil))
	if w.Code != 200 || len(main.calls) != 1 || len(other.calls) != 2 {
		t.Fatalf("%d %s, %v and %v", w.Code, w.Body, main.calls, other.calls)
	}
	got := func(c engine.Call) string {
		if !strings.Contains(w.Body.String(), c.ID) || len(c.ID) != 26 {
			t.Errorf("the id %q is not in %s", c.ID, w.Body)
		}
		return fmt.Sprint(c.Name, " ", string(c.Args), " ", c.Queue, " ", c.Timeout, " ", c.Attempts, " ", c.Backoff)
	}
	for i, want := range []string{
		`pictures.shrink {"key":"a.png","picture":3} slow 1m30s 5 500ms`,
		`images.render {"image_key":"b.png","sizes":[]} fast 1h0m0s 2 0s`,
		`images.check {"key":"c.png"}  0s 1 0s`,
	} {
		if line := got(append(other.calls, main.calls...)[i]); line != want {
			t.Errorf("got  %s\nwant %s", line, want)
		}
	}
	if err := runner.RunCall(t.Context(), other.calls[0]); err != nil || <-jobs.Resized != "a.png3" {
		t.Errorf("the call returned %v", err)
	}
	for _, old := range []string{"pictures.Resize", "resize"} {
		call := other.calls[0]
		call.Name = old // as a process has stored it before the task was renamed
		if err := runner.RunCall(t.Context(), call); err != nil || <-jobs.Resized != "a.png3" {
			t.Errorf("the call of the old name %s returned %v", old, err)
		}
	}
	if err := runner.RunCall(t.Context(), other.calls[1]); !errors.Is(err, engine.ErrUnknownTask) {
		t.Errorf("a task of others returned %v", err)
	}
	// The client may come again only if nothing was stored.
	for _, down := range []struct {
		engines []*store
		status  int
		retry   string
	}{{[]*store{other}, 500, ""}, {[]*store{other, main}, 503, "1"}} {
		for _, e := range down.engines {
			e.err = errors.New("the engine is down")
		}
		w = httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("POST", "/pictures", nil))
		if w.Code != down.status || w.Header().Get("Retry-After") != down.retry || strings.Contains(w.Body.String(), "down") {
			t.Errorf("with %d engines down the answer is %d %v %s", len(down.engines), w.Code, w.Header(), w.Body)
		}
	}
}

func TestJobsWithoutTheirEngine(t *testing.T) {
	defer func() {
		if r := fmt.Sprint(recover()); !strings.Contains(r, `task pictures.shrink is of the engine "jobs"`) {
			t.Errorf("Register panicked with %s", r)
		}
	}()
	jobs.Register(http.NewServeMux(), newRunner())
	t.Error("it did not panic")
}
