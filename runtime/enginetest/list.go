package enginetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

func testList(t *testing.T, o *Options) {
	p := newProcess(t, o)
	engine, lists := p.engine.(runtime.ListEngine)
	again, retries := p.engine.(runtime.RetryEngine)
	if !lists || !retries {
		t.Skip("the engine does not tell what it has, or cannot try a task again")
	}
	p.listed(engine, 10, map[runtime.TaskState][]string{})

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
	p.await(failed, runtime.Failed)
	cancelled = add(2, runtime.Delay(time.Hour))
	if !p.runner.Cancel(cancelled) {
		t.Error("a task that waits cannot be cancelled")
	}
	latest, later = add(3, runtime.Delay(2*time.Hour)), add(4, runtime.Delay(time.Hour))
	running = add(5)
	<-begun
	list := p.listed(engine, 10, map[runtime.TaskState][]string{
		runtime.Queued:  {later.String(), latest.String()},
		runtime.Running: {running.String()},
		runtime.Failed:  {failed.String()},
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
	list, err := engine.List(within(t), 1)
	if err != nil || len(list.Tasks) != 3 || list.Total[runtime.Queued] != 2 || list.Tasks[slices.IndexFunc(list.Tasks, queued)].ID != later.String() {
		t.Errorf("%+v, %v", list, err)
	}

	for _, id := range []runtime.TaskID{running, later, cancelled, runtime.ParseTaskID("AAAAAAAAAAAAAAAAAAAAAAAAAA")} {
		if ok, err := again.Retry(within(t), id.String()); ok || err != nil {
			t.Errorf("a task that has not failed is tried again: %t, %v", ok, err)
		}
	}
	release <- nil
	p.await(running, runtime.Done)
	if ok, err := again.Retry(within(t), failed.String()); !ok || err != nil {
		t.Errorf("a task that has failed is not tried again: %t, %v", ok, err)
	}
	if n := <-begun; n != 1 {
		t.Errorf("task %d is tried again", n)
	}
	release <- runtime.Permanent(errors.New("still not there"))
	p.await(failed, runtime.Failed)
	if ok, err := again.Retry(within(t), failed.String()); !ok || err != nil {
		t.Errorf("a task that has failed again is not tried again: %t, %v", ok, err)
	}
	<-begun
	release <- nil
	p.await(failed, runtime.Done)
}

func queued(t runtime.ListedTask) bool { return t.State == runtime.Queued }

// listed checks the ids that an engine lists, and how many it says there are.
func (p *process) listed(e runtime.ListEngine, most int, want map[runtime.TaskState][]string) runtime.Listing {
	p.t.Helper()
	list, err := e.List(within(p.t), most)
	if err != nil {
		p.t.Fatal(err)
	}
	got := map[runtime.TaskState][]string{}
	for _, l := range list.Tasks {
		got[l.State] = append(got[l.State], l.ID)
	}
	for _, state := range []runtime.TaskState{runtime.Queued, runtime.Running, runtime.Failed} {
		if !slices.Equal(got[state], want[state]) || list.Total[state] != len(want[state]) {
			p.t.Errorf("%s: %v, %d in all; expected %v", state, got[state], list.Total[state], want[state])
		}
	}
	return list
}
