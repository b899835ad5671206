package river_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/engine/enginetest"
	"github.com/bggen/bggen/runtime/river"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

func callNamed(name string) engine.Call {
	return engine.Call{ID: "AAAAAAAAAAAAAAAAAAAAAAAAA2", Name: name, Args: json.RawMessage(`{}`), Attempts: 1}
}

// TestOpenErrors has errors say where the database is, and not the password.
func TestOpenErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // nothing listens there when it is closed
	if err != nil {
		t.Fatal(err)
	}
	where := l.Addr().String()
	l.Close()
	folder := t.TempDir()
	for _, c := range []struct {
		address string
		want    []string
	}{
		{"", []string{"the address is empty"}},
		{"mysql://root:sesame@localhost/test", []string{"begins with mysql://"}},
		{"postgres://me:sesame@" + where + "/shop", []string{"PostgreSQL at " + where + ", database shop", "refused"}},
		{"postgres://me:sesame@%zz/shop", []string{"the URL of the PostgreSQL database cannot be read"}},
		{filepath.Join(folder, "none", "tasks.db"), []string{filepath.Join(folder, "none", "tasks.db"), "unable to open database file"}},
		{folder, []string{folder}},
	} {
		e, err := river.Open(c.address)
		if err == nil {
			e.Close()
			t.Errorf("%q is opened", c.address)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, without %q", c.address, err, want)
			}
		}
		if strings.Contains(err.Error(), "sesame") {
			t.Errorf("the error has the password: %v", err)
		}
	}
}

func TestKeepSchema(t *testing.T) {
	for name, storage := range map[string]func(testing.TB) string{"SQLite": sqliteFile, "Postgres": postgresDatabase} {
		t.Run(name, func(t *testing.T) {
			_, err := river.Config{KeepSchema: true}.Open(storage(t))
			if err == nil || !strings.Contains(err.Error(), "migrate-up --database-url") {
				t.Errorf("without tables: %v", err)
			}
		})
	}
}

// TestOpenAtOnce has several open a database that is empty.
func TestOpenAtOnce(t *testing.T) {
	for name, storage := range map[string]func(testing.TB) string{"SQLite": sqliteFile, "Postgres": postgresDatabase} {
		t.Run(name, func(t *testing.T) {
			address := storage(t)
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() {
					e, err := river.Open(address)
					if err != nil {
						t.Error(err)
						return
					}
					e.Close()
				})
			}
			group.Wait()
		})
	}
}

// TestOpenTransaction has a task stored apart from a transaction that holds the
// only writer: an error says so, and nothing hangs.
func TestOpenTransaction(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	path := sqliteFile(t)
	e, err := river.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	db := openSQLite(t, path)

	check := func(e *river.Engine) {
		t.Helper()
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		err = e.Enqueue(t.Context(), []engine.Call{callNamed("some.task")})
		if err == nil || !strings.Contains(err.Error(), "BackgroundTasks.StoreIn") {
			t.Errorf("the error is %v", err)
		}
		if known, err := e.EnqueueTx(t.Context(), tx, []engine.Call{callNamed("some.task")}); !known || err != nil {
			t.Errorf("in the transaction: %t, %v", known, err)
		}
		if err := tx.Commit(); err != nil {
			t.Error(err)
		}
	}
	check(e) // the transaction is of another handle

	c, err := upstream.NewClient(riversqlite.New(db), &upstream.Config{})
	if err != nil {
		t.Fatal(err)
	}
	check(river.New(c, nil)) // and of its only connection
}

// openSQLite is the handle of a program on the file of an engine.
func openSQLite(t testing.TB, path string) *sql.DB {
	db, err := sql.Open("sqlite", river.DataSource(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	return db
}

// TestNew runs the suite, but for what kills, over a client of the caller's.
func TestNew(t *testing.T) {
	t.Parallel()
	enginetest.Run(t, enginetest.Options{
		Storage: sqliteFile,
		Queue:   "slow",
		Open: func(address string) (engine.Engine, func() error, error) {
			if os.Getenv("BGGEN_ENGINETEST_ROLE") != "" {
				return nil, nil, fmt.Errorf("TestMain opens others")
			}
			e, err := river.Open(address) // makes the tables
			if err != nil {
				return nil, nil, err
			}
			e.Close()
			db, err := sql.Open("sqlite", river.DataSource(address))
			if err != nil {
				return nil, nil, err
			}
			db.SetMaxOpenConns(1)
			workers := upstream.NewWorkers()
			c, err := upstream.NewClient(riversqlite.New(db), &upstream.Config{
				Queues:              map[string]upstream.QueueConfig{upstream.QueueDefault: {MaxWorkers: 10}, "slow": {MaxWorkers: 4}},
				Workers:             workers,
				SkipUnknownJobCheck: true,
				FetchOnlyKnownKinds: true,
				FetchCooldown:       5 * time.Millisecond,
				JobTimeout:          4 * time.Second,
			})
			return river.New(c, workers), db.Close, err
		},
		Begin: func(t testing.TB, _ engine.Engine, address string) enginetest.Tx {
			return beginSQL(t, "sqlite", river.DataSource(address))
		},
		Unlike: map[string]string{
			"kill the web process": "TestSQLite kills", "kill the worker": "TestSQLite kills",
			"kill the only one that knows": "TestSQLite kills", "kill the clocks": "TestSQLite kills",
			"kill the clocks that work": "TestSQLite kills",
		},
	})
}

// TestWorkErrors has Work say what is wrong, and not try it again for ever.
func TestWorkErrors(t *testing.T) {
	path := sqliteFile(t)
	e, err := river.Config{Queues: map[string]int{"Not a Queue": 1}}.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	run := func(context.Context, engine.Call) error { return nil }
	if err := e.Work(t.Context(), t.Context(), []string{"some.task"}, run); err == nil || !strings.Contains(err.Error(), "Not a Queue") {
		t.Errorf("with a queue that River does not take: %v", err)
	}
	c, err := upstream.NewClient(riversqlite.New(openSQLite(t, path)), &upstream.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := river.New(c, nil).Work(t.Context(), t.Context(), []string{"some.task"}, run); err == nil || !strings.Contains(err.Error(), "Runner.StoreOnly") {
		t.Errorf("without the Workers of the client: %v", err)
	}
}

// TestNames has any name be a kind that River takes.
func TestNames(t *testing.T) {
	e, err := river.Open(sqliteFile(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	names := []string{"a", "größe", "with space", "a,b", strings.Repeat("x/", 200) + "f", strings.Repeat("y/", 200) + "f", "example.com/a-b/v2.Task"}
	ran := make(chan string, len(names))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- e.Work(ctx, t.Context(), names, func(_ context.Context, c engine.Call) error {
			ran <- c.Name
			return nil
		})
	}()
	for _, name := range names {
		if err := e.Enqueue(t.Context(), []engine.Call{callNamed(name)}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := <-ran; got != name {
			t.Errorf("%s ran as %s", name, got)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
