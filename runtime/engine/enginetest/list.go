package enginetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

func testList(t *testing.T, o *Options) {
	p := newProcess(t, o)
	stored, lists := p.engine.(engine.Lister)
	again, retries := p.engine.(engine.Retrier)
	if !lists || !retries {
		t.Skip("the engine does not tell what it has, or cannot try a task again")
	}
	p.listed(stored, 10, map[engine.State][]string{})

	const name = "enginetest.list"
	begun, release := make(chan int), make(chan error)
	task := newProbe(p, name, func(_ context.Context, n int) error {
		begun <- n
		return <-release
	})
	p.work()
	var failed, running, later, latest, cancelled runtime.TaskID
	add := func(n int, opts ...runtime.TaskOption) (id runtime.TaskID) {
		t.Helper()
		p.do(func(b *runtime.BackgroundTasks) { id = task.add(b, n, opts...) })
		return id
	}
	failed = add(1)
	<-begun
	release <- runtime.Permanent(errors.New("the mail server is not there"))
	p.await(failed, engine.Failed)
	cancelled = add(2, runtime.Delay(time.Hour))
	if !p.runner.Cancel(cancelled) {
		t.Error("a task that waits cannot be cancelled")
	}
	latest, later = add(3, runtime.Delay(2*time.Hour)), add(4, runtime.Delay(time.Hour))
	running = add(5)
	<-begun
	list := p.listed(stored, 10, map[engine.State][]string{
		engine.Queued:  {later.String(), latest.String()},
		engine.Running: {running.String()},
		engine.Failed:  {failed.String()},
	})
	for _, l := range list.Tasks {
		var args int
		due := time.Until(l.At)
		switch err := json.Unmarshal(l.Args, &args); {
		case err != nil || l.Name != name || l.Handler != "Runner.Do":
			t.Errorf("%s of %s, added by %s: %v", l.Args, l.Name, l.Handler, err)
		case l.ID == later.String() && (args != 4 || due < 55*time.Minute || due > time.Hour+2*time.Second):
			t.Errorf("%+v, in %v", l, due)
		case l.ID == failed.String() && (args != 1 || l.Attempt != 1 || l.Err == nil || due > 0 || due < -time.Minute):
			t.Errorf("%+v, in %v", l, due)
		case l.ID == running.String() && (args != 5 || l.Attempt != 1 || !l.At.IsZero() && due < -time.Minute):
			t.Errorf("%+v, in %v", l, due)
		}
	}
	// With fewer than there are, those that are next.
	list, err := stored.List(within(t), 1)
	if err != nil || len(list.Tasks) != 3 || list.Total[engine.Queued] != 2 || list.Tasks[slices.IndexFunc(list.Tasks, queued)].ID != later.String() {
		t.Errorf("%+v, %v", list, err)
	}

	for _, id := range []runtime.TaskID{running, later, cancelled, runtime.ParseTaskID("AAAAAAAAAAAAAAAAAAAAAAAAAA")} {
		if ok, err := again.Retry(within(t), id.String()); ok || err != nil {
			t.Errorf("a task that has not failed is tried again: %t, %v", ok, err)
		}
	}
	release <- nil
	p.await(running, engine.Done)
	if ok, err := again.Retry(within(t), failed.String()); !ok || err != nil {
		t.Errorf("a task that has failed is not tried again: %t, %v", ok, err)
	}
	if n := <-begun; n != 1 {
		t.Errorf("task %d is tried again", n)
	}
	release <- runtime.Permanent(errors.New("still not there"))
	p.await(failed, engine.Failed)
	if ok, err := again.Retry(within(t), failed.String()); !ok || err != nil {
		t.Errorf("a task that has failed again is not tried again: %t, %v", ok, err)
	}
	<-begun
	release <- nil
	p.await(failed, engine.Done)
}

func queued(t engine.Task) bool { return t.State == engine.Queued }

// listed checks the ids that an engine lists, and how many it says there are.
func (p *process) listed(e engine.Lister, most int, want map[engine.State][]string) engine.Listing {
	p.t.Helper()
	list, err := e.List(within(p.t), most)
	if err != nil {
		p.t.Fatal(err)
	}
	got := map[engine.State][]string{}
	for _, l := range list.Tasks {
		got[l.State] = append(got[l.State], l.ID)
	}
	for _, state := range []engine.State{engine.Queued, engine.Running, engine.Failed} {
		if !slices.Equal(got[state], want[state]) || list.Total[state] != len(want[state]) {
			p.t.Errorf("%s: %v, %d in all; expected %v", state, got[state], list.Total[state], want[state])
		}
	}
	return list
}
