package runtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// enqueued has one portable task added by a request, and returns its id.
func enqueued(runner *runtime.Runner, def *adapter.TaskDef[noArgs], opts ...runtime.TaskOption) (id runtime.TaskID) {
	get(adds(runner, func(bg *runtime.BackgroundTasks) { id = def.Enqueue(bg, noArgs{}, opts) }))
	return id
}

func TestStatus(t *testing.T) {
	inBubble(t, &runtime.Runner{Workers: 1}, func(t *testing.T, runner *runtime.Runner) {
		step := make(chan error)
		def := adapter.NewTaskDef[noArgs]("test.task")
		def.Register(runner, func(context.Context, noArgs) error { return <-step })
		want := func(id runtime.TaskID, state runtime.TaskState, attempt int) {
			t.Helper()
			synctest.Wait()
			for _, id := range []runtime.TaskID{id, runtime.ParseTaskID(id.String())} {
				if s, ok := runner.Status(id); !ok || s.State != state || s.Attempt != attempt && state == runtime.Running {
					t.Errorf("the status is %+v, %v; want %s", s, ok, state)
				}
			}
		}
		first := enqueued(runner, def)
		second := enqueued(runner, def, runtime.Attempts(2), runtime.Backoff(time.Hour))
		want(first, runtime.Running, 1)
		want(second, runtime.Queued, 0)
		step <- nil
		want(first, runtime.Done, 1)
		want(second, runtime.Running, 1)
		step <- errOnPurpose
		want(second, runtime.Queued, 0)
		time.Sleep(time.Hour) // of the bubble: until the second attempt
		want(second, runtime.Running, 2)
		step <- errOnPurpose
		want(second, runtime.Failed, 2)
		if s, _ := runner.Status(second); s.Err != errOnPurpose || s.Name != "" && s.Name != "test.task" || s.Handler != "test.plain" {
			t.Errorf("the status is %+v", s)
		}
		if _, ok := runner.Status(runtime.ParseTaskID("nothing")); ok {
			t.Error("something is known of nothing")
		}
		text, err := json.Marshal(first)
		var back runtime.TaskID
		if err != nil || json.Unmarshal(text, &back) != nil || back.String() != first.String() || len(first.String()) != 26 {
			t.Errorf("%s, %v", text, err)
		}
	})
}

func TestStatusOfADiscardedTask(t *testing.T) {
	runner := &runtime.Runner{Logger: quiet}
	def := adapter.NewTaskDef[noArgs]("test.task")
	def.Register(runner, func(context.Context, noArgs) error { return nil })
	var ids [3]runtime.TaskID
	serveOnce(t, runner, failing(runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) error {
		ids[0] = def.Enqueue(bg, noArgs{}, nil)
		ids[1] = def.Enqueue(bg, noArgs{}, []runtime.TaskOption{runtime.Always()})
		ids[2] = def.Enqueue(bg, noArgs{}, nil)
		return errOnPurpose
	}))
	for i, want := range []runtime.TaskState{runtime.Cancelled, runtime.Done, runtime.Cancelled} {
		if s, ok := runner.Status(ids[i]); !ok || s.State != want {
			t.Errorf("the status of task %d is %+v", i, s)
		}
	}
}

func TestCancel(t *testing.T) {
	inBubble(t, &runtime.Runner{Workers: 1}, func(t *testing.T, runner *runtime.Runner) {
		var j journal
		def := adapter.NewTaskDef[noArgs]("test.task")
		def.Register(runner, func(ctx context.Context, _ noArgs) error {
			j.note("runs")
			<-ctx.Done()
			j.note("cancelled")
			return ctx.Err()
		})
		var known runtime.TaskID
		get(adds(runner, func(bg *runtime.BackgroundTasks) {
			known = def.Enqueue(bg, noArgs{}, []runtime.TaskOption{runtime.Attempts(3)})
			_ = known.String() // written down before it begins
		}))
		waits := enqueued(runner, def)
		delayed := enqueued(runner, def, runtime.Delay(time.Hour))
		synctest.Wait()
		if !runner.Cancel(waits) || runner.Cancel(waits) {
			t.Error("one that waits was not cancelled once")
		}
		if !runner.Cancel(runtime.ParseTaskID(known.String())) {
			t.Error("one that runs was not cancelled")
		}
		synctest.Wait()
		if !runner.Cancel(delayed) {
			t.Error("one that is delayed was not cancelled")
		}
		unknown := enqueued(runner, def)
		synctest.Wait()
		if !runner.Cancel(unknown) {
			t.Error("one that runs and whose id nobody has written down was not cancelled")
		}
		idle(t, runner)
		j.want(t, "runs", "cancelled", "runs", "cancelled")
		for id, want := range map[runtime.TaskID]runtime.TaskState{known: runtime.Cancelled, waits: runtime.Cancelled, delayed: runtime.Cancelled, unknown: runtime.Cancelled} {
			if s, _ := runner.Status(id); s.State != want {
				t.Errorf("the status is %+v, want %s", s, want)
			}
		}
		if runner.Cancel(known) || runner.Cancel(runtime.ParseTaskID("nothing")) {
			t.Error("what has ended was cancelled")
		}
	})
}

// One that waits for others of its kind is cancelled, and its place goes on.
func TestCancelOneThatIsParked(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		release := make(chan struct{})
		ran := 0
		def := adapter.NewTaskDef[noArgs]("test.one").Limit(1)
		def.Register(runner, func(context.Context, noArgs) error { <-release; ran++; return nil })
		enqueued(runner, def)
		synctest.Wait()
		parked := enqueued(runner, def)
		last := enqueued(runner, def)
		synctest.Wait()
		if !runner.Cancel(parked) {
			t.Error("it was not cancelled")
		}
		close(release)
		idle(t, runner)
		if s, _ := runner.Status(last); ran != 2 || s.State != runtime.Done {
			t.Errorf("%d ran, and the last is %s", ran, s.State)
		}
	})
}

// The last thousand that have ended are known by their text, and no more.
func TestHistory(t *testing.T) {
	runner := &runtime.Runner{Logger: quiet}
	def := adapter.NewTaskDef[noArgs]("test.task")
	def.Register(runner, func(context.Context, noArgs) error { return errOnPurpose })
	var texts []string
	for range 1500 {
		get(adds(runner, func(bg *runtime.BackgroundTasks) { texts = append(texts, def.Enqueue(bg, noArgs{}, nil).String()) }))
		idle(t, runner)
	}
	for i, text := range texts {
		s, ok := runner.Status(runtime.ParseTaskID(text))
		if ok != (i >= 500) || ok && (s.State != runtime.Failed || !errors.Is(s.Err, errOnPurpose) || s.Name != "test.task") {
			t.Fatalf("the status of %d is %+v, %v", i, s, ok)
		}
	}
}

// What has failed has an id, in the log, in OnError and for Status, though nobody
// has asked for it; and it is one for all attempts.
func TestFailuresHaveIDs(t *testing.T) {
	var log bytes.Buffer
	var mu sync.Mutex // the second attempt may fail while the first is told
	var told []string
	runner := &runtime.Runner{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		OnError: func(_ context.Context, info runtime.TaskInfo, _ error) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, info.ID)
		},
	}
	var last string
	err := runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error {
		bg.Add(func(ctx context.Context) error {
			info, _ := runtime.InfoOf(ctx)
			last = info.ID
			return errors.New("no")
		}, runtime.Named("mail"), runtime.Attempts(2), runtime.Backoff(1))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	idle(t, runner)
	if len(told) != 2 || len(told[0]) != 26 || told[1] != told[0] || last != told[0] {
		t.Fatalf("told %q, and the task %q", told, last)
	}
	if n := strings.Count(log.String(), "task=mail id="+told[0]+" handler=Runner.Do attempt="); n != 2 {
		t.Errorf("%d lines of two have it: %s", n, &log)
	}
	if s, known := runner.Status(runtime.ParseTaskID(told[0])); !known || s.State != runtime.Failed || s.Attempt != 2 || s.Err == nil {
		t.Errorf("%t %+v", known, s)
	}
}
