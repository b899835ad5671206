package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

var errOnPurpose = errors.New("failed on purpose")

// inBubble runs f with a runner of its own in a bubble, where time passes when
// all are waiting, and has everything end.
func inBubble(t *testing.T, runner *runtime.Runner, f func(t *testing.T, runner *runtime.Runner)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if runner.Logger == nil {
			runner.Logger = quiet
		}
		f(t, runner)
		idle(t, runner)
	})
}

// adds is a handler that adds tasks.
func adds(runner *runtime.Runner, f func(bg *runtime.BackgroundTasks)) http.Handler {
	return plain(runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) { f(bg) })
}

func TestDelay(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		start := time.Now()
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(func(context.Context) error { j.note("an hour: " + time.Since(start).String()); return nil }, runtime.Delay(time.Hour))
			bg.Add(j.noting("first"))
			bg.Add(func(context.Context) error { j.note("at: " + time.Since(start).String()); return nil }, runtime.At(start.Add(time.Minute)))
			bg.Add(j.noting("second"))
			bg.Add(j.noting("past"), runtime.At(start.Add(-time.Hour)))
		}))
		synctest.Wait()
		if s := runner.Stats(); s.Delayed != 2 || s.Waiting != 0 || s.Ran != 3 {
			t.Errorf("%+v", s)
		}
		idle(t, runner)
		j.mu.Lock()
		slices.Sort(j.lines[:3])
		j.mu.Unlock()
		j.want(t, "first", "past", "second", "at: 1m0s", "an hour: 1h0m0s")
	})
}

func TestTimeout(t *testing.T) {
	inBubble(t, &runtime.Runner{Timeout: time.Hour}, func(t *testing.T, runner *runtime.Runner) {
		var mu sync.Mutex
		var took []time.Duration
		waits := func(ctx context.Context) error {
			start := time.Now()
			<-ctx.Done()
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(start))
			return ctx.Err()
		}
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(waits, runtime.Timeout(time.Second), runtime.Attempts(2), runtime.Backoff(1))
			bg.Add(waits)
		}))
		idle(t, runner)
		slices.Sort(took)
		if !slices.Equal(took, []time.Duration{time.Second, time.Second, time.Hour}) {
			t.Errorf("the attempts took %v", took)
		}
	})
}

func TestUnordered(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		first, apart := make(chan struct{}), make(chan struct{})
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(does(func() { <-first; j.note("first") }))
			bg.Add(does(func() { <-apart; j.note("apart") }), runtime.Unordered())
			bg.Add(func(context.Context) error {
				j.note("second")
				bg.Add(j.noting("added"), runtime.Unordered())
				synctest.Wait()
				j.note("and goes on")
				close(apart)
				return nil
			})
		}))
		synctest.Wait()
		j.want(t)
		close(first)
		idle(t, runner)
		j.want(t, "first", "second", "added", "and goes on", "apart")
	})
}

func TestAround(t *testing.T) {
	var j journal
	wrap := func(name string) func(runtime.TaskFunc) runtime.TaskFunc {
		return func(next runtime.TaskFunc) runtime.TaskFunc {
			return func(ctx context.Context) error {
				info, _ := runtime.InfoOf(ctx)
				j.note(name + " before " + info.Name)
				err := next(context.WithValue(ctx, valueKey{}, name))
				j.note(name + " after")
				return err
			}
		}
	}
	runner := &runtime.Runner{Logger: quiet, Around: []func(runtime.TaskFunc) runtime.TaskFunc{wrap("outer"), wrap("inner")}}
	serveOnce(t, runner, adds(runner, func(bg *runtime.BackgroundTasks) {
		bg.Add(func(ctx context.Context) error {
			j.note(ctx.Value(valueKey{}).(string))
			runtime.FromContext(ctx).Add(j.noting("added"), runtime.Named("b"))
			return errOnPurpose
		}, runtime.Named("a"))
	}))
	j.want(t, "outer before a", "inner before a", "inner", "inner after", "outer after",
		"outer before b", "inner before b", "added", "inner after", "outer after")
}

type valueKey struct{}

func TestAfterWhichRequests(t *testing.T) {
	for name, c := range map[string]struct {
		end  func() error
		want []string
	}{
		"success": {func() error { return nil }, []string{"success", "always", "late success", "late always"}},
		"failure": {func() error { return errOnPurpose }, []string{"failure", "always", "late success", "late always"}},
		"panic":   {func() error { panic(errOnPurpose) }, []string{"failure", "always", "late success", "late always"}},
	} {
		t.Run(name, func(t *testing.T) {
			runner := &runtime.Runner{Logger: quiet}
			var j journal
			h := failing(runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) error {
				bg.Add(j.noting("success"))
				bg.Add(j.noting("failure"), runtime.OnFailure())
				bg.Add(func(context.Context) error {
					j.note("always")
					bg.Add(j.noting("late success"))
					bg.Add(j.noting("late always"), runtime.Always())
					return nil
				}, runtime.Always())
				return c.end()
			})
			func() {
				defer func() {
					if p := recover(); p != nil && p != errOnPurpose {
						t.Errorf("it panicked with %v", p)
					}
				}()
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			}()
			idle(t, runner)
			j.want(t, c.want...)
		})
	}
}

func TestStopOnFailure(t *testing.T) {
	runner := &runtime.Runner{Logger: quiet}
	var j journal
	serveOnce(t, runner, adds(runner, func(bg *runtime.BackgroundTasks) {
		bg.StopOnFailure()
		bg.Add(j.noting("first"))
		bg.Add(func(context.Context) error { j.note("fails"); return errOnPurpose })
		bg.Add(j.noting("not any more"))
	}))
	j.want(t, "first", "fails")
	if s := runner.Stats(); s.Slots != 0 || s.Ran != 2 {
		t.Errorf("%+v", s)
	}
}

func TestDo(t *testing.T) {
	inBubble(t, &runtime.Runner{Queue: 1}, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		ctx := context.WithValue(t.Context(), valueKey{}, "value")
		err := runner.Do(ctx, func(bg *runtime.BackgroundTasks) error {
			bg.Add(func(ctx context.Context) error { j.note(ctx.Value(valueKey{}).(string)); return nil })
			bg.Add(j.noting("failure"), runtime.OnFailure())
			j.note("done")
			return nil
		})
		idle(t, runner)
		if err != nil {
			t.Error(err)
		}
		err = runner.Do(ctx, func(bg *runtime.BackgroundTasks) error {
			bg.Add(j.noting("never"))
			bg.Add(j.noting("failure"), runtime.OnFailure())
			return errOnPurpose
		})
		idle(t, runner)
		if err != errOnPurpose {
			t.Error(err)
		}
		func() {
			defer func() {
				if recover() != errOnPurpose {
					t.Error("the panic was lost")
				}
			}()
			runner.Do(ctx, func(bg *runtime.BackgroundTasks) error { bg.Add(j.noting("never")); panic(errOnPurpose) })
		}()
		idle(t, runner)
		j.want(t, "done", "value", "failure")

		hold := make(chan struct{})
		runner.Do(ctx, func(bg *runtime.BackgroundTasks) error { bg.Add(does(func() { <-hold })); return nil })
		if err := runner.Do(ctx, func(*runtime.BackgroundTasks) error { return nil }); err == nil || !strings.Contains(err.Error(), "no room") {
			t.Errorf("without room: %v", err)
		}
		close(hold)
	})
}

// What is held lives until the last of the request's tasks has ended, those that
// have left the line among them.
func TestHoldAndTasksThatLeaveTheLine(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		calls := 0
		get(adapter.NewWithTasks("test.hold", runner, nil, func(x *adapter.Exchange) error {
			if err := x.Ready(); err != nil {
				return err
			}
			x.Hold(func() { j.note("let go") })
			bg := x.Tasks()
			bg.Add(j.noting("delayed"), runtime.Delay(time.Hour))
			bg.Add(func(context.Context) error {
				calls++
				j.note("flaky")
				if calls < 3 {
					return runtime.RetryAfter(errOnPurpose, time.Minute)
				}
				return nil
			}, runtime.Attempts(3))
			return adapter.NoContent(x, 204)
		}))
		idle(t, runner)
		j.want(t, "flaky", "flaky", "flaky", "delayed", "let go")
	})
}

func TestShutdownDoesNotWaitForWhatIsNotDue(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(j.noting("in time"), runtime.Delay(time.Second))
			bg.Add(j.noting("never"), runtime.Delay(time.Hour), runtime.Named("tomorrow"))
			bg.Add(func(context.Context) error {
				return runtime.RetryAfter(errOnPurpose, time.Hour)
			}, runtime.Attempts(2), runtime.Named("again"), runtime.Delay(2*time.Second))
		}))
		synctest.Wait()
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := runner.Shutdown(ctx)
		var left *runtime.ShutdownError
		if !errors.As(err, &left) || fmt.Sprint(left.Left) != "[tomorrow again]" {
			t.Errorf("Shutdown returned %v", err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("it took %v", took)
		}
		j.want(t, "in time")
		if s := runner.Stats(); s.Slots != 0 || s.Delayed != 0 {
			t.Errorf("%+v", s)
		}
	})
}
