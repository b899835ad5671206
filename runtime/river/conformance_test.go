package river_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/engine/enginetest"
	"github.com/bggen/bggen/runtime/river"
	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
)

func TestMain(m *testing.M) { enginetest.Main(m, open) }

// open has tasks end early, so that after a crash they run again soon.
func open(address string) (engine.Engine, func() error, error) {
	e, err := river.Config{LongestTask: 4 * time.Second, Queues: map[string]int{"slow": 4}}.Open(address)
	if err != nil {
		return nil, nil, err
	}
	return e, e.Close, nil
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	enginetest.Run(t, enginetest.Options{
		Open:    open,
		Storage: sqliteFile,
		Full:    fullSQLite,
		Load:    load(sizeOfSQLite),
		Queue:   "slow",
		Begin: func(t testing.TB, _ engine.Engine, address string) enginetest.Tx {
			return beginSQL(t, "sqlite", river.DataSource(address))
		},
	})
}

// fullSQLite is a file on a disk that can be full.
func fullSQLite(t testing.TB) (address string, fill, free func(testing.TB)) {
	dir, fill, free := enginetest.SmallDisk(t, 16)
	return filepath.Join(dir, "tasks.db"), fill, free
}

func sqliteFile(t testing.TB) string { return filepath.Join(t.TempDir(), "tasks.db") }

func TestPostgres(t *testing.T) {
	t.Parallel()
	enginetest.Run(t, enginetest.Options{
		Open:    open,
		Storage: postgresDatabase,
		Queue:   "slow",
		Begin: func(t testing.TB, _ engine.Engine, address string) enginetest.Tx {
			conn, err := pgx.Connect(context.Background(), address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close(context.Background()) })
			tx, err := conn.Begin(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			return enginetest.Tx{
				Tx:       tx,
				Commit:   func() error { return tx.Commit(context.Background()) },
				Rollback: func() error { return tx.Rollback(context.Background()) },
			}
		},
		Server: startPostgres,
		Full:   fullPostgres,
		Load:   load(sizeOfPostgres),
	})
}

// beginSQL begins a transaction of database/sql.
func beginSQL(t testing.TB, driver, source string) enginetest.Tx {
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return enginetest.Tx{Tx: tx, Commit: tx.Commit, Rollback: tx.Rollback}
}

// TestPostgresSQL stores in transactions of database/sql.
func TestPostgresSQL(t *testing.T) {
	address := postgresDatabase(t)
	e, err := river.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	call := func(id string) []engine.Call {
		return []engine.Call{{ID: id, Name: "some.task", Args: []byte(`{}`), Attempts: 1}}
	}
	const kept, dropped = "AAAAAAAAAAAAAAAAAAAAAAAAA2", "AAAAAAAAAAAAAAAAAAAAAAAAA3"
	for id, end := range map[string]func(enginetest.Tx) error{
		kept:    func(tx enginetest.Tx) error { return tx.Commit() },
		dropped: func(tx enginetest.Tx) error { return tx.Rollback() },
	} {
		tx := beginSQL(t, "pgx", address)
		if known, err := e.EnqueueTx(t.Context(), tx.Tx, call(id)); !known || err != nil {
			t.Fatalf("a *sql.Tx: %t, %v", known, err)
		}
		if err := end(tx); err != nil {
			t.Fatal(err)
		}
		if _, known, err := e.Status(t.Context(), id); known != (id == kept) || err != nil {
			t.Errorf("the task is known: %t, %v", known, err)
		}
	}
}

// server is the PostgreSQL of this machine, or the one in the environment.
func server() string {
	if address := os.Getenv("BGGEN_POSTGRES"); address != "" {
		return address
	}
	return "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"
}

// missing skips a test for which there is no service, or fails it where there
// has to be one.
func missing(t testing.TB, how string, err error) {
	t.Helper()
	text := fmt.Sprintf("%s (%v)", how, err)
	if os.Getenv("BGGEN_REQUIRE_SERVICES") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// postgresDatabase is an empty database.
func postgresDatabase(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	admin, err := pgx.Connect(ctx, server())
	if err != nil {
		missing(t, "no PostgreSQL server: start one with \"pg_ctlcluster 15 main start\", or name one in BGGEN_POSTGRES=postgres://user@host:5432/postgres", err)
	}
	name := fmt.Sprintf("bggen_test_%d_%d", os.Getpid(), rand.Uint32())
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close(context.Background())
	})
	address, err := url.Parse(server())
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

// load has River forget in ten seconds what has succeeded, and not in a day. It cleans
// every 30 seconds.
func load(size func(testing.TB, string) (int, int64)) *enginetest.Load {
	return &enginetest.Load{
		Open: func(address string) (engine.Engine, func() error, error) {
			e, err := river.OpenKeeping(address, 10*time.Second)
			if err != nil {
				return nil, nil, err
			}
			return e, e.Close, nil
		},
		Keep:   40 * time.Second,
		Stored: size,
	}
}

func sizeOfSQLite(t testing.TB, path string) (jobs int, bytes int64) {
	for _, name := range []string{path, path + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			bytes += info.Size()
		}
	}
	db := openSQLite(t, path)
	defer db.Close()
	return one(t, db, "SELECT count(*) FROM river_job"), bytes
}

func sizeOfPostgres(t testing.TB, address string) (jobs int, bytes int64) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return one(t, db, "SELECT count(*) FROM river_job"), int64(one(t, db, "SELECT pg_database_size(current_database())"))
}

func one(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func BenchmarkEngine(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) {
		var asked atomic.Int64
		enginetest.Bench(b, enginetest.Options{Open: open, Storage: sqliteFile, Idle: func(path string) (engine.Engine, func() error, error) {
			e, err := river.OpenCounting(path, &asked)
			if err != nil {
				return nil, nil, err
			}
			return e, e.Close, nil
		}, Asked: func(testing.TB, string) func() int64 { return asked.Load }})
	})
	b.Run("PostgreSQL", func(b *testing.B) {
		enginetest.Bench(b, enginetest.Options{Open: open, Storage: postgresDatabase, Asked: transactions, Idle: func(address string) (engine.Engine, func() error, error) {
			e, err := river.Open(address)
			if err != nil {
				return nil, nil, err
			}
			return e, e.Close, nil
		}})
	})
}

// transactions is how many PostgreSQL has ended in a database: most are of one statement.
func transactions(t testing.TB, address string) func() int64 {
	db, err := sql.Open("pgx", server())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	name := address[strings.LastIndex(address, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	return func() int64 {
		return int64(one(t, db, "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = '"+name+"'"))
	}
}
