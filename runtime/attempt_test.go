package runtime_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

func TestAttempts(t *testing.T) {
	var reports []runtime.TaskInfo
	runner := &runtime.Runner{OnError: func(_ context.Context, info runtime.TaskInfo, err error) {
		if !errors.Is(err, errOnPurpose) {
			t.Errorf("the hook got %v", err)
		}
		reports = append(reports, info)
	}}
	inBubble(t, runner, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		calls := 0
		start := time.Now()
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(func(ctx context.Context) error {
				calls++
				info, ok := runtime.InfoOf(ctx)
				if !ok || info.Attempt != calls || info.Name != "flaky" || info.Handler != "test.plain" {
					t.Errorf("in attempt %d the info is %+v", calls, info)
				}
				j.note("flaky")
				if calls == 2 {
					panic(errOnPurpose)
				}
				if calls < 4 {
					return errOnPurpose
				}
				return nil
			}, runtime.Named("flaky"), runtime.Attempts(5), runtime.Backoff(time.Minute))
			bg.Add(j.noting("next"))
		}))
		idle(t, runner)
		j.want(t, "flaky", "next", "flaky", "flaky", "flaky")
		if took := time.Since(start); took > 7*time.Minute || took == 0 {
			t.Errorf("the waits of 1, 2 and 4 minutes at most took %v", took)
		}
		if s := runner.Stats(); s.Ran != 2 || s.Failed != 0 || s.Retried != 3 {
			t.Errorf("%+v", s)
		}
	})
	for i, info := range reports {
		if info.Attempt != i+1 || info.RetryIn <= 0 {
			t.Errorf("report %d is %+v", i, info)
		}
	}
	if len(reports) != 3 {
		t.Errorf("there are %d reports", len(reports))
	}
}

func TestTheLastAttempt(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		calls int
		took  time.Duration
	}{
		"all of them":       {runtime.RetryAfter(errOnPurpose, time.Hour), 3, 2 * time.Hour},
		"a permanent error": {runtime.Permanent(errOnPurpose), 1, 0},
		"both":              {runtime.Permanent(runtime.RetryAfter(errOnPurpose, time.Hour)), 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var last runtime.TaskInfo
			runner := &runtime.Runner{OnError: func(_ context.Context, info runtime.TaskInfo, err error) {
				if err.Error() != "failed on purpose" || !errors.Is(err, errOnPurpose) {
					t.Errorf("the hook got %v", err)
				}
				last = info
			}}
			inBubble(t, runner, func(t *testing.T, runner *runtime.Runner) {
				calls := 0
				start := time.Now()
				get(adds(runner, func(bg *runtime.BackgroundTasks) {
					bg.Add(func(context.Context) error { calls++; return c.err }, runtime.Attempts(3))
				}))
				idle(t, runner)
				if took := time.Since(start); calls != c.calls || took != c.took {
					t.Errorf("%d attempts in %v", calls, took)
				}
				if last.RetryIn != 0 || last.Attempt != c.calls {
					t.Errorf("the last report is %+v", last)
				}
				if s := runner.Stats(); s.Ran != 1 || s.Failed != 1 {
					t.Errorf("%+v", s)
				}
			})
		})
	}
	if runtime.Permanent(nil) != nil || runtime.RetryAfter(nil, 1) != nil {
		t.Error("no error was made one")
	}
}

// The context of a task ends with it, where somebody has asked when it does: or a
// goroutine that waits for that would wait for ever.
func TestContextEndsWithTheTask(t *testing.T) {
	inBubble(t, new(runtime.Runner), func(t *testing.T, runner *runtime.Runner) {
		var waiting sync.WaitGroup
		err := runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error {
			for range 10 {
				bg.Add(func(ctx context.Context) error {
					derived := cancelledByNobody(ctx)
					waiting.Go(func() { <-ctx.Done() })
					waiting.Go(func() { <-derived.Done() })
					return ctx.Err()
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		idle(t, runner)
		waiting.Wait()
	})
}

// cancelledByNobody is a context whose cancel function was forgotten.
func cancelledByNobody(ctx context.Context) context.Context {
	derived, cancel := context.WithCancel(ctx)
	_ = cancel
	return derived
}
