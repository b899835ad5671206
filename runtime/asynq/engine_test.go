package asynq_test

import (
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime/asynq"
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
	_, log := openEngine(t, startRedis(t).Address)
	log.wait(t, "appendonly")
	_, log = openEngine(t, startRedis(t, "--appendonly", "yes", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru").Address)
	log.wait(t, "noeviction")
	_, log = openEngine(t, startRedis(t, "--appendonly", "yes", "--maxmemory", "100mb").Address)
	if len(log.lines) > 0 {
		t.Errorf("it warns of %s", <-log.lines)
	}
}

func TestSettings(t *testing.T) {
	address := storage(t)
	for want, opt := range map[string]asynq.Option{
		"needs a name":                   asynq.DefaultQueue(" "),
		`queue "slow" of weight 0`:       asynq.Queues(map[string]int{"slow": 0}),
		`queue "" of weight 1: expected`: asynq.Queues(map[string]int{"": 1}),
	} {
		if _, err := asynq.Open(address, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, not %s", err, want)
		}
	}
	// Neither fewer than one task nor a look without end is asked for.
	e, err := asynq.Open(address, asynq.Concurrency(-1), asynq.CheckEvery(-1), asynq.Keep(0), asynq.DefaultQueue("mine"))
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
