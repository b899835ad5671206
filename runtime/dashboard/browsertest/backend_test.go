package browsertest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/river"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// A backend is who has the tasks of a page.
type backend struct {
	name   string // of the engine
	open   func(testing.TB) engine.Engine
	queues bool
}

var backends = map[string]backend{
	"memory":     {"this process", func(testing.TB) engine.Engine { return nil }, false},
	"SQLite":     {"river", func(t testing.TB) engine.Engine { return openRiver(t, filepath.Join(t.TempDir(), "tasks.db")) }, true},
	"PostgreSQL": {"river", func(t testing.TB) engine.Engine { return openRiver(t, postgresDatabase(t)) }, true},
	"asynq":      {"asynq", openAsynq, true},
}

func openRiver(t testing.TB, address string) engine.Engine {
	e, err := river.Config{Queues: map[string]int{"slow": 0}, Logger: dashtest.Quiet}.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// postgresDatabase makes a database for a test.
func postgresDatabase(t testing.TB) string {
	t.Helper()
	server := os.Getenv("BGGEN_POSTGRES")
	if server == "" {
		server = "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		missing(t, fmt.Sprintf("no PostgreSQL server (%v): name one in BGGEN_POSTGRES=postgres://user@host:5432/postgres", err))
	}
	name := fmt.Sprintf("bggen_page_%d_%d", os.Getpid(), rand.Uint32())
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close(context.Background())
	})
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

// openAsynq opens an engine over a database of Redis that has none of its tasks.
func openAsynq(t testing.TB) engine.Engine {
	address := os.Getenv("BGGEN_REDIS")
	if address == "" {
		address = "redis://127.0.0.1:6379/6"
	}
	opt, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(opt)
	if err := client.Ping(t.Context()).Err(); err != nil {
		missing(t, fmt.Sprintf("no Redis answers (%v): name one in BGGEN_REDIS", err))
	}
	empty := func() { // of what the engine has stored, and nothing of others
		for _, pattern := range []string{"asynq:*", "bggen:*"} {
			if keys, err := client.Keys(context.Background(), pattern).Result(); err != nil {
				t.Error(err)
			} else if len(keys) > 0 {
				client.Del(context.Background(), keys...)
			}
		}
	}
	empty()
	t.Cleanup(func() { empty(); client.Close() })
	e, err := asynq.Config{Queues: map[string]int{"slow": 0}, Logger: dashtest.Quiet}.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}
