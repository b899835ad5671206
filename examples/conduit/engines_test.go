package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// missing skips a test for which there is no service, or fails it where there has to
// be one.
func missing(t *testing.T, text string) {
	t.Helper()
	if os.Getenv("BGGEN_REQUIRE_SERVICES") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// postgresDatabase makes a database for a test, and returns its address.
func postgresDatabase(t *testing.T) string {
	t.Helper()
	server := cmp.Or(os.Getenv("BGGEN_POSTGRES"), "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		missing(t, fmt.Sprintf("no PostgreSQL server (%v): name one in BGGEN_POSTGRES=postgres://user@host:5432/postgres", err))
	}
	name := fmt.Sprint("conduit_test_", os.Getpid())
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

// redisDatabase returns the address of a database, which has no tasks before the test
// and after it.
func redisDatabase(t *testing.T) string {
	t.Helper()
	address := cmp.Or(os.Getenv("BGGEN_REDIS"), "redis://127.0.0.1:6379/5")
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	if err := client.Ping(t.Context()).Err(); err != nil {
		missing(t, fmt.Sprintf("no Redis answers (%v): name one in BGGEN_REDIS", err))
	}
	empty := func() {
		for _, pattern := range []string{"asynq:*", "bggen:*"} {
			keys, err := client.Keys(context.Background(), pattern).Result()
			if err == nil && len(keys) > 0 {
				err = client.Del(context.Background(), keys...).Err()
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	empty()
	t.Cleanup(func() { empty(); client.Close() })
	return address
}
