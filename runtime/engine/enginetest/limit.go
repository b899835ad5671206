package enginetest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// burst is how many tasks of a limit of one come at once.
const burst = 100

// testLimit adds a burst of tasks that run one at a time, and that all together
// take many times their timeout. Waiting for a place is no attempt: each runs
// once, in its first attempt, and is not cut off.
func testLimit(t *testing.T, o *Options) {
	p := newProcess(t, o)
	var running, cut atomic.Int64
	def := adapter.NewTaskDef[int]("enginetest.limited").Limit(1)
	attempts, runs := make(chan int, 2*burst), map[int]bool{}
	ran := make(chan int, 2*burst)
	def.Register(p.runner, func(ctx context.Context, n int) error {
		if running.Add(1) > 1 {
			t.Error("two run at once")
		}
		defer running.Add(-1)
		info, _ := runtime.InfoOf(ctx)
		attempts <- info.Attempt
		select {
		case <-time.After(30 * time.Millisecond):
		case <-ctx.Done():
			cut.Add(1)
		}
		ran <- n
		return nil
	})
	p.work()
	p.do(func(b *runtime.BackgroundTasks) {
		for i := range burst {
			def.Enqueue(b, i, []runtime.TaskOption{runtime.Timeout(500 * time.Millisecond)})
		}
	})
	late := time.After(3 * patience)
	for len(runs) < burst {
		select {
		case n := <-ran:
			if runs[n] {
				t.Errorf("%d ran twice", n)
			}
			runs[n] = true
			if attempt := <-attempts; attempt != 1 {
				t.Errorf("%d ran in attempt %d", n, attempt)
			}
		case <-late:
			t.Fatalf("%d of %d ran, %d were cut off", len(runs), burst, cut.Load())
		}
	}
	if cut.Load() > 0 {
		t.Errorf("%d of %d were cut off", cut.Load(), burst)
	}
	if s := p.runner.Stats(); s.Failed != 0 {
		t.Errorf("%d failed", s.Failed)
	}
}

// testLimitLeavesSlots has another task run while more tasks than the engine
// runs at once wait for one place.
func testLimitLeavesSlots(t *testing.T, o *Options) { limitLeavesSlots(t, o, "", 2*burst) }

// testLimitLeavesFewSlots does so in a queue of which few tasks run at once.
func testLimitLeavesFewSlots(t *testing.T, o *Options) {
	if o.Queue == "" {
		t.Skip("the engine has one queue")
	}
	limitLeavesSlots(t, o, o.Queue, burst/2)
}

func limitLeavesSlots(t *testing.T, o *Options, queue string, tasks int64) {
	p := newProcess(t, o)
	release := make(chan bool)
	def := adapter.NewTaskDef[int]("enginetest.limited").Limit(1)
	var ran atomic.Int64
	def.Register(p.runner, func(context.Context, int) error {
		<-release
		ran.Add(1)
		return nil
	})
	other := newProbe[int](p, "enginetest.unlimited", nil)
	p.work()
	in := runtime.Queue(queue)
	p.do(func(b *runtime.BackgroundTasks) {
		for i := range tasks {
			def.Enqueue(b, int(i), []runtime.TaskOption{in})
		}
	})
	p.do(func(b *runtime.BackgroundTasks) { other.add(b, 1, in) })
	other.next()
	close(release)
	for deadline := time.Now().Add(2 * patience); ran.Load() < tasks; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d ran", ran.Load(), tasks)
		}
	}
}
