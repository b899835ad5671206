package runtime

import (
	"context"
	"sync"
	"testing"
)

func nothing(context.Context) error { return nil }

// BenchmarkDispatch compares what it costs to have one function called on
// another goroutine, and to know when all have ended: a collector handed to the
// runner, and a bare go statement with a WaitGroup.
func BenchmarkDispatch(b *testing.B) {
	b.Run("go", func(b *testing.B) {
		b.ReportAllocs()
		var wg sync.WaitGroup
		for b.Loop() {
			wg.Add(1)
			go func() { defer wg.Done(); nothing(context.Background()) }()
		}
		wg.Wait()
	})
	b.Run("runner", func(b *testing.B) {
		b.ReportAllocs()
		r := benchRunner(b)
		for b.Loop() {
			dispatch(r, nothing)
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

func benchRunner(b *testing.B) *Runner {
	r := &Runner{Queue: 1 << 30}
	r.init()
	b.Cleanup(func() { r.Shutdown(context.Background()) })
	return r
}

// dispatch is what an adapter does with a collector of one task.
func dispatch(r *Runner, task func(context.Context) error) {
	b := &BackgroundTasks{runner: r, values: context.Background()}
	if err := r.slots.take(context.Background(), 0); err != nil {
		panic(err)
	}
	b.Add(task)
	r.accept(b, false)
	r.start(b)
}
