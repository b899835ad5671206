package runtime_test

import (
	"context"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

func nothing(context.Context) error { return nil }

// burst is how many functions are handed over before all of them are waited
// for. Without an end to it, goroutines pile up, and what is measured depends on
// how long the benchmark runs.
const burst = 100

// BenchmarkDispatch compares what it costs to have one function called on
// another goroutine, and to know when all have ended: a collector handed to the
// runner, and a bare go statement with a WaitGroup.
func BenchmarkDispatch(b *testing.B) {
	b.Run("go", func(b *testing.B) {
		b.ReportAllocs()
		var wg sync.WaitGroup
		for i := range b.N {
			wg.Add(1)
			go func() { defer wg.Done(); nothing(context.Background()) }()
			if i%burst == burst-1 {
				wg.Wait()
			}
		}
		wg.Wait()
	})
	b.Run("runner", func(b *testing.B) {
		b.ReportAllocs()
		r := benchRunner(b)
		for i := range b.N {
			dispatch(r, nothing)
			if i%burst == burst-1 {
				r.Idle(context.Background())
			}
		}
		r.Idle(context.Background())
	})
	b.Run("go-parallel", func(b *testing.B) {
		b.ReportAllocs()
		var wg sync.WaitGroup
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				wg.Add(1)
				go func() { defer wg.Done(); nothing(context.Background()) }()
			}
		})
		wg.Wait()
	})
	b.Run("runner-parallel", func(b *testing.B) {
		b.ReportAllocs()
		r := benchRunner(b)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				dispatch(r, nothing)
			}
		})
		r.Idle(context.Background())
	})
}

func benchRunner(b *testing.B) *runtime.Runner {
	r := &runtime.Runner{Queue: 1 << 30}
	b.Cleanup(func() { r.Shutdown(context.Background()) })
	return r
}

// dispatch is what an adapter does with a collector of one task.
func dispatch(r *runtime.Runner, task func(context.Context) error) {
	ctx := context.Background()
	u, err := r.Core().Begin(ctx, "", core.Turn{})
	if err != nil {
		panic(err)
	}
	(*runtime.BackgroundTasks)(u).Add(task)
	if err := u.Commit(ctx); err != nil {
		panic(err)
	}
	u.End()
}
