package asynq_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
)

// BenchmarkLists is how long the server takes for a list, with 10,000 tasks that have
// failed, as many as asynq keeps, and 10,000 that wait, in milliseconds.
func BenchmarkLists(b *testing.B) {
	const many = 10_000
	e, _ := newEngine(b, asynq.Config{})
	inspector := hibiken.NewInspectorFromRedisClient(connection(b, database()))
	store := func(calls []engine.Call) {
		for calls := range slices.Chunk(calls, 100) {
			if err := e.Enqueue(b.Context(), calls); err != nil {
				b.Fatal(err)
			}
		}
	}
	calls := callsTo(2 * many)
	store(calls[:many])
	if _, err := inspector.ArchiveAllPendingTasks("default"); err != nil {
		b.Fatal(err)
	}
	store(calls[many:])
	page := dashboard.New(&runtime.Runner{Engine: e, Logger: slog.New(slog.DiscardHandler)})
	for what, path := range map[string]string{
		"overview": "/", "failed": "/list?stage=failed", "waiting": "/list?stage=waiting", "failed by text": "/list?stage=failed&text=unlikely", "queues": "/queues",
	} {
		b.Run(what, func(b *testing.B) {
			var all []time.Duration
			for b.Loop() {
				w := httptest.NewRecorder()
				began := time.Now()
				page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				if all = append(all, time.Since(began)); w.Code != http.StatusOK {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "ms/median")
			b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, "ms/longest")
		})
	}
}
