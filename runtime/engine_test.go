package runtime_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
)

// A shelf is an engine that keeps the names of what it is given, or refuses.
type shelf struct {
	mu    sync.Mutex
	calls []engine.Call
	err   error
	panic bool
	tx    bool // it knows the transactions of these tests
	work  func(context.Context) error
}

func (s *shelf) Enqueue(ctx context.Context, calls []engine.Call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.panic:
		panic(errOnPurpose)
	case ctx.Err() != nil:
		return ctx.Err()
	case s.err == nil:
		s.calls = append(s.calls, calls...)
	}
	return s.err
}

func (s *shelf) EnqueueTx(_ context.Context, tx any, calls []engine.Call) (bool, error) {
	if s.tx {
		kept := tx.(*[]engine.Call)
		*kept = append(*kept, calls...)
	}
	return s.tx, nil
}

func (s *shelf) want(t *testing.T, names ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var got []string
	for _, c := range s.calls {
		got = append(got, c.Name)
	}
	if !slices.Equal(got, names) {
		t.Errorf("the engine has %q, want %q", got, names)
	}
}

// engines is a runner with two engines, and a task of each.
func engines(main, other engine.Engine) (runner *runtime.Runner, a, b *adapter.TaskDef[noArgs]) {
	runner = &runtime.Runner{Logger: quiet, Engine: main, Engines: map[string]engine.Engine{"other": other}}
	a, b = adapter.NewTaskDef[noArgs]("a"), adapter.NewTaskDef[noArgs]("b").On("other")
	nothing := func(context.Context, noArgs) error { return nil }
	a.Register(runner, nothing)
	b.Register(runner, nothing)
	return runner, a, b
}

func with(opts ...runtime.TaskOption) []runtime.TaskOption { return opts }

// answer has an adapter answer one request, and returns the status; 0 after a
// panic.
func answer(runner *runtime.Runner, serve func(*adapter.Exchange) error) (status int) {
	defer func() { recover() }()
	w := httptest.NewRecorder()
	adapter.NewWithTasks("test.engine", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		return serve(x)
	}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	return w.Code
}

// What comes after the response is stored at once, whether tasks of this process
// run or not.
func TestLateEngineTasks(t *testing.T) {
	for _, local := range []bool{true, false} {
		main := &shelf{}
		runner, a, _ := engines(main, &shelf{})
		answer(runner, func(x *adapter.Exchange) error {
			if local {
				x.Tasks().Add(does(func() {}))
			}
			a.Enqueue(x.Tasks(), noArgs{}, nil)
			x.Release(func() { a.Enqueue(x.Tasks(), noArgs{}, with(runtime.Named("report"))) })
			return adapter.NoContent(x, 204)
		})
		idle(t, runner)
		main.want(t, "a", "a")
	}
}

// Once something is stored, clients are not told to come again, and the log names what
// runs: where another engine is down, or a Shutdown runs out of time meanwhile.
func TestStoredInPart(t *testing.T) {
	var log syncBuilder
	first := &shelf{}
	runner, a, b := engines(first, &shelf{err: errOnPurpose})
	runner.Logger = textLogger(&log)
	if status := answer(runner, func(x *adapter.Exchange) error {
		a.Enqueue(x.Tasks(), noArgs{}, nil)
		b.Enqueue(x.Tasks(), noArgs{}, nil)
		return adapter.NoContent(x, 204)
	}); status != 500 || !strings.Contains(log.String(), "these tasks were stored and will run: [a]") {
		t.Errorf("the answer is %d\n%s", status, log.String())
	}
	first.want(t, "a")

	log = syncBuilder{}
	runner, a, _ = engines(&closing{}, &shelf{})
	runner.Logger = textLogger(&log)
	runner.Engine.(*closing).runner = runner
	if status := answer(runner, func(x *adapter.Exchange) error {
		a.Enqueue(x.Tasks(), noArgs{}, nil)
		x.Tasks().Add(func(context.Context) error { t.Error("it runs"); return nil })
		return adapter.NoContent(x, 204)
	}); status != 500 || !strings.Contains(log.String(), "these tasks were stored and will run: [a]") {
		t.Errorf("the answer is %d\n%s", status, log.String())
	}
}

// closing is an engine that stores while a Shutdown runs out of time.
type closing struct{ runner *runtime.Runner }

func (c *closing) Enqueue(context.Context, []engine.Call) error {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	c.runner.Shutdown(over)
	return nil
}

// Where storing fails, the request has failed: what is for that is stored, where
// there is an engine that can.
func TestStoringFails(t *testing.T) {
	other := &shelf{}
	runner, a, b := engines(&shelf{err: errOnPurpose}, other)
	var j journal
	if status := answer(runner, func(x *adapter.Exchange) error {
		a.Enqueue(x.Tasks(), noArgs{}, nil)
		b.Enqueue(x.Tasks(), noArgs{}, with(runtime.OnFailure()))
		x.Tasks().Add(j.noting("success"))
		x.Tasks().Add(j.noting("failure"), runtime.OnFailure())
		return adapter.NoContent(x, 204)
	}); status != 503 {
		t.Errorf("the answer is %d", status)
	}
	idle(t, runner)
	other.want(t, "b")
	j.want(t, "failure")
	if status := answer(runner, func(x *adapter.Exchange) error {
		x.Settle(func(error) error { return nil })
		a.Enqueue(x.Tasks(), noArgs{}, nil)
		return adapter.NoContent(x, 204)
	}); status != 500 {
		t.Errorf("after something was settled the answer is %d", status)
	}
	err := runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error {
		a.Enqueue(bg, noArgs{}, with(runtime.OnFailure())) // cannot be stored, and keeps no other from it
		b.Enqueue(bg, noArgs{}, with(runtime.OnFailure()))
		return errOnPurpose
	})
	if err != errOnPurpose {
		t.Error(err)
	}
	other.want(t, "b", "b")
}

// A task that always runs is not part of a transaction, which may be rolled back.
func TestStoreIn(t *testing.T) {
	for _, known := range []bool{true, false} {
		main := &shelf{tx: known}
		runner, a, _ := engines(main, &shelf{})
		var tx []engine.Call
		serve := func(commit error) int {
			return answer(runner, func(x *adapter.Exchange) error {
				x.Settle(func(error) error {
					if err := x.Tasks().StoreIn(x.Context(), &tx); err != nil {
						t.Error(err)
					}
					return commit
				})
				a.Enqueue(x.Tasks(), noArgs{}, nil)
				a.Enqueue(x.Tasks(), noArgs{}, with(runtime.Always()))
				return adapter.NoContent(x, 204)
			})
		}
		if status := serve(nil); status != 204 || len(tx) != map[bool]int{true: 1, false: 0}[known] {
			t.Errorf("%d, and %d calls in the transaction", status, len(tx))
		}
		if stored := 2 - len(tx); len(main.calls) != stored {
			t.Errorf("%d calls were stored", len(main.calls))
		}
		main.calls = nil
		serve(errOnPurpose)
		main.want(t, "a") // the one that always runs
	}
}

// An engine that panics, and a client that has gone: no slot is lost, and no
// task.
func TestEnginesAtTheirWorst(t *testing.T) {
	runner, a, _ := engines(&shelf{panic: true}, &shelf{})
	for range 3 {
		answer(runner, func(x *adapter.Exchange) error {
			a.Enqueue(x.Tasks(), noArgs{}, with(runtime.Always()))
			x.Tasks().Add(does(func() { t.Error("it ran after a failure") }))
			return errOnPurpose
		})
	}
	idle(t, runner)

	main := &shelf{}
	runner, a, _ = engines(main, &shelf{})
	ctx, gone := context.WithCancel(t.Context())
	handler := adapter.NewWithTasks("test.gone", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		x.Settle(func(error) error { gone(); return nil })
		a.Enqueue(x.Tasks(), noArgs{}, nil)
		return adapter.NoContent(x, 204)
	})
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	main.want(t, "a")
}

func (s *shelf) Work(ctx, _ context.Context, _ []string, _ func(context.Context, engine.Call) error) error {
	if s.work == nil {
		<-ctx.Done()
		return nil
	}
	return s.work(ctx)
}

// An engine that stops working ends the serving: there is no use in storing what
// nobody runs.
func TestAnEngineThatStopsWorking(t *testing.T) {
	for _, err := range []error{errOnPurpose, nil} {
		runner, _, _ := engines(&shelf{}, &shelf{work: func(context.Context) error { return err }})
		server := &http.Server{Addr: "127.0.0.1:0"}
		if got := runtime.Serve(t.Context(), server, runner); got == nil || err != nil && !errors.Is(got, err) {
			t.Errorf("Serve returned %v", got)
		}
		if got := runtime.Work(t.Context(), runner); got == nil {
			t.Error("Work returned nothing")
		}
	}
}
