package asynq_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/engine/enginetest"
	"github.com/redis/go-redis/v9"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(workerVar); address != "" {
		fmt.Fprintln(os.Stderr, workToDeath(address))
		os.Exit(1)
	}
	enginetest.Main(m, open)
}

func TestConformance(t *testing.T) {
	enginetest.Run(t, enginetest.Options{
		Open:    open,
		Storage: storage,
		Server:  server,
		Full:    fullRedis,
		Queue:   otherQueue,
		// What has succeeded is forgotten in ten seconds, and not in five minutes. asynq
		// cleans every eight seconds.
		Load: &enginetest.Load{Open: openAs(asynq.Config{Keep: 10 * time.Second}), Keep: 20 * time.Second, Stored: size},
		// A lease of 30 seconds, 30 more for clocks that differ, and a look every
		// minute: asynq has no options for these.
		Recovery: 150 * time.Second,
	})
}

// openAs opens an engine with these settings.
func openAs(c asynq.Config) func(string) (engine.Engine, func() error, error) {
	return func(address string) (engine.Engine, func() error, error) {
		e, err := c.Open(address)
		if err != nil {
			return nil, nil, err
		}
		return e, e.Close, nil
	}
}

func size(t testing.TB, address string) (keys int, bytes int64) {
	client := connection(t, address)
	return int(client.DBSize(t.Context()).Val()), info(t, client, "used_memory")
}

// info is a number that Redis says of itself.
func info(t testing.TB, client *redis.Client, field string) (n int64) {
	t.Helper()
	text := client.Info(t.Context()).Val()
	_, after, found := strings.Cut(text, "\n"+field+":")
	if _, err := fmt.Sscan(after, &n); !found || err != nil {
		t.Fatalf("Redis says nothing of %s (%v): %s", field, err, text)
	}
	return n
}

// fullRedis is a server whose memory can be full.
func fullRedis(t testing.TB) (address string, fill, free func(testing.TB)) {
	s := startRedis(t, "--appendonly", "yes", "--maxmemory-policy", "noeviction")
	set := func(bytes string) func(testing.TB) {
		return func(t testing.TB) {
			t.Helper()
			if err := connection(t, s.Address).ConfigSet(context.Background(), "maxmemory", bytes).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s.Address, set("1"), set("0")
}

// workerVar is the address for a process that works until it is killed.
const workerVar = "BGGEN_ASYNQTEST_WORKER"

// workToDeath begins tasks, says so, and ends none.
func workToDeath(address string) error {
	e, _, err := open(address)
	if err != nil {
		return err
	}
	forever := context.Background()
	return e.(engine.Worker).Work(forever, forever, []string{"test.task"}, func(_ context.Context, c engine.Call) error {
		fmt.Println(c.ID)
		select {}
	})
}

// TestKilledInTheMiddle kills a worker in the middle of each task, and none is
// lost, though it has one attempt.
func TestKilledInTheMiddle(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{})
	calls := callsTo(20)
	for _, c := range calls {
		if err := e.Enqueue(t.Context(), []engine.Call{c}); err != nil {
			t.Fatal(err)
		}
		worker := exec.Command(os.Args[0])
		worker.Env = append(os.Environ(), workerVar+"="+database())
		worker.Stderr = os.Stderr
		out, err := worker.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Start(); err != nil {
			t.Fatal(err)
		}
		said := bufio.NewScanner(out)
		if !said.Scan() || said.Text() != c.ID {
			t.Errorf("%q began, not %s", said.Text(), c.ID)
		}
		worker.Process.Kill()
		worker.Wait()
	}
	expireLeases(t)
	w := work(t, e, nil)
	ran := map[string]bool{}
	for len(ran) < len(calls) {
		ran[w.next(t).ID] = true
	}
}

// expireLeases has what dead processes hold be free at once, and not in two
// minutes.
func expireLeases(t testing.TB) {
	t.Helper()
	client := connection(t, database())
	ids, err := client.ZRange(t.Context(), "asynq:{default}:lease", 0, -1).Result()
	if err != nil || len(ids) == 0 {
		t.Fatalf("the leases are %v (%v)", ids, err)
	}
	for _, id := range ids {
		if err := client.Do(t.Context(), "ZADD", "asynq:{default}:lease", 1, id).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkEngine(b *testing.B) {
	enginetest.Bench(b, enginetest.Options{Open: open, Storage: storage, Idle: openAs(asynq.Config{}), Asked: func(t testing.TB, address string) func() int64 {
		client := connection(t, address)
		return func() int64 { return info(t, client, "total_commands_processed") }
	}})
}
