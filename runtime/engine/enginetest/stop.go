package enginetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// workWith has the engine run what it has stored. The returned functions end
// the taking, and then the patience; ended is closed when both are over.
func (p *process) workWith(names []string, run func(context.Context, engine.Call) error) (stop, hurry func(), ended <-chan struct{}) {
	p.t.Helper()
	w, ok := p.engine.(engine.Worker)
	if !ok {
		p.t.Skip("the engine runs nothing in this process")
	}
	ctx, stopTaking := context.WithCancel(context.Background())
	drain, cancelDrain := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		if err := w.Work(ctx, drain, names, run); err != nil {
			p.t.Errorf("Work: %v", err)
		}
	}()
	p.t.Cleanup(func() {
		stopTaking()
		cancelDrain()
		<-over
	})
	return stopTaking, cancelDrain, over
}

// testGracefulStop stops while a task runs: it is waited for, and its context
// is not cancelled.
func testGracefulStop(t *testing.T, o *Options) {
	p := newProcess(t, o)
	begun, release := make(chan bool), make(chan bool)
	var cancelled error
	task := newProbe(p, "enginetest.slow", func(ctx context.Context, _ int) error {
		close(begun)
		<-release
		cancelled = ctx.Err()
		return nil
	})
	stop := p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1) })
	<-begun
	stopped := make(chan bool)
	go func() {
		defer close(stopped)
		stop()
	}()
	select {
	case <-stopped:
		t.Error("it did not wait for the task")
	case <-time.After(500 * time.Millisecond):
	}
	close(release)
	<-stopped
	if cancelled != nil {
		t.Errorf("the context of the task was cancelled: %v", cancelled)
	}
	if p.engine == nil {
		return
	}
	other := openProcess(t, o, p.address)
	again := newProbe[int](other, "enginetest.slow", nil)
	other.work()
	other.settle()
	again.none()
}

// testHardStop stops, and does not wait for the end of a task: its context is
// cancelled, and it runs again, as if it had not begun.
func testHardStop(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := engine.Call{ID: "CCCCCCCCCCCCCCCCCCCCCCCCC2", Name: "enginetest.long", Args: []byte(`{}`), Attempts: 1}
	begun := make(chan bool, 10)
	stop, hurry, ended := p.workWith([]string{task.Name}, func(ctx context.Context, _ engine.Call) error {
		begun <- true
		<-ctx.Done()
		if cause := context.Cause(ctx); !errors.Is(cause, engine.ErrStopped) {
			t.Errorf("the cause is %v, not ErrStopped: it would be taken for a failure", cause)
		}
		return ctx.Err()
	})
	if err := p.engine.Enqueue(within(t), []engine.Call{task}); err != nil {
		t.Fatal(err)
	}
	<-begun
	stop()
	hurry()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	p.close()

	other := openProcess(t, o, p.address)
	again := make(chan int, 10)
	var once sync.Once
	other.workWith([]string{task.Name}, func(ctx context.Context, _ engine.Call) error {
		once.Do(func() { again <- engine.AttemptsBefore(ctx) })
		return nil
	})
	select {
	case n := <-again:
		if n != 0 {
			t.Errorf("%d attempts were counted before", n)
		}
	case <-time.After(o.Recovery):
		t.Errorf("it does not run again within %v", o.Recovery)
	}
}
