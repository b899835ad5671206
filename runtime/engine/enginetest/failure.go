package enginetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

var errTest = errors.New("it failed, as it should")

// short is a backoff that keeps tests short.
const short = 20 * time.Millisecond

// fails registers a task that fails with that error.
func fails(p *process, err error) *probe[int] {
	return newProbe(p, "enginetest.fails", func(context.Context, int) error { return err })
}

// wantAttempts expects attempts 1 to n, and no more.
func (p *process) wantAttempts(b *probe[int], n int) {
	p.t.Helper()
	for i := range n {
		if r := b.next(); r.attempt != i+1 {
			p.t.Fatalf("attempt %d says that it is %d", i+1, r.attempt)
		}
	}
	time.Sleep(10 * short) // a further one would have come
	p.settle()
	b.none()
}

func testAttempts(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := fails(p, errTest)
	p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1, runtime.Attempts(3), runtime.Backoff(short)) })
	p.wantAttempts(task, 3)
}

func testOneAttempt(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := fails(p, errTest)
	p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1) })
	p.wantAttempts(task, 1)
}

// testBackoff looks at the waits: each is random between none and its bound.
func testBackoff(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := fails(p, errTest)
	p.work()
	const first = 200 * time.Millisecond
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1, runtime.Attempts(4), runtime.Backoff(first)) })
	before := task.next().at
	for most := first; most <= 4*first; most *= 2 {
		at := task.next().at
		if wait := at.Sub(before); wait > most+o.Latency {
			t.Errorf("a wait of %v, where %v is the most", wait, most)
		}
		before = at
	}
}

func testRetryAfter(t *testing.T, o *Options) {
	p := newProcess(t, o)
	const wait = 1200 * time.Millisecond
	task := fails(p, runtime.RetryAfter(errTest, wait))
	p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1, runtime.Attempts(2), runtime.Backoff(time.Hour)) })
	began := task.next().at
	if took := task.next().at.Sub(began); took < wait || took > wait+o.Latency {
		t.Errorf("the second attempt came after %v", took)
	}
}

func testPermanent(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := fails(p, runtime.Permanent(errTest))
	p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1, runtime.Attempts(5), runtime.Backoff(short)) })
	p.wantAttempts(task, 1)
}

func testPanic(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe(p, "enginetest.panics", func(context.Context, int) error { panic(errTest) })
	p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1, runtime.Attempts(2), runtime.Backoff(short)) })
	p.wantAttempts(task, 2)
}

func testTimeout(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe(p, "enginetest.timeout", func(ctx context.Context, _ int) error {
		<-ctx.Done()
		return context.Cause(ctx)
	})
	p.work()
	p.do(func(b *runtime.BackgroundTasks) {
		task.add(b, 1, runtime.Attempts(2), runtime.Timeout(100*time.Millisecond), runtime.Backoff(short))
	})
	p.wantAttempts(task, 2)
}

// testUnknown has a worker meet a task that only another one knows.
func testUnknown(t *testing.T, o *Options) {
	p := newProcess(t, o)
	knows := openProcess(t, o, p.address)
	task := newProbe[int](knows, "enginetest.known-elsewhere", nil)
	stop := p.work()
	knows.do(func(b *runtime.BackgroundTasks) {
		task.add(b, 1)
		task.add(b, 2, runtime.Attempts(2))
	})
	p.settle()
	if lister, ok := p.engine.(engine.Lister); ok {
		list, err := lister.List(within(t), 10)
		if err != nil || len(list.Tasks) < 2 || list.Tasks[1].State != engine.Queued || list.Total[engine.Queued] != 2 {
			t.Errorf("tasks that nobody knows are not listed: %+v, %v", list, err)
		}
	}
	stop()
	knows.work()
	one, other := task.next(), task.next()
	if one.args == other.args || one.attempt != 1 || other.attempt != 1 {
		t.Errorf("%d in attempt %d, and %d in attempt %d", one.args, one.attempt, other.args, other.attempt)
	}
}
