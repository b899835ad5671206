package runtime_test

import (
	"context"
	gort "runtime"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// A pending collector with one task holds at most 200 bytes beside the user's
// closure.
func TestMemoryOfAPendingCollector(t *testing.T) {
	const n = 50_000
	r := &runtime.Runner{Queue: n + 1, Workers: 1}
	release := make(chan struct{})
	dispatch(r, func(context.Context) error { <-release; return nil })
	before := heap()
	for range n {
		dispatch(r, nothing)
	}
	if each := (heap() - before) / n; each > 200 {
		t.Errorf("a pending collector holds %d bytes", each)
	}
	close(release)
	if err := r.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func heap() int64 {
	gort.GC()
	var m gort.MemStats
	gort.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkPending prints the bytes of each of a million pending collectors with
// one small closure, and has them drain.
func BenchmarkPending(b *testing.B) {
	const n = 1_000_000
	for b.Loop() {
		r := &runtime.Runner{Queue: n + 1, Workers: 1}
		release := make(chan struct{})
		dispatch(r, func(context.Context) error { <-release; return nil })
		before := heap()
		sum := 0
		for i := range n {
			dispatch(r, func(context.Context) error { sum += i; return nil })
		}
		b.ReportMetric(float64(heap()-before)/n, "bytes/pending")
		close(release)
		if err := r.Idle(context.Background()); err != nil || sum != n*(n-1)/2 {
			b.Fatal(err, sum)
		}
	}
}
