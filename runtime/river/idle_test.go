package river_test

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/river"
)

// TestIdle measures what a worker costs that has nothing to do, and how soon it
// begins with something.
func TestIdle(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	for name, storage := range map[string]func(testing.TB) string{"SQLite": sqliteFile, "Postgres": postgresDatabase} {
		t.Run(name, func(t *testing.T) {
			e, err := river.Open(storage(t))
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			begun := make(chan time.Time, 1)
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				ended <- e.Work(ctx, t.Context(), []string{"some.task"}, func(context.Context, engine.Call) error {
					begun <- time.Now()
					return nil
				})
			}()
			call := []engine.Call{{ID: "AAAAAAAAAAAAAAAAAAAAAAAAA2", Name: "some.task", Args: []byte(`{}`), Attempts: 1}}
			var waits []time.Duration
			for range 200 {
				stored := time.Now()
				if err := e.Enqueue(t.Context(), call); err != nil {
					t.Fatal(err)
				}
				waits = append(waits, (<-begun).Sub(stored))
				time.Sleep(7 * time.Millisecond) // longer than the cooldown
			}
			slices.Sort(waits)
			// Not at its beginning: River elects a leader then.
			time.Sleep(2 * time.Second)
			const idle = 5 * time.Second
			before := cpu(t)
			time.Sleep(idle)
			used := cpu(t) - before
			share := float64(used) / float64(idle)
			t.Logf("from before Enqueue to the task: p50 %v, p99 %v; idle: %.2f %% of a core", waits[100], waits[198], 100*share)
			if share > 0.02 && !underRace {
				t.Errorf("idle, it uses %.2f %% of a core", 100*share)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// underRace is whether the race detector is on: computing takes many times as
// long.
var underRace bool

// cpu is the time that this process has computed.
func cpu(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
