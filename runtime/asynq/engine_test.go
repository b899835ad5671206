package asynq_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/engine"
)

func TestUnreachable(t *testing.T) {
	for _, address := range []string{
		"redis://user:secret@127.0.0.1:1/0",
		"redis-sentinel://:secret@127.0.0.1:1?master=main",
		"unix://user:secret@/nowhere/redis.sock",
		"redis://:sec/secret@127.0.0.1:1",
		"redis://:secret@127.0.0.1:secret/0",
		"redis://:secret@127.0.0.1:1/secret",
		"redis://:secret@127.0.0.1:1/0?secret=1",
		"http://:secret@127.0.0.1:1",
		"127.0.0.1:6379",
		"",
	} {
		_, err := asynq.Open(address)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error is %v", address, err)
		}
		t.Log(err)
	}
	if _, err := asynq.Open("redis://user:secret@127.0.0.1:1/4"); !strings.Contains(err.Error(), "127.0.0.1:1/4") {
		t.Errorf("the address is not in the error: %v", err)
	}
	s := startRedis(t)
	connection(t, s.Address).ConfigSet(t.Context(), "requirepass", "right")
	_, err := asynq.Open(strings.Replace(s.Address, "redis://", "redis://:secret@", 1))
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "WRONGPASS") {
		t.Errorf("with a wrong password: %v", err)
	}
}

// TestForgetful warns of a Redis that would lose tasks.
func TestForgetful(t *testing.T) {
	_, log := openEngine(t, startRedis(t).Address, asynq.Config{})
	log.wait(t, "appendonly")
	_, log = openEngine(t, startRedis(t, "--appendonly", "yes", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru").Address, asynq.Config{})
	log.wait(t, "noeviction")
	_, log = openEngine(t, startRedis(t, "--appendonly", "yes", "--maxmemory", "100mb").Address, asynq.Config{})
	if len(log.lines) > 0 {
		t.Errorf("it warns of %s", <-log.lines)
	}
}

func TestSettings(t *testing.T) {
	address := storage(t)
	for want, c := range map[string]asynq.Config{
		`queue " " with 100 tasks at once`: {DefaultQueue: " "},
		`queue "slow" with -1 tasks`:       {Queues: map[string]int{"slow": -1}},
		`queue "" with 1 tasks`:            {Queues: map[string]int{"": 1}},
	} {
		if _, err := c.Open(address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, not %s", err, want)
		}
	}
	// Neither fewer than one task nor a look without end is asked for.
	e, err := asynq.Config{Concurrency: -1, CheckEvery: -1, Keep: -1, DefaultQueue: "mine"}.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.Enqueue(t.Context(), callsTo(2)); err != nil {
		t.Fatal(err)
	}
	w := work(t, e, nil)
	w.next(t)
	w.next(t)
}

// TestClose closes an engine that works, in the middle of a task.
func TestClose(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{})
	if err := e.Enqueue(t.Context(), callsTo(1)); err != nil {
		t.Fatal(err)
	}
	w := work(t, e, func(ctx context.Context, _ engine.Call) error {
		<-ctx.Done()
		return ctx.Err()
	})
	w.next(t)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-w.ended:
		if err != nil {
			t.Errorf("Work: %v", err)
		}
	default:
		t.Error("Work goes on")
	}
	if err := e.Work(t.Context(), t.Context(), nil, nil); err == nil {
		t.Error("it works when it is closed")
	}
	if err := e.Enqueue(t.Context(), callsTo(1)); err == nil {
		t.Error("it stores when it is closed")
	}
}

// TestKeep keeps nothing of a task that has succeeded.
func TestKeep(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{Keep: -1})
	if err := e.Enqueue(t.Context(), callsTo(1)); err != nil {
		t.Fatal(err)
	}
	work(t, e, nil).next(t)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		status, known, err := e.Status(t.Context(), call(0).ID)
		if err != nil {
			t.Fatal(err)
		}
		if !known {
			return
		}
		if status.State == engine.Done || time.Now().After(end) {
			t.Fatalf("the status is %+v", status)
		}
	}
}
