package river_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/river"
	"github.com/jackc/pgx/v5/pgxpool"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// BenchmarkEnqueue stores the tasks of a request through the engine, and the
// same by hand, in turn. It reports how often the engine takes as long: the
// ratio of the medians.
func BenchmarkEnqueue(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) {
		path := sqliteFile(b)
		makeTables(b, path)
		db, err := sql.Open("sqlite", river.DataSource(path))
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		c, err := upstream.NewClient(riversqlite.New(db), &upstream.Config{})
		compare(b, c, err)
	})
	b.Run("Postgres", func(b *testing.B) {
		address := postgresDatabase(b)
		makeTables(b, address)
		pool, err := pgxpool.New(b.Context(), address)
		if err != nil {
			b.Fatal(err)
		}
		defer pool.Close()
		c, err := upstream.NewClient(riverpgxv5.New(pool), &upstream.Config{})
		compare(b, c, err)
	})
}

func makeTables(b *testing.B, address string) {
	e, err := river.Open(address)
	if err != nil {
		b.Fatal(err)
	}
	e.Close()
}

// receipt is the arguments of a task.
type receipt struct {
	Order int64    `json:"order"`
	To    string   `json:"to"`
	Lines []string `json:"lines"`
}

func (receipt) Kind() string { return "example.com/shop.SendReceipt" }

// perRequest is how many tasks a request has.
const perRequest = 3

func compare[Tx any](b *testing.B, c *upstream.Client[Tx], err error) {
	if err != nil {
		b.Fatal(err)
	}
	e := river.New(c, nil)
	args := receipt{42, "someone@example.com", []string{"a book", "another book"}}
	ctx, cancel := context.WithCancel(context.Background()) // as that of a request
	defer cancel()
	engine := func() error {
		calls := make([]engine.Call, perRequest)
		for i := range calls {
			text, err := json.Marshal(args) // as an EnqueueX does
			if err != nil {
				return err
			}
			calls[i] = engine.Call{ID: rand.Text(), Name: args.Kind(), Args: text, Attempts: 3}
		}
		return e.Enqueue(ctx, calls)
	}
	byHand := func() error {
		jobs := make([]upstream.InsertManyParams, perRequest)
		for i := range jobs {
			jobs[i] = upstream.InsertManyParams{Args: args, InsertOpts: &upstream.InsertOpts{MaxAttempts: 3}}
		}
		_, err := c.InsertMany(ctx, jobs)
		return err
	}
	var took [2][]time.Duration
	for i := 0; b.Loop(); i++ {
		for side, f := range []func() error{engine, byHand} {
			if i%2 == 1 { // neither is always first
				side = 1 - side
				f = []func() error{engine, byHand}[side]
			}
			began := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			took[side] = append(took[side], time.Since(began))
		}
	}
	ours, theirs := median(took[0]), median(took[1])
	b.ReportMetric(float64(ours.Microseconds()), "µs/engine")
	b.ReportMetric(float64(theirs.Microseconds()), "µs/by-hand")
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}
