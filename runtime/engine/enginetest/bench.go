package enginetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"testing"

	"github.com/bggen/bggen/runtime/engine"
)

// Bench measures what docs/engines.md has of an engine: how long it takes to store
// a task, where one process stores one after the other, and to run one that does
// nothing.
func Bench(b *testing.B, o Options) {
	b.Run("store", func(b *testing.B) {
		e := openBench(b, o)
		for b.Loop() {
			storeBench(b, e, 1)
		}
	})
	b.Run("run", func(b *testing.B) { benchRun(b, openBench(b, o)) })
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
