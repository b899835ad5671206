package runtime_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

type noArgs struct{}

// limited is a portable task of which two run at once.
func limited(runner *runtime.Runner, run func(context.Context, noArgs) error) *adapter.TaskDef[noArgs] {
	def := adapter.NewTaskDef[noArgs]("test.limited").Limit(2)
	def.Register(runner, run)
	return def
}

// Those that wait for others of their kind hold no worker: with three workers,
// two run, and any number of other requests go on.
func TestLimit(t *testing.T) {
	inBubble(t, &runtime.Runner{Workers: 3}, func(t *testing.T, runner *runtime.Runner) {
		var mu sync.Mutex
		running, most, ran := 0, 0, 0
		release := make(chan struct{})
		def := limited(runner, func(context.Context, noArgs) error {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			<-release
			mu.Lock()
			defer mu.Unlock()
			running--
			ran++
			if ran%3 == 0 {
				panic(errOnPurpose)
			}
			return nil
		})
		var j journal
		for range 6 {
			get(adds(runner, func(bg *runtime.BackgroundTasks) {
				def.Enqueue(bg, noArgs{}, nil)
				bg.Add(j.noting("after"))
			}))
		}
		synctest.Wait()
		for range 5 {
			get(adds(runner, func(bg *runtime.BackgroundTasks) { bg.Add(j.noting("other")) }))
		}
		synctest.Wait()
		j.want(t, "other", "other", "other", "other", "other")
		close(release)
		idle(t, runner)
		if most != 2 || ran != 6 || len(j.lines) != 11 {
			t.Errorf("%d ran, %d at once; %q", ran, most, j.lines)
		}
	})
}

func TestLimitAtTheEnd(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		def := limited(runner, func(ctx context.Context, _ noArgs) error { <-ctx.Done(); return ctx.Err() })
		for range 5 {
			get(adds(runner, func(bg *runtime.BackgroundTasks) { def.Enqueue(bg, noArgs{}, nil) }))
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var left *runtime.ShutdownError
		if err := runner.Shutdown(ctx); !errors.As(err, &left) || len(left.Left) != 5 {
			t.Errorf("Shutdown returned %v", err)
		}
	})
}
