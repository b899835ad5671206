package runtime

import (
	"context"
	"runtime"
	"testing"
)

// A pending collector with one task holds at most 200 bytes beside the user's
// closure.
func TestMemoryOfAPendingCollector(t *testing.T) {
	const n = 50_000
	r := &Runner{Queue: n + 1, Workers: 1}
	r.init()
	release := make(chan struct{})
	batch := func(task func(context.Context) error) {
		b := &BackgroundTasks{runner: r, values: context.Background()}
		if err := r.slots.take(context.Background(), 0); err != nil {
			t.Fatal(err)
		}
		b.Add(task)
		b.seal(false)
		r.accepted.add(b)
		r.start(b)
	}
	batch(func(context.Context) error { <-release; return nil })
	before := heap()
	for range n {
		batch(nothing)
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
