package runtime_test

import (
	"context"
	"errors"
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

func TestAnIdleRunnerHoldsNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runner runtime.Runner
		handler := adding(&runner, does(func() {}))
		get(handler)
		idle(t, &runner)
		synctest.Wait()
		before := goruntime.NumGoroutine()
		for range 100 {
			get(handler)
		}
		idle(t, &runner)
		synctest.Wait()
		if after := goruntime.NumGoroutine(); after != before {
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
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := runner.Shutdown(ctx)
		var left *runtime.ShutdownError
		if !errors.As(err, &left) || strings.Join(left.Left, ", ") != "runs (running), next, waits" {
			t.Errorf("the error is %v", err)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "3 background tasks left") {
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
