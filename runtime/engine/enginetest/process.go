package enginetest

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
)

// A process is what a process of a program has: a runner, and an engine that it
// has opened.
type process struct {
	t       testing.TB
	o       *Options
	address string
	runner  *runtime.Runner
	engine  engine.Engine // nil: the runner alone
	log     *buffer
	last    *probe[int] // of settle

	close func() error // the engine, once
}

// newProcess opens an engine over a new storage.
func newProcess(t testing.TB, o *Options) *process {
	if o.Open == nil {
		return openProcess(t, o, "")
	}
	return openProcess(t, o, o.Storage(t))
}

// openProcess opens an engine over the storage at an address.
func openProcess(t testing.TB, o *Options, address string) *process {
	t.Helper()
	p := &process{t: t, o: o, address: address, log: new(buffer), close: func() error { return nil }}
	p.runner = &runtime.Runner{Logger: slog.New(slog.NewTextHandler(p.log, nil))}
	t.Cleanup(func() {
		if t.Failed() && p.log.String() != "" {
			t.Logf("the log of the runner:\n%s", p.log)
		}
	})
	if o.Open == nil {
		p.last = newProbe[int](p, "enginetest.last", nil)
		return p
	}
	stored, closeEngine, err := o.Open(address)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	p.engine, p.runner.Engine = stored, stored
	p.close = sync.OnceValue(closeEngine)
	t.Cleanup(func() { p.close() })
	p.last = newProbe[int](p, "enginetest.last", nil) // it takes the engine
	return p
}

// work runs what is stored, until the test ends or the returned function is
// called: that waits for the end. Without an engine there is nothing to do.
func (p *process) work() (stop func()) {
	p.t.Helper()
	if p.engine == nil {
		return func() {
			if err := p.runner.Shutdown(within(p.t)); err != nil {
				p.t.Errorf("Shutdown: %v", err)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- runtime.Work(ctx, p.runner) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil && !errors.Is(err, context.Canceled) {
				p.t.Errorf("Work: %v", err)
			}
		case <-time.After(patience + 25*time.Second): // its grace
			p.t.Error("Work does not return")
		}
	})
	p.t.Cleanup(stop)
	return stop
}

// do adds tasks as a handler would. That they cannot be stored ends the test.
func (p *process) do(f func(b *runtime.BackgroundTasks)) {
	p.t.Helper()
	if err := p.tryDo(f); err != nil {
		p.t.Fatalf("storing: %v", err)
	}
}

func (p *process) tryDo(f func(b *runtime.BackgroundTasks)) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return p.runner.Do(ctx, func(b *runtime.BackgroundTasks) error {
		f(b)
		return nil
	})
}

// A probe is a task that says when it runs.
type probe[A any] struct {
	def  *adapter.TaskDef[A]
	t    testing.TB
	runs chan run[A]
}

// A run is one attempt of a probe, as it began.
type run[A any] struct {
	args    A
	attempt int
	at      time.Time
}

// newProbe registers a task that does f, or nothing where that is nil.
func newProbe[A any](p *process, name string, f func(context.Context, A) error) *probe[A] {
	b := &probe[A]{adapter.NewTaskDef[A](name), p.t, make(chan run[A], 10000)}
	b.def.Register(p.runner, func(ctx context.Context, args A) error {
		info, _ := runtime.InfoOf(ctx)
		b.runs <- run[A]{args, info.Attempt, time.Now()}
		if f == nil {
			return nil
		}
		return f(ctx, args)
	})
	return b
}

// add adds a call of the task.
func (b *probe[A]) add(to *runtime.BackgroundTasks, args A, opts ...runtime.TaskOption) runtime.TaskID {
	return b.def.Enqueue(to, args, opts)
}

// next waits for an attempt.
func (b *probe[A]) next() run[A] {
	b.t.Helper()
	return b.nextWithin(patience)
}

func (b *probe[A]) nextWithin(most time.Duration) run[A] {
	b.t.Helper()
	select {
	case r := <-b.runs:
		return r
	case <-time.After(most):
		b.t.Fatalf("the task does not run within %v", most)
		panic("unreachable")
	}
}

// none fails if there was an attempt that nobody has waited for.
func (b *probe[A]) none() {
	b.t.Helper()
	select {
	case r := <-b.runs:
		b.t.Errorf("attempt %d with %+v, unexpected", r.attempt, r.args)
	default:
	}
}

// settle waits until what was stored before has had its chance to begin: a task
// that is stored now runs. Nothing tells when an engine does not do something,
// so a moment is added for what it does side by side.
func (p *process) settle() {
	p.t.Helper()
	p.do(func(b *runtime.BackgroundTasks) { p.last.add(b, 0) })
	p.last.next()
	time.Sleep(200 * time.Millisecond)
}

// A buffer is a log that is written by many.
type buffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *buffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(text)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
