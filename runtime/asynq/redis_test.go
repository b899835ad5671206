package asynq_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/engine/enginetest"
	"github.com/redis/go-redis/v9"
)

// otherQueue is the queue beside the default one that the tests use.
const otherQueue = "slow"

// database is the Redis of the tests, and a database there that is ours alone.
func database() string {
	if address := os.Getenv("BGGEN_REDIS"); address != "" {
		return address
	}
	return "redis://127.0.0.1:6379/7"
}

// missing skips a test for want of a service, or fails it where these have to be
// there.
func missing(t testing.TB, text string) {
	t.Helper()
	if os.Getenv("BGGEN_REQUIRE_SERVICES") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// storage empties the database of the tests, before and after, and returns its
// address.
func storage(t testing.TB) string {
	t.Helper()
	client := connection(t, database())
	if err := client.Ping(t.Context()).Err(); err != nil {
		missing(t, fmt.Sprintf("no Redis answers (%v): start one with redis-server --daemonize yes --port 6379, or name one in BGGEN_REDIS", err))
	}
	empty(t, client)
	t.Cleanup(func() { empty(t, client) })
	return database()
}

// connection is one of the test's own.
func connection(t testing.TB, address string) *redis.Client {
	t.Helper()
	opt, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(opt)
	t.Cleanup(func() { client.Close() })
	return client
}

// empty deletes what the engine has stored, and nothing of others.
func empty(t testing.TB, client *redis.Client) {
	t.Helper()
	ctx := context.Background()
	for _, pattern := range []string{"asynq:*", "bggen:*"} {
		keys, err := client.Keys(ctx, pattern).Result()
		if err != nil {
			t.Fatal(err)
		}
		if len(keys) > 0 {
			client.Del(ctx, keys...)
		}
	}
}

// open opens an engine whose log is not of interest.
func open(address string) (engine.Engine, func() error, error) {
	e, err := asynq.Config{Queues: map[string]int{otherQueue: 4}, Logger: slog.New(slog.DiscardHandler)}.Open(address)
	if err != nil {
		return nil, nil, err
	}
	return e, e.Close, nil
}

// newEngine is an engine over an empty storage, with a log to read.
func newEngine(t testing.TB, c asynq.Config) (*asynq.Engine, *log) {
	t.Helper()
	return openEngine(t, storage(t), c)
}

func openEngine(t testing.TB, address string, c asynq.Config) (*asynq.Engine, *log) {
	t.Helper()
	l := newLog(t)
	c.Logger = slog.New(l)
	e, err := c.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e, l
}

// server starts a Redis of the test's own, with an append-only file, that may be
// killed.
func server(t testing.TB) enginetest.Server { return startRedis(t, "--appendonly", "yes") }

func startRedis(t testing.TB, args ...string) enginetest.Server {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		missing(t, "there is no redis-server to start: install Debian's package redis-server")
	}
	dir := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	address := fmt.Sprintf("redis://127.0.0.1:%d/0", port)
	var running *exec.Cmd
	kill := func(testing.TB) {
		running.Process.Kill()
		running.Wait()
	}
	start := func(t testing.TB) {
		t.Helper()
		running = exec.Command(path, append([]string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1",
			"--dir", dir, "--save", "", "--logfile", filepath.Join(dir, "log")}, args...)...)
		if err := running.Start(); err != nil {
			t.Fatal(err)
		}
		client := connection(t, address)
		for end := time.Now().Add(20 * time.Second); client.Ping(context.Background()).Err() != nil; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				text, _ := os.ReadFile(filepath.Join(dir, "log"))
				t.Fatalf("redis-server does not start: %s", text)
			}
		}
	}
	start(t)
	t.Cleanup(func() { kill(t) })
	return enginetest.Server{Address: address, Kill: kill, Start: start}
}

// A log is a slog.Handler whose lines a test can wait for.
type log struct {
	slog.Handler
	lines chan string
}

func newLog(t testing.TB) *log {
	l := &log{lines: make(chan string, 10000)}
	l.Handler = slog.NewTextHandler(l, nil)
	t.Cleanup(func() {
		for t.Failed() && len(l.lines) > 0 {
			t.Log(<-l.lines)
		}
	})
	return l
}

func (l *log) Write(line []byte) (int, error) {
	select {
	case l.lines <- string(line):
	default: // nobody waits for that many
	}
	return len(line), nil
}

// wait waits for a line with a text in it.
func (l *log) wait(t testing.TB, text string) string {
	t.Helper()
	for end := time.After(20 * time.Second); ; {
		select {
		case line := <-l.lines:
			if strings.Contains(line, text) {
				return line
			}
		case <-end:
			t.Fatalf("nothing says %q in the log", text)
		}
	}
}
