package river_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/river"
)

// How many jobs the page of the benchmarks has.
const (
	manyFailed = 100_000
	manyDone   = 1_000_000
)

// BenchmarkLists is how long the server takes for a list, with 100,000 failed and
// 1,000,000 finished jobs, in milliseconds.
func BenchmarkLists(b *testing.B) {
	for name, storage := range map[string]func(testing.TB) string{"SQLite": sqliteFile, "PostgreSQL": postgresDatabase} {
		b.Run(name, func(b *testing.B) {
			address := storage(b)
			fill(b, name, address)
			e, err := river.Open(address)
			if err != nil {
				b.Fatal(err)
			}
			defer e.Close()
			runner := &runtime.Runner{Engine: e, Logger: slog.New(slog.DiscardHandler)}
			page := dashboard.New(runner, dashboard.Actions())
			get := func(path string) []byte {
				w := httptest.NewRecorder()
				page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				if w.Code != http.StatusOK {
					b.Fatalf("%s: %d %s", path, w.Code, w.Body)
				}
				return w.Body.Bytes()
			}
			deep := "/list?stage=done"
			for range 20 {
				var l struct{ Next string }
				if err := json.Unmarshal(get(deepJSON(deep)), &l); err != nil || l.Next == "" {
					b.Fatalf("%v, next %q", err, l.Next)
				}
				deep = "/list?stage=done&after=" + url.QueryEscape(l.Next)
			}
			for what, path := range map[string]string{
				"overview": "/", "failed": "/list?stage=failed", "done": "/list?stage=done", "done, page 20": deep, "waiting": "/list?stage=waiting",
				"failed by name": "/list?stage=failed&name=bench.other", "failed by text": "/list?stage=failed&text=unlikely", "queues": "/queues", "processes": "/processes",
			} {
				b.Run(what, func(b *testing.B) {
					var all []time.Duration
					for b.Loop() {
						began := time.Now()
						get(path)
						all = append(all, time.Since(began))
					}
					slices.Sort(all)
					b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "ms/median")
					b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, "ms/longest")
				})
			}
		})
	}
}

func deepJSON(path string) string { return "/list.json" + path[len("/list"):] }

// BenchmarkStoreWhileLooking is how long it takes to store a task in SQLite, with
// 100,000 failed and 1,000,000 finished jobs: while nobody looks at the page, and while
// somebody loads lists all the time.
func BenchmarkStoreWhileLooking(b *testing.B) {
	address := sqliteFile(b)
	fill(b, "SQLite", address)
	e, err := river.Open(address)
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	page := dashboard.New(&runtime.Runner{Engine: e, Logger: slog.New(slog.DiscardHandler)})
	for _, looks := range []bool{false, true} {
		b.Run(map[bool]string{false: "nobody looks", true: "somebody looks"}[looks], func(b *testing.B) {
			ctx, stop := context.WithCancel(b.Context())
			ended := make(chan bool)
			go func() {
				defer close(ended)
				for _, path := range slices.Repeat([]string{"/list?stage=failed", "/list?stage=done", "/list?stage=failed&text=unlikely", "/"}, 10_000) {
					select {
					case <-ctx.Done():
						return
					case <-time.After(100 * time.Millisecond): // ten who look
						if looks {
							page.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
						}
					}
				}
			}()
			var all []time.Duration
			for b.Loop() {
				began := time.Now()
				call := engine.Call{ID: rand.Text(), Name: "bench.store", Args: json.RawMessage(`{}`), Attempts: 1}
				if err := e.Enqueue(b.Context(), []engine.Call{call}); err != nil {
					b.Fatal(err)
				}
				all = append(all, time.Since(began))
			}
			stop()
			<-ended
			slices.Sort(all)
			for _, p := range []float64{0.5, 0.99} {
				b.ReportMetric(float64(all[int(p*float64(len(all)))].Microseconds())/1000, fmt.Sprintf("ms/p%.0f", 100*p))
			}
			b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, "ms/longest")
		})
	}
}

// fill stores jobs that have ended, as River does.
func fill(b *testing.B, name, address string) {
	makeTables(b, address)
	driver, source := "sqlite", river.DataSource(address)
	numbers := "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d) SELECT n FROM s) AS s"
	failure := `jsonb('[{"at":"2026-01-01T00:00:00Z","attempt":1,"error":"JobCancelError: the mail server is not there ' || n || '","trace":""}]')`
	metadata := `jsonb('{"bggen_id":"' || substr('AAAAAAAAAAAAAAAAAAAAAAAAAA' || n, -26) || '%s"}')`
	ago := "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || n || ' seconds')"
	args := `jsonb('{"to":"ann@example.com"}')`
	if name == "PostgreSQL" {
		driver, source = "pgx", address
		numbers = "generate_series(1, %d) AS s(n)"
		failure = `ARRAY[jsonb_build_object('at', '2026-01-01T00:00:00Z', 'attempt', 1, 'error', 'JobCancelError: the mail server is not there ' || n, 'trace', '')]`
		metadata = `jsonb_build_object('bggen_id', right('AAAAAAAAAAAAAAAAAAAAAAAAAA' || n, 26) || '%s')`
		ago = "now() - n * interval '1 second'"
		args = `'{"to":"ann@example.com"}'::jsonb`
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	insert := func(state string, n int, failure string) {
		query := fmt.Sprintf("INSERT INTO river_job (args, attempt, attempted_at, created_at, errors, finalized_at, kind, max_attempts, metadata, queue, state, scheduled_at) "+
			"SELECT %s, 1, %s, %s, %s, %s, CASE WHEN n %% 2000 = 0 THEN 'bench.other' ELSE 'bench.mail' END, 1001, %s, 'default', '%s', %s FROM "+numbers,
			args, ago, ago, failure, ago, fmt.Sprintf(metadata, state[:1]), state, ago, n)
		if _, err := db.ExecContext(context.Background(), query); err != nil {
			b.Fatal(err)
		}
	}
	insert("cancelled", manyFailed, failure)
	insert("completed", manyDone, "NULL")
	if name == "PostgreSQL" {
		if _, err := db.Exec("VACUUM ANALYZE river_job"); err != nil {
			b.Fatal(err)
		}
	}
}
