package runtime_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
)

// get has handler answer a request, and returns the answer.
func get(handler http.Handler) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	return w
}

// adding is a handler that adds one task.
func adding(runner *runtime.Runner, task func(context.Context) error) http.Handler {
	return plain(runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) { bg.Add(task) })
}

func TestNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := runtime.Runner{Queue: 1}
		release := make(chan struct{})
		handler := adding(&runner, does(func() { <-release }))
		get(handler)

		begin := time.Now()
		w := get(handler)
		if w.Code != 503 || w.Header().Get("Retry-After") != "1" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("without room the answer is %d %v", w.Code, w.Header())
		}
		if waited := time.Since(begin); waited != time.Second {
			t.Errorf("it waited %v, want the default second", waited)
		}

		// One that waits gets the slot as soon as it is free.
		answered := make(chan *httptest.ResponseRecorder)
		go func() { answered <- get(handler) }()
		synctest.Wait()
		close(release)
		if w := <-answered; w.Code != 200 {
			t.Errorf("when room came the answer was %d", w.Code)
		}
		idle(t, &runner)
	})
}

func TestNoWait(t *testing.T) {
	runner := runtime.Runner{Queue: 1, Wait: -1}
	release := make(chan struct{})
	handler := adding(&runner, does(func() { <-release }))
	get(handler)
	if w := get(handler); w.Code != 503 {
		t.Errorf("the answer is %d", w.Code)
	}
	close(release)
	idle(t, &runner)
}

// A handler that adds nothing gives its slot back.
func TestTheSlotOfAHandlerWithoutTasks(t *testing.T) {
	runner := runtime.Runner{Queue: 1, Wait: -1}
	handler := plain(&runner, func(http.ResponseWriter, *http.Request, *runtime.BackgroundTasks) {})
	for range 3 {
		if w := get(handler); w.Code != 200 {
			t.Fatalf("the answer is %d", w.Code)
		}
	}
}

func TestManyWaitForRoom(t *testing.T) {
	runner := runtime.Runner{Queue: 2, Wait: time.Hour}
	handler := adding(&runner, does(func() {}))
	answers := make(chan int)
	const n = 200
	for range n {
		go func() { answers <- get(handler).Code }()
	}
	for range n {
		if code := <-answers; code != 200 {
			t.Errorf("the answer is %d", code)
		}
	}
	idle(t, &runner)
	if s := runner.Stats(); s.Ran != n {
		t.Errorf("ran %d of %d", s.Ran, n)
	}
}

func TestWorkersLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := runtime.Runner{Workers: 2}
		release := make(chan struct{})
		handler := adding(&runner, does(func() { <-release }))
		for range 5 {
			get(handler)
		}
		synctest.Wait()
		if s := runner.Stats(); s.Running != 2 || s.Waiting != 3 || s.Slots != 5 {
			t.Errorf("stats are %+v", s)
		}
		close(release)
		idle(t, &runner)
	})
}

// Requests run side by side: one that blocks does not hold up another.
func TestRequestsRunSideBySide(t *testing.T) {
	var runner runtime.Runner
	release, ran := make(chan struct{}), make(chan struct{})
	get(adding(&runner, does(func() { <-release })))
	get(adding(&runner, does(func() { close(ran) })))
	<-ran
	close(release)
	idle(t, &runner)
}

// bubbled is how many goroutines the caller's bubble has. The count of the whole
// process would have those too that another test leaves to end, and dead ones.
func bubbled() int {
	buf := make([]byte, 1<<20)
	stacks := buf[:goruntime.Stack(buf, true)]
	header := stacks[:bytes.IndexByte(stacks, ']')+1] // the caller's comes first
	return bytes.Count(stacks, header[bytes.LastIndexByte(header, ','):])
}

func TestAnIdleRunnerHoldsNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runner runtime.Runner
		handler := adding(&runner, does(func() {}))
		get(handler)
		idle(t, &runner)
		synctest.Wait()
		before := bubbled()
		for range 100 {
			get(handler)
		}
		idle(t, &runner)
		synctest.Wait()
		if after := bubbled(); after > before {
			t.Errorf("%d goroutines, %d before", after, before)
		}
	})
}

func TestShutdownDrains(t *testing.T) {
	var runner runtime.Runner
	release := make(chan struct{})
	ran := 0
	handler := adding(&runner, does(func() { <-release; ran++ }))
	get(handler)
	done := make(chan error)
	go func() { done <- runner.Shutdown(t.Context()) }()
	close(release)
	if err := <-done; err != nil || ran != 1 {
		t.Errorf("Shutdown returned %v after %d tasks", err, ran)
	}
	if w := get(handler); w.Code != 503 {
		t.Errorf("after Shutdown the answer is %d", w.Code)
	}
}

// When Shutdown runs out of time, the running tasks are told to end, no other
// starts, and the error names what was left, the oldest first.
func TestShutdownRunsOutOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := runtime.Runner{Workers: 1, Logger: quiet}
		cancelled := make(chan struct{})
		get(plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
			bg.Add(does(func() {}), runtime.Named("ends"))
			bg.Add(func(ctx context.Context) error { <-ctx.Done(); close(cancelled); return ctx.Err() }, runtime.Named("runs"))
			bg.Add(does(func() { t.Error("it was started after the end") }), runtime.Named("next"))
		}))
		get(plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
			bg.Add(does(func() { t.Error("it was started after the end") }), runtime.Named("waits"))
		}))
		synctest.Wait() // until the first one runs
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := runner.Shutdown(ctx)
		var left *runtime.ShutdownError
		if !errors.As(err, &left) || fmt.Sprint(left.Left) != "[runs next waits]" || left.Left[0].Running != time.Minute || left.Left[1].Running != 0 || left.Left[0].Handler == "" {
			t.Errorf("the error is %v", err)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "runs (running for 1m0s), next, waits") {
			t.Errorf("the error is %v", err)
		}
		<-cancelled
	})
}

func TestIdleGivesUpWithItsContext(t *testing.T) {
	var runner runtime.Runner
	release := make(chan struct{})
	get(adding(&runner, does(func() { <-release })))
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the cause")
	cancel(cause)
	if err := runner.Idle(ctx); !errors.Is(err, cause) {
		t.Errorf("Idle returned %v", err)
	}
	close(release)
	idle(t, &runner)
}

// After a Shutdown that ran out of time nothing is lost without a word: a
// request that comes to its end is refused, and what is added is logged.
func TestAfterTheEnd(t *testing.T) {
	var log syncBuilder
	runner := runtime.Runner{Logger: textLogger(&log)}
	release, entered := make(chan struct{}), make(chan struct{})
	var kept *runtime.BackgroundTasks
	handler := plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		kept = bg
		close(entered)
		<-release
		bg.Add(does(func() { t.Error("it ran") }), runtime.Named("too late"))
	})
	answer := make(chan int)
	go func() { answer <- get(handler).Code }()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := runner.Shutdown(ctx); err == nil || !strings.Contains(err.Error(), "requests were still in flight") {
		t.Errorf("the error is %v", err)
	}
	close(release)
	if code := <-answer; code != 503 {
		t.Errorf("the answer to the request in flight is %d", code)
	}
	for _, name := range []string{"late 1", "late 2"} {
		kept.Add(does(func() { t.Error("it ran") }), runtime.Named(name))
	}
	idle(t, &runner)
	for _, name := range []string{"late 1", "late 2"} {
		if !strings.Contains(log.String(), name) {
			t.Errorf("%s is not in the log:\n%s", name, log.String())
		}
	}
}

// What a Shutdown says it has waited for is all there is.
func TestNothingIsAcceptedAfterShutdown(t *testing.T) {
	for range 2000 {
		var runner runtime.Runner
		handler := plain(&runner, func(http.ResponseWriter, *http.Request, *runtime.BackgroundTasks) {})
		start, code := make(chan struct{}), make(chan int)
		go func() {
			<-start
			code <- get(handler).Code
		}()
		close(start)
		if err := runner.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := runner.Stats(); s.Slots > 0 && <-code == 200 {
			t.Fatal("a request was accepted after Shutdown had returned")
		} else if s.Slots == 0 {
			<-code
		}
	}
}

// What ended a request while it waited for room is not told to the client.
func TestNoRoomSaysNothing(t *testing.T) {
	runner := runtime.Runner{Queue: 1, Wait: time.Hour}
	release := make(chan struct{})
	handler := adding(&runner, does(func() { <-release }))
	get(handler)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("secret"))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	if w.Code != 503 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the answer is %d %s", w.Code, w.Body)
	}
	close(release)
	idle(t, &runner)
}

// Contexts derived from a task's need no goroutine, and end with the runner.
func TestDerivedContexts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := runtime.Runner{Logger: quiet}
		cause := make(chan error)
		h := adding(&runner, func(ctx context.Context) error {
			before := bubbled()
			var derived context.Context
			for range 100 {
				var cancel context.CancelFunc
				derived, cancel = context.WithCancel(ctx)
				defer cancel()
			}
			if n := bubbled() - before; n > 0 {
				t.Errorf("100 derived contexts have %d goroutines", n)
			}
			<-derived.Done()
			cause <- context.Cause(derived)
			return nil
		})
		ctx, cancel := context.WithCancelCause(t.Context())
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
		cancel(errors.New("the request's"))
		synctest.Wait()
		over, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		go runner.Shutdown(over)
		if err := <-cause; !errors.Is(err, context.Canceled) {
			t.Errorf("the cause is %v", err)
		}
	})
}

type service struct{}

func (service) Send(context.Context) error { return errors.New("failed") }

// A method value is named after the method, and a log handler that panics
// stops nothing.
func TestReports(t *testing.T) {
	names := make(chan string, 2)
	runner := runtime.Runner{Logger: quiet, OnError: func(_ context.Context, info runtime.TaskInfo, _ error) { names <- info.Name }}
	get(adding(&runner, service{}.Send))
	if name := <-names; !strings.HasSuffix(name, "runtime_test.service.Send") {
		t.Errorf("a method value is called %s", name)
	}
	idle(t, &runner)

	silent := runtime.Runner{Logger: slog.New(panicking{slog.DiscardHandler})}
	var j journal
	get(plain(&silent, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(service{}.Send)
		bg.Add(j.noting("ran"))
	}))
	idle(t, &silent)
	j.want(t, "ran")
}

type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool { panic("in the log") }

// A task that adds its successor for ever does not grow.
func TestAnEndlessChain(t *testing.T) {
	var runner runtime.Runner
	left := 200_000
	var link func(bg *runtime.BackgroundTasks) func(context.Context) error
	link = func(bg *runtime.BackgroundTasks) func(context.Context) error {
		return does(func() {
			if left--; left > 0 {
				bg.Add(link(bg))
			}
		})
	}
	var before, after goruntime.MemStats
	goruntime.GC()
	goruntime.ReadMemStats(&before)
	var kept *runtime.BackgroundTasks
	get(plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		kept = bg
		bg.Add(link(bg))
	}))
	idle(t, &runner)
	goruntime.GC()
	goruntime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("a chain of 200,000 tasks left %d bytes", grown)
	}
	goruntime.KeepAlive(kept)
}
