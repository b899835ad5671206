package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	goruntime "runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
)

type lineArgs struct{ Line string }

// callOf is a call of a task as an engine stores it.
func callOf(name string, attempts int) engine.Call {
	return engine.Call{ID: "id", Name: name, Args: json.RawMessage(`{"Line":"x"}`), Attempts: attempts}
}

// registered is a runner that knows the task test.line.
func registered(runner *runtime.Runner, run func(context.Context, lineArgs) error) *runtime.Runner {
	adapter.NewTaskDef[lineArgs]("test.line").Register(runner, run)
	return runner
}

func TestRunCall(t *testing.T) {
	var reports []runtime.TaskInfo
	fails := errOnPurpose
	runner := registered(&runtime.Runner{Logger: quiet, OnError: func(_ context.Context, info runtime.TaskInfo, _ error) {
		reports = append(reports, info)
	}}, func(ctx context.Context, args lineArgs) error {
		info, _ := runtime.InfoOf(ctx)
		if args.Line != "x" || info.ID != "id" || info.Name != "test.line" || info.Handler != "shop.Order" || info.Attempt != 1+engine.AttemptsBefore(ctx) {
			t.Errorf("%+v, %+v", args, info)
		}
		return fails
	})
	call := callOf("test.line", 3)
	call.Meta = map[string]string{engine.MetaHandler: "shop.Order"}
	for i, want := range []runtime.Stats{{Retried: 1}, {Retried: 2}, {Retried: 2, Ran: 1, Failed: 1}} {
		err := runner.RunCall(engine.WithAttemptsBefore(t.Context(), i), call)
		if s := runner.Stats(); !errors.Is(err, errOnPurpose) || s != want {
			t.Errorf("attempt %d: %v, %+v", i+1, err, s)
		}
	}
	if len(reports) != 3 || reports[1].RetryIn != 1 || reports[2].RetryIn != 0 || reports[2].Attempt != 3 || reports[2].ID != "id" || reports[2].Handler != "shop.Order" {
		t.Errorf("the reports are %+v", reports)
	}
	fails = nil
	if err := runner.RunCall(t.Context(), call); err != nil || runner.Stats().Ran != 2 {
		t.Errorf("%v, %+v", err, runner.Stats())
	}
	call.Args = json.RawMessage(`{"Line":1}`)
	if err := runner.RunCall(t.Context(), call); !engine.IsPermanent(err) {
		t.Errorf("of arguments that do not fit the error is %v", err)
	}
	if err := runner.RunCall(t.Context(), callOf("test.unknown", 3)); !errors.Is(err, engine.ErrUnknownTask) || engine.IsPermanent(err) {
		t.Errorf("of an unknown task the error is %v", err)
	}
}

func TestRunCallOfAPanicAndAnExit(t *testing.T) {
	runner := registered(&runtime.Runner{Logger: quiet}, func(ctx context.Context, _ lineArgs) error {
		if engine.AttemptsBefore(ctx) == 0 {
			panic(errOnPurpose)
		}
		goruntime.Goexit()
		return nil
	})
	var panicked *runtime.PanicError
	if err := runner.RunCall(t.Context(), callOf("test.line", 1)); !errors.As(err, &panicked) || panicked.Value != errOnPurpose {
		t.Errorf("of a panic the error is %v", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runner.RunCall(engine.WithAttemptsBefore(t.Context(), 1), callOf("test.line", 1))
	}()
	<-done
	if s := runner.Stats(); s.Ran != 2 || s.Failed != 2 {
		t.Errorf("%+v", s)
	}
}

// A call that is interrupted by the end of the process has not failed.
func TestRunCallThatIsStopped(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	runner := registered(&runtime.Runner{Logger: quiet}, func(ctx context.Context, _ lineArgs) error {
		stop(engine.ErrStopped)
		<-ctx.Done()
		return ctx.Err()
	})
	if err := runner.RunCall(ctx, callOf("test.line", 1)); err == nil {
		t.Error("it succeeded")
	}
	if s := runner.Stats(); s.Ran != 0 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}

// limit= bounds calls of an engine and tasks of this process together.
func TestLimitOfCalls(t *testing.T) {
	inBubble(t, &runtime.Runner{}, func(t *testing.T, runner *runtime.Runner) {
		release := make(chan struct{})
		running, most := 0, 0
		def := limited(runner, func(context.Context, noArgs) error {
			running++
			most = max(most, running)
			<-release
			running--
			return nil
		})
		done := make(chan error, 5)
		call := engine.Call{Name: "test.limited", Args: json.RawMessage(`{}`), Attempts: 1}
		for range 4 {
			go func() { done <- runner.RunCall(t.Context(), call) }()
			synctest.Wait()
		}
		get(adds(runner, func(bg *runtime.BackgroundTasks) { def.Enqueue(bg, noArgs{}, nil) }))
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { done <- runner.RunCall(ctx, call) }()
		synctest.Wait()
		cancel(errOnPurpose)
		if err := <-done; err != errOnPurpose {
			t.Errorf("one that gave up waiting returned %v", err)
		}
		for range 5 {
			release <- struct{}{}
			synctest.Wait()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if most != 2 {
			t.Errorf("%d ran at once", most)
		}
	})
}

// A process whose tasks were not registered would wait without a word, for ever.
func TestWorkWithoutTasks(t *testing.T) {
	if err := runtime.Work(t.Context(), new(runtime.Runner)); err == nil || !strings.Contains(err.Error(), "RegisterTasks") {
		t.Errorf("%v", err)
	}
}
