//go:build unix

package enginetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// Bench measures what docs/engines.md has of an engine: how long it takes to store
// a task, where one process stores one after the other, and to run one that does
// nothing; and what a worker costs that has nothing to do.
func Bench(b *testing.B, o Options) {
	b.Run("store", func(b *testing.B) {
		e := openBench(b, o)
		for b.Loop() {
			storeBench(b, e, 1)
		}
	})
	b.Run("run", func(b *testing.B) { benchRun(b, openBench(b, o)) })
	b.Run("idle", func(b *testing.B) { benchIdle(b, o) })
}

// benchIdle has a process work for a while, with nothing to do, whatever b.N is.
func benchIdle(b *testing.B, o Options) {
	address, open := o.Storage(b), o.Open
	if o.Idle != nil {
		open = o.Idle
	}
	e, closeEngine, err := open(address)
	if err != nil {
		b.Fatal(err)
	}
	defer closeEngine()
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- e.(engine.Worker).Work(ctx, b.Context(), []string{"enginetest.bench"}, func(context.Context, engine.Call) error { return nil })
	}()
	time.Sleep(5 * time.Second) // it begins, and River elects a leader
	asked := func() int64 { return 0 }
	if o.Asked != nil {
		asked = o.Asked(b, address)
	}
	const idle = 30 * time.Second
	began, before, used := time.Now(), asked(), processorTime(b)
	time.Sleep(idle)
	took := time.Since(began)
	b.ReportMetric(float64(asked()-before)/took.Seconds(), "asked/s")
	b.ReportMetric(100*float64(processorTime(b)-used)/float64(took), "%core")
	b.ReportMetric(0, "ns/op")
	stop()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}

// processorTime is for how long this process has computed.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchRun(b *testing.B, e engine.Engine) {
	for left := b.N; left > 0; left -= 500 {
		storeBench(b, e, min(left, 500))
	}
	ran := make(chan bool, 100)
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	b.ResetTimer()
	go func() {
		ended <- e.(engine.Worker).Work(ctx, b.Context(), []string{"enginetest.bench"}, func(context.Context, engine.Call) error {
			ran <- true
			return nil
		})
	}()
	for range b.N {
		<-ran
	}
	b.StopTimer()
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}

func openBench(b *testing.B, o Options) engine.Engine {
	e, closeEngine, err := o.Open(o.Storage(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closeEngine() })
	return e
}

// storeBench stores n tasks at once.
func storeBench(b *testing.B, e engine.Engine, n int) {
	calls := make([]engine.Call, n)
	for i := range calls {
		calls[i] = engine.Call{ID: rand.Text(), Name: "enginetest.bench", Args: json.RawMessage(`{"order":42}`), Attempts: 1}
	}
	if err := e.Enqueue(b.Context(), calls); err != nil {
		b.Fatal(err)
	}
}
