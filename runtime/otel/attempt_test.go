package otel_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/examples/notify/notify"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/otel"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// A request of the tutorial and its tasks are one trace.
func TestTutorial(t *testing.T) {
	t.Chdir(t.TempDir())
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner)
	mux := http.NewServeMux()
	notify.Register(mux, &runner)
	server := httptest.NewUnstartedServer(tel.traced(mux))
	runner.Attach(server.Config)
	server.Start()
	defer server.Close()
	resp, err := http.Post(server.URL+"/send-notification/ann@example.com?q=gophers", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	idle(t, &runner)

	request := tel.one(t, "POST /send-notification/ann@example.com")
	const task = "github.com/bggen/bggen/examples/notify/notify.WriteLog"
	spans := tel.named("run " + task)
	if len(spans) != 2 {
		t.Fatalf("%d spans of tasks, want 2", len(spans))
	}
	for i, s := range spans {
		if s.SpanContext.TraceID() != request.SpanContext.TraceID() || s.Parent.SpanID() != request.SpanContext.SpanID() {
			t.Errorf("task %d is not a child of the request: trace %s, parent %s", i, s.SpanContext.TraceID(), s.Parent.SpanID())
		}
		if !linkedTo(s, request.SpanContext) {
			t.Errorf("task %d has the links %v, want one to the request", i, s.Links)
		}
		if s.SpanKind != trace.SpanKindConsumer || s.Status.Code != codes.Unset || len(s.Events) != 0 {
			t.Errorf("task %d: %v, %v, %v", i, s.SpanKind, s.Status, s.Events)
		}
		if s.StartTime.Before(request.EndTime) {
			t.Errorf("task %d began before the handler had returned", i)
		}
		var attrs []string
		for _, a := range s.Attributes {
			attrs = append(attrs, string(a.Key)+"="+a.Value.String())
		}
		want := []string{
			"messaging.system=bggen",
			"messaging.operation.name=run",
			"messaging.operation.type=process",
			"messaging.destination.name=" + task,
			"messaging.bggen.attempt=1",
			"messaging.bggen.handler=notify.SendNotification",
		}
		if strings.Join(attrs, "\n") != strings.Join(want, "\n") {
			t.Errorf("task %d has the attributes %q, want %q", i, attrs, want)
		}
	}
}

// A task whose id was written down has it in its span.
func TestID(t *testing.T) {
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner)
	mailTask.Register(&runner, func(context.Context, mail) error { return nil })
	var id string
	tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
		mailTask.Enqueue(bg, mail{"ann"}, nil)
		id = mailTask.Enqueue(bg, mail{"bob"}, nil).String()
	})
	spans := tel.named("run shop.Mail")
	if len(spans) != 2 {
		t.Fatalf("%d spans, want 2", len(spans))
	}
	for i, want := range []string{"", id} {
		if got := value(spans[i].Attributes, "messaging.message.id"); got != want {
			t.Errorf("span %d has the id %q, want %q", i, got, want)
		}
	}
}

// What a task calls is below its own span, and not below the request's.
func TestSpanInTask(t *testing.T) {
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner)
	tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
		bg.Add(func(ctx context.Context) error {
			_, span := tel.tracer.Tracer("client").Start(ctx, "query")
			span.End()
			return nil
		}, runtime.Named("report"))
	})
	if query, run := tel.one(t, "query"), tel.one(t, "run report"); query.Parent.SpanID() != run.SpanContext.SpanID() {
		t.Errorf("the parent of the query is %s, want %s", query.Parent.SpanID(), run.SpanContext.SpanID())
	}
}

// A task that a task adds belongs to the request, too.
func TestTaskOfTask(t *testing.T) {
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner)
	request := tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error {
			bg.Add(func(context.Context) error { return nil }, runtime.Named("inner"))
			return nil
		}, runtime.Named("outer"))
	})
	if s := tel.one(t, "run inner"); s.Parent.SpanID() != request.SpanID() || !linkedTo(s, request) {
		t.Errorf("the inner task's parent is %s, its links are %v, want %s", s.Parent.SpanID(), s.Links, request.SpanID())
	}
}

// Each attempt is a span; those that fail say why.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry(t)
		var runner runtime.Runner
		tel.instrument(&runner)
		n := 0
		request := tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(func(context.Context) error {
				if n++; n < 3 {
					time.Sleep(time.Second)
					return runtime.RetryAfter(fmt.Errorf("attempt %d: %w", n, context.DeadlineExceeded), time.Hour)
				}
				return nil
			}, runtime.Named("mail"), runtime.Attempts(5))
		})
		spans := tel.named("run mail")
		if len(spans) != 3 {
			t.Fatalf("%d spans, want 3", len(spans))
		}
		for i, s := range spans {
			if got := value(s.Attributes, "messaging.bggen.attempt"); got != fmt.Sprint(i+1) {
				t.Errorf("span %d is of attempt %s", i, got)
			}
			if s.Parent.SpanID() != request.SpanID() || !linkedTo(s, request) {
				t.Errorf("attempt %d is not the request's", i+1)
			}
			if i == 2 {
				if s.Status.Code != codes.Unset || len(s.Events) != 0 {
					t.Errorf("the last attempt has %v and %v", s.Status, s.Events)
				}
				continue
			}
			message := fmt.Sprintf("attempt %d: context deadline exceeded", i+1)
			if s.Status.Code != codes.Error || s.Status.Description != message {
				t.Errorf("attempt %d has the status %v", i+1, s.Status)
			}
			if got := value(s.Attributes, "error.type"); got != "context.deadlineExceededError" {
				t.Errorf("attempt %d has the error.type %q", i+1, got)
			}
			if len(s.Events) != 1 || s.Events[0].Name != "exception" || value(s.Events[0].Attributes, "exception.message") != message {
				t.Errorf("attempt %d has the events %v", i+1, s.Events)
			}
			if d := s.EndTime.Sub(s.StartTime); d != time.Second {
				t.Errorf("attempt %d took %v", i+1, d)
			}
		}
	})
}

// A panic is recorded with its stack, and the runner reports it as ever.
func TestPanic(t *testing.T) {
	tel := newTelemetry(t)
	reported := make(chan error, 1)
	runner := runtime.Runner{OnError: func(_ context.Context, _ runtime.TaskInfo, err error) { reported <- err }}
	tel.instrument(&runner)
	tel.do(t, &runner, func(bg *runtime.BackgroundTasks) { bg.Add(explode, runtime.Named("bomb")) })
	s := tel.one(t, "run bomb")
	if s.Status.Code != codes.Error || s.Status.Description != "panic: boom" || value(s.Attributes, "error.type") != "panic" {
		t.Errorf("%v, %v", s.Status, s.Attributes)
	}
	if len(s.Events) != 1 {
		t.Fatalf("the events are %v", s.Events)
	}
	e := s.Events[0].Attributes
	if value(e, "exception.type") != "string" || value(e, "exception.message") != "boom" || !strings.Contains(value(e, "exception.stacktrace"), "explode") {
		t.Errorf("the exception is %v", e)
	}
	p, ok := (<-reported).(*runtime.PanicError)
	if !ok {
		t.Fatal("the runner reports no panic")
	}
	if p.Value != "boom" || !strings.Contains(string(p.Stack), "explode") {
		t.Errorf("the runner reports %v, and the stack %s", p, p.Stack)
	}
}

func explode(context.Context) error { panic("boom") }

// A task that ends its goroutine has a span that ends.
func TestGoexit(t *testing.T) {
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner)
	tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error { goruntime.Goexit(); return nil }, runtime.Named("quits"))
		bg.Add(func(context.Context) error { return nil }, runtime.Named("next"))
	})
	if s := tel.one(t, "run quits"); s.Status.Code != codes.Error || value(s.Attributes, "error.type") != "goexit" {
		t.Errorf("%v, %v", s.Status, s.Attributes)
	}
	tel.one(t, "run next")
}

type errNoStock struct{ error }

type errCoded struct{ error }

func (errCoded) ErrorType() string { return "out_of_stock" }

// error.type names what has happened, and not what is to be done about it.
func TestErrorType(t *testing.T) {
	plain := errors.New("none left")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"plain":     {plain, "*errors.errorString"},
		"own":       {errNoStock{plain}, "github.com/bggen/bggen/runtime/otel_test.errNoStock"},
		"coded":     {fmt.Errorf("order: %w", errCoded{plain}), "out_of_stock"},
		"permanent": {runtime.Permanent(errNoStock{plain}), "github.com/bggen/bggen/runtime/otel_test.errNoStock"},
		"wrapped":   {fmt.Errorf("order: %w", runtime.Permanent(errNoStock{plain})), "github.com/bggen/bggen/runtime/otel_test.errNoStock"},
		"joined":    {errors.Join(runtime.Permanent(plain)), "*errors.joinError"},
	} {
		t.Run(name, func(t *testing.T) {
			tel := newTelemetry(t)
			var runner runtime.Runner
			tel.instrument(&runner)
			tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
				bg.Add(func(context.Context) error { return c.err }, runtime.Named("sell"))
			})
			s := tel.one(t, "run sell")
			if got := value(s.Attributes, "error.type"); got != c.want {
				t.Errorf("error.type is %q, want %q", got, c.want)
			}
			if got := value(s.Events[0].Attributes, "exception.message"); got != c.err.Error() {
				t.Errorf("the message is %q, want %q", got, c.err)
			}
		})
	}
}

// With an own trace for each attempt, the link is what leads to the request.
func TestNewTrace(t *testing.T) {
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner, otel.WithNewTrace())
	request := tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error { return nil }, runtime.Named("mail"))
	})
	s := tel.one(t, "run mail")
	if s.SpanContext.TraceID() == request.TraceID() || s.Parent.IsValid() || !linkedTo(s, request) {
		t.Errorf("trace %s, parent %v, links %v", s.SpanContext.TraceID(), s.Parent, s.Links)
	}
}

// Work that begins without a span begins a trace, and is linked to nothing.
func TestNoRequest(t *testing.T) {
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner)
	err := runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error {
		bg.Add(func(context.Context) error { return nil }, runtime.Named("nightly"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	idle(t, &runner)
	if s := tel.one(t, "run nightly"); s.Parent.IsValid() || len(s.Links) != 0 {
		t.Errorf("parent %v, links %v", s.Parent, s.Links)
	}
}

// A request that is not sampled has tasks that are not.
func TestNotSampled(t *testing.T) {
	tel := newTelemetry(t, sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.NeverSample())))
	var runner runtime.Runner
	tel.instrument(&runner)
	tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error { return errors.New("no") }, runtime.Named("mail"))
	})
	if spans := tel.spans.GetSpans(); len(spans) != 0 {
		t.Errorf("there are %d spans", len(spans))
	}
	if points(t, tel.collect(t)["messaging.process.duration"])[0].Count != 1 {
		t.Error("the metrics lack the attempt")
	}
}

// The functions that a runner has around its tasks are in the span.
func TestOutermost(t *testing.T) {
	tel := newTelemetry(t)
	var seen trace.SpanContext
	runner := runtime.Runner{Around: []func(runtime.TaskFunc) runtime.TaskFunc{
		func(run runtime.TaskFunc) runtime.TaskFunc {
			return func(ctx context.Context) error {
				seen = trace.SpanContextFromContext(ctx)
				return run(ctx)
			}
		},
	}}
	tel.instrument(&runner)
	tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error { return nil }, runtime.Named("mail"))
	})
	if s := tel.one(t, "run mail"); !s.SpanContext.Equal(seen) {
		t.Errorf("the span is %v, want %v", seen.SpanID(), s.SpanContext.SpanID())
	}
}
