package enginetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// A browsed is an engine that a page can look through.
type browsed struct {
	*process
	engine.Browser
	engine.Operator
}

// testBrowse looks through tasks of every stage.
func testBrowse(t *testing.T, o *Options) {
	p := newProcess(t, o)
	b := browsed{process: p}
	var browses, operates bool
	b.Browser, browses = p.engine.(engine.Browser)
	b.Operator, operates = p.engine.(engine.Operator)
	if !browses || !operates {
		t.Skip("the engine does not let a page look through its tasks")
	}
	begun, release := make(chan int), make(chan error)
	hold := newProbe(p, "enginetest.hold", func(ctx context.Context, n int) error {
		begun <- n
		select {
		case err := <-release:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	other := newProbe[int](p, "enginetest.other", nil)
	var failed, done, retrying, delayed, running runtime.TaskID
	p.do(func(bg *runtime.BackgroundTasks) {
		delayed = other.add(bg, 1, runtime.Delay(time.Hour), runtime.Attempts(7))
	})
	var waiting []string
	for n := range 5 { // one after the other: they wait in this order
		p.do(func(bg *runtime.BackgroundTasks) {
			waiting = append(waiting, other.add(bg, n, runtime.Queue(o.Queue)).String())
		})
	}
	b.shows(engine.Filter{Stage: engine.StageWaiting, Most: 10}, waiting...)
	b.pages(engine.Filter{Stage: engine.StageWaiting, Most: 2}, waiting)
	b.queue(o.Queue, func(q engine.Queue) bool {
		return q.Waiting.N == 5 && q.Running.N == 0 && !q.Paused && time.Since(q.Oldest) < time.Minute
	})
	p.work()
	for range waiting {
		other.next()
	}
	for _, id := range waiting {
		p.await(runtime.ParseTaskID(id), engine.Done)
	}
	hasEnded := slices.Clone(waiting)
	add := func(opts ...runtime.TaskOption) (id runtime.TaskID) {
		p.do(func(bg *runtime.BackgroundTasks) { id = hold.add(bg, 0, opts...) })
		<-begun
		return id
	}
	done = add()
	release <- nil
	p.await(done, engine.Done)
	hasEnded = append(hasEnded, done.String())
	failed = add()
	release <- runtime.Permanent(errors.New("the MAIL server \"is\" <not> there"))
	p.await(failed, engine.Failed)
	retrying = add(runtime.Attempts(3))
	release <- runtime.RetryAfter(errors.New("come again"), time.Hour)
	b.eventually(engine.Filter{Stage: engine.StageRetrying}, retrying.String())
	running = add()

	counts, err := b.Counts(within(t))
	if err != nil || counts[engine.StageRunning].N != 1 || counts[engine.StageFailed].N != 1 || counts[engine.StageRetrying].N != 1 || counts[engine.StageDelayed].N != 1 || counts[engine.StageWaiting].N != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
	slices.Reverse(hasEnded)
	b.ended(hasEnded)
	page := b.shows(engine.Filter{Stage: engine.StageFailed}, failed.String())
	f := page.Items[0]
	if f.Name != "enginetest.hold" || f.Handler != "Runner.Do" || f.Attempts != 1 || f.Attempt != 1 || len(f.Failures) != 1 || !strings.Contains(f.Failures[0].Error, "MAIL") || f.Ended.IsZero() || f.Key == "" || f.Queue == "" {
		t.Errorf("one that has failed: %+v", f)
	}
	d := b.shows(engine.Filter{Stage: engine.StageDelayed}, delayed.String()).Items[0]
	if d.Attempts != 7 || time.Until(d.Due) < 50*time.Minute || string(d.Args) != "1" {
		t.Errorf("one that is delayed: %+v", d)
	}
	for _, key := range []string{f.Key, failed.String()} {
		if item, known, err := b.Look(within(t), key); !known || err != nil || item.ID != failed.String() || item.Stage != engine.StageFailed {
			t.Errorf("looked at %s: %+v, %t, %v", key, item, known, err)
		}
	}
	for _, key := range []string{"", "0", "none", "a/b", "4611686018427387904", "\x00"} {
		if item, known, err := b.Look(within(t), key); known || err != nil {
			t.Errorf("%q is known: %+v, %v", key, item, err)
		}
	}

	for _, c := range []struct {
		f     engine.Filter
		found bool
	}{
		{engine.Filter{Name: "enginetest.hold"}, true},
		{engine.Filter{Name: "enginetest.other"}, false},
		{engine.Filter{Queue: f.Queue}, true},
		{engine.Filter{Queue: "none"}, false},
		{engine.Filter{Text: "mail server"}, true},
		{engine.Filter{Text: `server "is" <NOT>`}, true},
		{engine.Filter{Text: "%"}, false},
		{engine.Filter{Text: `\`}, false},
		{engine.Filter{Text: failed.String()[3:20]}, true},
		{engine.Filter{Text: strings.ToLower(failed.String())}, true},
		{engine.Filter{Name: "enginetest.hold", Text: "nothing"}, false},
		{engine.Filter{After: "nonsense", Text: "nothing"}, false},
	} {
		c.f.Stage = engine.StageFailed
		var want []string
		if c.found {
			want = []string{failed.String()}
		}
		b.shows(c.f, want...)
	}
	b.processes(running)

	b.acts(false, engine.ActionRetry, running.String(), delayed.String(), "none")
	b.acts(false, engine.ActionCancel, failed.String())
	b.acts(false, engine.ActionDelete, running.String())
	b.acts(false, engine.ActionRun, failed.String())
	b.acts(true, engine.ActionRun, d.Key)
	other.next()
	p.await(delayed, engine.Done)
	b.acts(true, engine.ActionCancel, running.String())
	p.await(running, engine.Cancelled)
	b.acts(true, engine.ActionRetry, f.Key)
	<-begun
	release <- runtime.Permanent(errors.New("still not there"))
	b.eventually(engine.Filter{Stage: engine.StageFailed}, failed.String())
	b.acts(true, engine.ActionDelete, failed.String())
	b.shows(engine.Filter{Stage: engine.StageFailed})
	b.pauses(o.Queue, other)
}

// shows checks the ids of the first page.
func (b *browsed) shows(f engine.Filter, want ...string) engine.Page {
	b.t.Helper()
	if f.Most == 0 {
		f.Most = 50
	}
	page, err := b.Browse(within(b.t), f)
	if got := idsOf(page); err != nil || !slices.Equal(got, want) || page.Next != "" {
		b.t.Errorf("%+v: %v, next %q, %v; expected %v", f, got, page.Next, err, want)
	}
	if len(page.Items) == 0 && len(want) > 0 {
		b.t.FailNow()
	}
	return page
}

func idsOf(page engine.Page) (ids []string) {
	for _, t := range page.Items {
		ids = append(ids, t.ID)
	}
	return ids
}

// eventually waits until the first page has these ids.
func (b *browsed) eventually(f engine.Filter, want ...string) {
	b.t.Helper()
	f.Most = 50
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		page, err := b.Browse(within(b.t), f)
		if slices.Equal(idsOf(page), want) {
			return
		}
		if err != nil || time.Now().After(end) {
			b.t.Fatalf("%+v: %v, %v; expected %v", f, idsOf(page), err, want)
		}
	}
}

// pages checks the ids of all pages.
func (b *browsed) pages(f engine.Filter, want []string) {
	b.t.Helper()
	var got []string
	for range len(want) + 2 {
		page, err := b.Browse(within(b.t), f)
		if err != nil || len(page.Items) > f.Most {
			b.t.Fatalf("%d tasks, %v", len(page.Items), err)
		}
		got = append(got, idsOf(page)...)
		if f.After = page.Next; page.Next == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("the pages have %v; expected %v", got, want)
	}
}

// ended checks the pages of what has succeeded. Two tasks may have ended at one moment,
// and be listed either way.
func (b *browsed) ended(want []string) {
	b.t.Helper()
	f := engine.Filter{Stage: engine.StageDone, Most: 4}
	var got []string
	for {
		page, err := b.Browse(within(b.t), f)
		if err != nil {
			b.t.Fatal(err)
		}
		got = append(got, idsOf(page)...)
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	slices.Sort(got)
	want = slices.Clone(want)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		b.t.Errorf("done are %v; expected %v", got, want)
	}
}

// acts checks whether something is done to some tasks.
func (b *browsed) acts(want bool, do engine.Action, keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		if ok, err := b.Act(within(b.t), do, key); ok != want || err != nil {
			b.t.Errorf("%s %s: %t, %v", do, key, ok, err)
		}
	}
}

// queue checks what is said of a queue.
func (b *browsed) queue(name string, ok func(engine.Queue) bool) {
	b.t.Helper()
	lister, lists := b.engine.(engine.QueueLister)
	if !lists {
		return
	}
	list, err := lister.Queues(within(b.t))
	i := slices.IndexFunc(list, func(q engine.Queue) bool { return q.Name == name })
	if err != nil || i < 0 || !ok(list[i]) {
		b.t.Errorf("the queue %s: %+v, %v", name, list, err)
	}
}

// processes checks that this process is listed, and the task that it runs.
func (b *browsed) processes(running runtime.TaskID) {
	b.t.Helper()
	lister, lists := b.engine.(engine.ProcessLister)
	if !lists {
		return
	}
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) { // a process tells of itself now and then
		list, err := lister.Processes(within(b.t))
		for _, p := range list {
			if len(p.Tasks) == 1 && p.Tasks[0].ID == running.String() && p.Host != "" && time.Since(p.Since) < 5*time.Minute {
				return
			}
		}
		if err != nil || time.Now().After(end) {
			b.t.Errorf("the processes are %+v, %v", list, err)
			return
		}
	}
}

// pauses checks that a queue which is paused waits.
func (b *browsed) pauses(queue string, task *probe[int]) {
	b.t.Helper()
	pauser, pauses := b.engine.(engine.Pauser)
	if !pauses {
		return
	}
	for _, pause := range []bool{true, true, false} {
		if err := pauser.Pause(within(b.t), queue, pause); err != nil {
			b.t.Fatal(err)
		}
		b.queue(queue, func(q engine.Queue) bool { return q.Paused == pause })
		if pause {
			b.settle() // the workers hear of it
		}
	}
	if err := pauser.Pause(within(b.t), queue, true); err != nil {
		b.t.Fatal(err)
	}
	time.Sleep(time.Second) // for the workers to hear of it: nothing tells that they have
	b.do(func(bg *runtime.BackgroundTasks) { task.add(bg, 9, runtime.Queue(queue)) })
	b.settle()
	task.none()
	if err := pauser.Pause(within(b.t), queue, false); err != nil {
		b.t.Fatal(err)
	}
	task.next()
	if err := pauser.Pause(within(b.t), fmt.Sprint(queue, "none"), true); err == nil {
		b.t.Error("a queue that does not exist is paused")
	}
}
