package runtime

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// A pending collector with one task holds at most 200 bytes beside the user's
// closure.
func TestMemoryOfAPendingCollector(t *testing.T) {
	const n = 50_000
	r := &Runner{Queue: n + 1, Workers: 1}
	r.init()
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
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkPending prints the bytes of each of a million pending collectors with
// one small closure, and has them drain.
func BenchmarkPending(b *testing.B) {
	const n = 1_000_000
	for b.Loop() {
		r := &Runner{Queue: n + 1, Workers: 1}
		r.init()
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

func TestBackoff(t *testing.T) {
	for failed, most := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 40: 10 * time.Minute} {
		seen := time.Duration(0)
		for range 2000 {
			wait := backoff(0, failed)
			if wait < 0 || wait > most {
				t.Fatalf("after %d failures it waits %v", failed, wait)
			}
			seen = max(seen, wait)
		}
		if seen < most/2 {
			t.Errorf("after %d failures it waits %v at most", failed, seen)
		}
	}
	if wait := backoff(time.Hour, 1); wait > 10*time.Minute {
		t.Errorf("it waits %v", wait)
	}
}
