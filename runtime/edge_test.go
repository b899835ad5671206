package runtime_test

import (
	"context"
	goruntime "runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// Code of others that ends its goroutine costs neither an attempt nor a slot.
func TestGoexitOfOthers(t *testing.T) {
	calls := 0
	runner := &runtime.Runner{OnError: func(context.Context, runtime.TaskInfo, error) { goruntime.Goexit() }}
	inBubble(t, runner, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		get(adapter.NewWithTasks("test.exit", runner, nil, func(x *adapter.Exchange) error {
			if err := x.Ready(); err != nil {
				return err
			}
			x.Hold(func() { j.note("first") })
			x.Hold(func() { goruntime.Goexit() })
			x.Tasks().Add(func(context.Context) error { calls++; return errOnPurpose }, runtime.Attempts(3))
			return adapter.NoContent(x, 204)
		}))
		idle(t, runner)
		j.want(t, "first")
		if calls != 3 {
			t.Errorf("%d attempts", calls)
		}
	})
}

// The ids that a task gives out for the tasks it adds are those of the tasks.
func TestIDsOfSubtasks(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		release := make(chan struct{})
		def := adapter.NewTaskDef[noArgs]("test.inner")
		def.Register(runner, func(context.Context, noArgs) error { <-release; return nil })
		var id runtime.TaskID
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(func(ctx context.Context) error {
				return adapter.Subtasks(ctx, func(inner *runtime.BackgroundTasks) error {
					id = def.Enqueue(inner, noArgs{}, nil)
					_ = id.String()
					return nil
				})
			})
		}))
		synctest.Wait()
		for _, id := range []runtime.TaskID{id, runtime.ParseTaskID(id.String())} {
			if s, ok := runner.Status(id); !ok || s.State != runtime.Running {
				t.Errorf("the status is %+v, %v", s, ok)
			}
		}
		close(release)
		idle(t, runner)
		if s, _ := runner.Status(runtime.ParseTaskID(id.String())); s.State != runtime.Done {
			t.Errorf("at the end the status is %+v", s)
		}
	})
}

// Clear and StopOnFailure reach tasks that wait for others of their kind, or for
// another attempt.
func TestDroppingWhatWaits(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		release := make(chan struct{})
		var ran atomic.Int32
		def := limited(runner, func(context.Context, noArgs) error { ran.Add(1); <-release; return nil })
		for range 2 {
			enqueued(runner, def)
		}
		synctest.Wait()
		var parked *runtime.BackgroundTasks
		get(adds(runner, func(bg *runtime.BackgroundTasks) { parked = bg; def.Enqueue(bg, noArgs{}, nil) }))
		synctest.Wait()
		if n := parked.Len(); n != 1 {
			t.Errorf("%d tasks have not started", n)
		}
		parked.Clear()
		close(release)
		idle(t, runner)
		if n := ran.Load(); n != 2 {
			t.Errorf("%d ran", n)
		}

		var j journal
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			bg.StopOnFailure()
			bg.Add(func(context.Context) error { j.note("flaky"); return runtime.RetryAfter(errOnPurpose, time.Minute) }, runtime.Attempts(2))
			bg.Add(func(context.Context) error { time.Sleep(time.Hour); j.note("runs meanwhile"); return nil })
			bg.Add(j.noting("dropped"))
		}))
		idle(t, runner)
		j.want(t, "flaky", "flaky", "runs meanwhile")
	})
}

// A task that comes back for ever keeps none of its past.
func TestATaskThatComesBack(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		const times = 20_000
		left := times
		var before, after int64
		var tick func(ctx context.Context) error
		tick = func(ctx context.Context) error {
			switch left--; left {
			case times - 100:
				before = heapInUse()
			case 0:
				after = heapInUse()
				return nil
			}
			runtime.FromContext(ctx).Add(tick, runtime.Delay(time.Minute))
			return nil
		}
		get(adds(runner, func(bg *runtime.BackgroundTasks) { bg.Add(tick) }))
		idle(t, runner)
		if grown := after - before; left != 0 || grown > 1<<20 {
			t.Errorf("%d left; the heap has grown by %d KiB", left, grown>>10)
		}
	})
}

// A task for a request that fails does not run after one that has not, whenever
// it is added.
func TestOnFailureTooLate(t *testing.T) {
	var runner runtime.Runner
	get(adapter.NewWithTasks("test.late", &runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		never := does(func() { t.Error("it ran after a success") })
		x.Tasks().Add(func(ctx context.Context) error { runtime.FromContext(ctx).Add(never, runtime.OnFailure()); return nil })
		x.Release(func() { x.Tasks().Add(never, runtime.OnFailure()) })
		return adapter.NoContent(x, 204)
	}))
	idle(t, &runner)
}
