package asynq_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// call is a call with an id that tests can tell.
func call(n int) engine.Call {
	return engine.Call{ID: fmt.Sprintf("ASYNQTEST%017d", n), Name: "test.task", Args: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n)), Attempts: 1}
}

func callsTo(n int) (calls []engine.Call) {
	for i := range n {
		calls = append(calls, call(i))
	}
	return calls
}

// trips counts how often a connection is asked something.
type trips struct{ n atomic.Int32 }

func (t *trips) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (t *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		t.n.Add(1)
		return next(ctx, cmd)
	}
}

func (t *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		t.n.Add(1)
		return next(ctx, cmds)
	}
}

// pending is the number of tasks that wait in the default queue.
func pending(t testing.TB, address string) int64 {
	t.Helper()
	n, err := connection(t, address).LLen(t.Context(), "asynq:{default}:pending").Result()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneRoundTrip(t *testing.T) {
	client := connection(t, storage(t))
	e, err := asynq.Config{Queues: map[string]int{otherQueue: 1}}.New(client)
	if err != nil {
		t.Fatal(err)
	}
	count := new(trips)
	client.AddHook(count)
	calls := callsTo(10)
	calls[3].Queue, calls[4].Unique, calls[5].Unique = otherQueue, "key", "key"
	// Redis may have forgotten the scripts, and then has to be given them in the
	// same trip.
	for range 2 {
		if err := client.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		count.n.Store(0)
		if err := e.Enqueue(t.Context(), calls); err != nil {
			t.Fatal(err)
		}
		if n := count.n.Load(); n != 1 {
			t.Errorf("%d round trips", n)
		}
	}
	// Ten calls, without the other queue's and the second one with the key; and
	// storing them again has stored nothing.
	if n := pending(t, database()); n != 8 {
		t.Errorf("%d wait", n)
	}
	if err := e.Enqueue(t.Context(), calls[:1]); err != nil {
		t.Errorf("one that is there already: %v", err)
	}
	if err := e.Enqueue(t.Context(), nil); err != nil {
		t.Errorf("none: %v", err)
	}
}

func TestAllOrNone(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{})
	for name, spoil := range map[string]func(*engine.Call){
		`the queue "unheard"`: func(c *engine.Call) { c.Queue = "unheard" },
		"bggen-call":          func(c *engine.Call) { c.Meta = map[string]string{"bggen-call": ""} },
		"UTF-8":               func(c *engine.Call) { c.Meta = map[string]string{"key": "\xff"} },
		"ID":                  func(c *engine.Call) { c.ID = "" },
	} {
		calls := callsTo(3)
		spoil(&calls[2])
		if err := e.Enqueue(t.Context(), calls); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	if n := pending(t, database()); n != 0 {
		t.Errorf("%d were stored", n)
	}
}

// TestFullMemory has Redis refuse: all of them.
func TestFullMemory(t *testing.T) {
	s := server(t)
	e, _ := openEngine(t, s.Address, asynq.Config{})
	admin := connection(t, s.Address)
	if err := admin.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	if err := e.Enqueue(t.Context(), callsTo(3)); err == nil || !strings.Contains(err.Error(), "memory") {
		t.Errorf("the error is %v", err)
	}
	if err := e.Enqueue(t.Context(), callsTo(1)); err == nil {
		t.Error("one was stored")
	}
	if keys, _ := admin.Keys(t.Context(), "asynq:{*").Result(); len(keys) > 0 {
		t.Errorf("there is %v", keys)
	}
	if err := admin.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := e.Enqueue(t.Context(), callsTo(3)); err != nil {
		t.Error(err)
	}
}

// TestContext has the context of a request end before anything is stored.
func TestContext(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, n := range []int{1, 3} {
		if err := e.Enqueue(ctx, callsTo(n)); err == nil {
			t.Errorf("%d are stored", n)
		}
	}
}

// TestCluster stores over a cluster, of one machine, where a transaction
// cannot have two queues.
func TestCluster(t *testing.T) {
	s := startRedis(t, "--cluster-enabled", "yes")
	node := connection(t, s.Address)
	if err := node.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	cluster := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{node.Options().Addr}})
	t.Cleanup(func() { cluster.Close() })
	for !strings.Contains(node.ClusterInfo(t.Context()).String(), "cluster_state:ok") {
		if t.Context().Err() != nil {
			t.Fatal("the cluster does not come up")
		}
	}
	e, err := asynq.Config{Queues: map[string]int{otherQueue: 1}}.New(cluster)
	if err != nil {
		t.Fatal(err)
	}
	calls := callsTo(4)
	calls[1].Queue, calls[3].Queue = otherQueue, otherQueue
	if err := e.Enqueue(t.Context(), calls); err != nil {
		t.Fatal(err)
	}
	got := work(t, e, nil)
	for range calls {
		got.next(t)
	}
}

// TestOthers has a task of a plain asynq client come as a call.
func TestOthers(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{})
	client := hibiken.NewClientFromRedisClient(connection(t, database()))
	info, err := client.Enqueue(hibiken.NewTaskWithHeaders("test.task", []byte(`{"n":7}`), map[string]string{"traceparent": "00"}), hibiken.MaxRetry(4))
	if err != nil {
		t.Fatal(err)
	}
	c := work(t, e, nil).next(t)
	if c.ID != info.ID || string(c.Args) != `{"n":7}` || c.Attempts != 5 || c.Meta["traceparent"] != "00" || c.Queue != "" {
		t.Errorf("it came as %+v", c)
	}
}
