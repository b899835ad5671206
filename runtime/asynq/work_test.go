package asynq_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/engine"
)

// A working engine hands out the calls that run.
type working struct {
	runs  chan engine.Call
	stop  func()
	hurry func()
	ended chan error
}

// work has an engine run the tasks of the tests with f, or nothing, until the
// test ends.
func work(t testing.TB, e *asynq.Engine, f func(context.Context, engine.Call) error) *working {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	drain, hurry := context.WithCancel(context.Background())
	w := &working{make(chan engine.Call, 1000), stop, hurry, make(chan error, 1)}
	over := make(chan struct{})
	go func() {
		defer close(over)
		w.ended <- e.Work(ctx, drain, []string{"test.task"}, func(ctx context.Context, c engine.Call) error {
			w.runs <- c
			if f == nil {
				return nil
			}
			return f(ctx, c)
		})
	}()
	t.Cleanup(func() {
		stop()
		hurry()
		<-over
	})
	return w
}

func (w *working) next(t testing.TB) engine.Call {
	t.Helper()
	select {
	case c := <-w.runs:
		return c
	case <-time.After(20 * time.Second):
		t.Fatal("no call runs")
		panic("unreachable")
	}
}

// await waits until a call has come to a state.
func await(t testing.TB, e *asynq.Engine, id string, state engine.State) engine.Status {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		status, _, err := e.Status(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if status.State == state {
			return status
		}
		if time.Now().After(end) {
			t.Fatalf("it is %+v, not %s", status, state)
		}
	}
}

// crash leaves a call as a process does that is killed while it runs it, long
// ago.
func crash(t testing.TB, id string) {
	t.Helper()
	client := connection(t, database())
	if taken, err := client.RPopLPush(t.Context(), "asynq:{default}:pending", "asynq:{default}:active").Result(); taken != id {
		t.Fatalf("%q was taken (%v)", taken, err)
	}
	client.HSet(t.Context(), "asynq:{default}:t:"+id, "state", "active")
	if err := client.Do(t.Context(), "ZADD", "asynq:{default}:lease", 1, id).Err(); err != nil {
		t.Fatal(err)
	}
}

// TestCrash has a crash cost no attempt, however few there are.
func TestCrash(t *testing.T) {
	for _, attempts := range []int{1, 3} {
		t.Run(fmt.Sprint(attempts, " attempts"), func(t *testing.T) { testCrash(t, attempts) })
	}
}

func testCrash(t *testing.T, attempts int) {
	e, _ := newEngine(t, asynq.Config{})
	c := call(1)
	c.Attempts, c.Backoff = attempts, time.Millisecond
	if err := e.Enqueue(t.Context(), []engine.Call{c}); err != nil {
		t.Fatal(err)
	}
	crash(t, c.ID)
	before := make(chan int, 10)
	w := work(t, e, func(ctx context.Context, _ engine.Call) error {
		before <- engine.AttemptsBefore(ctx)
		return errors.New("it failed, as it should")
	})
	for n := range attempts {
		w.next(t)
		if got := <-before; got != n {
			t.Errorf("attempt %d says that %d have failed", n+1, got)
		}
	}
	status := await(t, e, c.ID, engine.Failed)
	if status.Attempt != attempts || status.Err == nil || status.Err.Error() != "it failed, as it should" {
		t.Errorf("the status is %+v", status)
	}
	if len(w.runs) > 0 {
		t.Error("it runs again")
	}
}

// TestCancelRunning ends the context of a call that runs: it does not run again.
func TestCancelRunning(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{})
	c := call(1)
	c.Attempts = 5
	if err := e.Enqueue(t.Context(), []engine.Call{c}); err != nil {
		t.Fatal(err)
	}
	cancelled := make(chan bool)
	w := work(t, e, func(ctx context.Context, _ engine.Call) error {
		<-ctx.Done()
		close(cancelled)
		return ctx.Err()
	})
	w.next(t)
	client := connection(t, database())
	if err := client.Do(t.Context(), "CLIENT", "KILL", "TYPE", "pubsub").Err(); err != nil {
		t.Fatal(err) // the worker is to hear of it all the same
	}
	if ok, err := e.Cancel(t.Context(), c.ID); !ok || err != nil {
		t.Fatalf("%t, %v", ok, err)
	}
	<-cancelled
	if s := await(t, e, c.ID, engine.Cancelled); s.Name != c.Name {
		t.Errorf("the status is %+v", s)
	}
	for end := time.Now().Add(20 * time.Second); client.Exists(t.Context(), "asynq:{default}:t:"+c.ID).Val() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is still there")
		}
	}
	if len(w.runs) > 0 {
		t.Error("it ran again")
	}
	if ok, err := e.Cancel(t.Context(), c.ID); ok || err != nil {
		t.Errorf("a second time: %t, %v", ok, err)
	}
}

// TestLeftBehind has a task not look at its context when the stop runs out of
// time. It runs again, and no attempt was counted.
func TestLeftBehind(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{})
	if err := e.Enqueue(t.Context(), callsTo(1)); err != nil {
		t.Fatal(err)
	}
	release := make(chan bool)
	defer close(release)
	w := work(t, e, func(context.Context, engine.Call) error {
		<-release
		return nil
	})
	w.next(t)
	w.stop()
	w.hurry()
	select {
	case err := <-w.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("Work does not return")
	}
	before := make(chan int, 1)
	again := work(t, e, func(ctx context.Context, _ engine.Call) error {
		before <- engine.AttemptsBefore(ctx)
		return nil
	})
	again.next(t)
	if n := <-before; n != 0 {
		t.Errorf("%d attempts were counted", n)
	}
}

// TestLongestTask gives calls a timeout that have none of their own.
func TestLongestTask(t *testing.T) {
	e, _ := newEngine(t, asynq.Config{LongestTask: 50 * time.Millisecond})
	if err := e.Enqueue(t.Context(), callsTo(1)); err != nil {
		t.Fatal(err)
	}
	if c := work(t, e, nil).next(t); c.Timeout != 50*time.Millisecond {
		t.Errorf("the timeout is %v", c.Timeout)
	}
}

// TestPoisoned has a header that nobody can read. It ends as a dead letter, and
// the next call runs.
func TestPoisoned(t *testing.T) {
	e, log := newEngine(t, asynq.Config{})
	bad, good := call(1), call(2)
	bad.Unique = "key"
	if err := e.Enqueue(t.Context(), []engine.Call{bad}); err != nil {
		t.Fatal(err)
	}
	spoil(t, bad.ID, `"unique":true`, `"unique":"??"`)
	if err := e.Enqueue(t.Context(), []engine.Call{good}); err != nil {
		t.Fatal(err)
	}
	if c := work(t, e, nil).next(t); c.ID != good.ID {
		t.Errorf("%+v ran", c)
	}
	log.wait(t, "cannot be read")
	await(t, e, bad.ID, engine.Failed)
}

// spoil changes what is stored of a call: the new text has the length of the
// old one.
func spoil(t testing.TB, id, old, text string) {
	t.Helper()
	client := connection(t, database())
	key := "asynq:{default}:t:" + id
	msg := client.HGet(t.Context(), key, "msg").Val()
	if !strings.Contains(msg, old) || len(old) != len(text) {
		t.Fatalf("%q is not in %q, or another length", old, msg)
	}
	client.HSet(t.Context(), key, "msg", strings.Replace(msg, old, text, 1))
}

// TestLostConnection reports that Redis is gone, and that it is back.
func TestLostConnection(t *testing.T) {
	s := server(t)
	e, log := openEngine(t, s.Address, asynq.Config{})
	w := work(t, e, nil)
	s.Kill(t)
	log.wait(t, "level=ERROR")
	log.wait(t, "Redis does not answer")
	s.Start(t)
	log.wait(t, "Redis answers again")
	if err := e.Enqueue(t.Context(), callsTo(1)); err != nil {
		t.Fatal(err)
	}
	w.next(t)
}
