package enginetest

import (
	"context"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

func testStatus(t *testing.T, o *Options) {
	p := newProcess(t, o)
	_, status := p.engine.(engine.Statuser)
	_, cancel := p.engine.(engine.Canceler)
	if p.engine != nil && (!status || !cancel) {
		t.Skip("the engine does not know what has become of its calls, or cannot cancel them")
	}
	begun, release := make(chan int), make(chan error)
	task := newProbe(p, "enginetest.status", func(_ context.Context, n int) error {
		begun <- n
		return <-release
	})
	p.work()
	var done, failed, cancelled runtime.TaskID
	p.do(func(b *runtime.BackgroundTasks) {
		done = task.add(b, 1)
		cancelled = task.add(b, 3, runtime.Delay(time.Hour))
		// In process ids are made when they are written down.
		_, _ = done.String(), cancelled.String()
	})
	<-begun
	p.await(done, engine.Running)
	p.await(cancelled, engine.Queued)
	release <- nil
	p.await(done, engine.Done)
	p.do(func(b *runtime.BackgroundTasks) {
		failed = task.add(b, 2)
		_ = failed.String()
	})
	<-begun
	release <- context.DeadlineExceeded
	if s := p.await(failed, engine.Failed); s.Err == nil {
		t.Errorf("%+v has no error", s)
	}
	if !p.runner.Cancel(cancelled) {
		t.Error("a task that waits cannot be cancelled")
	}
	p.await(cancelled, engine.Cancelled)
	if p.runner.Cancel(done) {
		t.Error("a task that has ended was cancelled")
	}
	if s, known := p.runner.Status(runtime.ParseTaskID("AAAAAAAAAAAAAAAAAAAAAAAAAA")); known {
		t.Errorf("a task that never was is %+v", s)
	}
}

// await waits until a task has come to a state.
func (p *process) await(id runtime.TaskID, want engine.State) runtime.TaskStatus {
	p.t.Helper()
	return p.awaitWithin(patience, id, want)
}

func (p *process) awaitWithin(most time.Duration, id runtime.TaskID, want engine.State) runtime.TaskStatus {
	p.t.Helper()
	var s runtime.TaskStatus
	for deadline := time.Now().Add(most); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if s, _ = p.runner.Status(id); s.State == want {
			return s
		}
	}
	p.t.Errorf("the task is %+v, not %s", s, want)
	return s
}
