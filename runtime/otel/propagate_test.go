package otel_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/otel"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// A store is an engine that keeps calls as text, as one in another process
// would find them.
type store struct{ texts [][]byte }

func (s *store) Enqueue(_ context.Context, calls []engine.Call) error {
	for _, c := range calls {
		text, err := json.Marshal(c)
		if err != nil {
			return err
		}
		s.texts = append(s.texts, text)
	}
	return nil
}

// take returns the calls that are stored.
func (s *store) take(t *testing.T) (calls []engine.Call) {
	t.Helper()
	for _, text := range s.texts {
		var c engine.Call
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		calls = append(calls, c)
	}
	s.texts = nil
	return calls
}

type mail struct{ To string }

var mailTask = adapter.NewTaskDef[mail]("shop.Mail", runtime.Attempts(2))

// enqueue adds a mail, in a request with a span, and returns the call as it was
// stored.
func enqueue(t *testing.T, tel *telemetry, opts ...otel.Option) (engine.Call, trace.SpanContext) {
	t.Helper()
	engine := &store{}
	runner := runtime.Runner{Engine: engine}
	tel.instrument(&runner, opts...)
	mailTask.Register(&runner, func(context.Context, mail) error { return errors.New("not here") })
	request := tel.do(t, &runner, func(bg *runtime.BackgroundTasks) { mailTask.Enqueue(bg, mail{"ann"}, nil) })
	calls := engine.take(t)
	if len(calls) != 1 {
		t.Fatalf("%d calls are stored", len(calls))
	}
	return calls[0], request
}

// worker is a runner, of another process, that runs mails with run.
func worker(tel *telemetry, run func(context.Context) error, opts ...otel.Option) *runtime.Runner {
	runner := &runtime.Runner{Engine: &store{}}
	tel.instrument(runner, opts...)
	mailTask.Register(runner, func(ctx context.Context, _ mail) error { return run(ctx) })
	return runner
}

func nothing(context.Context) error { return nil }

// The trace goes through an engine, to each attempt; the time in the queue is
// that until the first one.
func TestEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry(t)
		call, request := enqueue(t, tel)
		fails := errors.New("no connection")
		w := worker(tel, func(context.Context) error { err := fails; fails = nil; return err })
		time.Sleep(3 * time.Second)
		if err := w.RunCall(t.Context(), call); err == nil {
			t.Fatal("the first attempt succeeded")
		}
		time.Sleep(time.Hour)
		if err := w.RunCall(engine.WithAttemptsBefore(t.Context(), 1), call); err != nil {
			t.Fatal(err)
		}
		spans := tel.named("run shop.Mail")
		if len(spans) != 2 {
			t.Fatalf("%d spans, want 2", len(spans))
		}
		for i, s := range spans {
			if s.SpanContext.TraceID() != request.TraceID() || s.Parent.SpanID() != request.SpanID() || !s.Parent.IsRemote() || !linkedTo(s, request) {
				t.Errorf("attempt %d: parent %v, links %v", i+1, s.Parent, s.Links)
			}
			if got := value(s.Attributes, "messaging.bggen.attempt"); got != string(rune('1'+i)) {
				t.Errorf("attempt %d says it is %s", i+1, got)
			}
			if got := value(s.Attributes, "messaging.message.id"); got != call.ID {
				t.Errorf("attempt %d has the id %q, want %q", i+1, got, call.ID)
			}
			if failed := value(s.Attributes, "error.type") != ""; failed != (i == 0) {
				t.Errorf("attempt %d has %v", i+1, s.Attributes)
			}
		}
		if wait := tel.waits(t)["shop.Mail"]; wait != (total{1, 3}) {
			t.Errorf("the wait is %v, want 3 s once", wait)
		}
		m := tel.collect(t)
		for what, want := range map[string]int64{"ended": 1, "failed": 0, "retried": 1} {
			if got := sum(t, m["bggen.runner.task."+what], none)[""]; got != want {
				t.Errorf("%d %s, want %d", got, what, want)
			}
		}
	})
}

// A delay is no wait.
func TestEngineDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry(t)
		call, _ := enqueue(t, tel)
		call.At = time.Now().Add(time.Hour)
		time.Sleep(time.Hour + 2*time.Second)
		if err := worker(tel, nothing).RunCall(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if wait := tel.waits(t)["shop.Mail"]; wait != (total{1, 2}) {
			t.Errorf("the wait is %v, want 2 s once", wait)
		}
	})
}

// A span that the engine has around the call is the parent, and the request is
// linked.
func TestEngineWithSpan(t *testing.T) {
	for name, opts := range map[string][]otel.Option{"": nil, "new trace": {otel.WithNewTrace()}} {
		t.Run(name, func(t *testing.T) {
			tel := newTelemetry(t)
			call, request := enqueue(t, tel)
			ctx, span := tel.tracer.Tracer("engine").Start(t.Context(), "work")
			if err := worker(tel, nothing, opts...).RunCall(ctx, call); err != nil {
				t.Fatal(err)
			}
			span.End()
			if s := tel.one(t, "run shop.Mail"); s.Parent.SpanID() != span.SpanContext().SpanID() || !linkedTo(s, request) {
				t.Errorf("parent %v, links %v", s.Parent, s.Links)
			}
		})
	}
}

// A span that the engine has is not taken for the request's where nothing was
// carried.
func TestEngineWithSpanAlone(t *testing.T) {
	tel := newTelemetry(t)
	call, _ := enqueue(t, tel)
	call.Meta = nil
	ctx, span := tel.tracer.Tracer("engine").Start(t.Context(), "work")
	if err := worker(tel, nothing).RunCall(ctx, call); err != nil {
		t.Fatal(err)
	}
	span.End()
	if s := tel.one(t, "run shop.Mail"); s.Parent.SpanID() != span.SpanContext().SpanID() || len(s.Links) != 0 {
		t.Errorf("parent %v, links %v", s.Parent, s.Links)
	}
}

// A call with nothing of ours in it, from a program that is not instrumented,
// begins a trace.
func TestEngineNothingCarried(t *testing.T) {
	tel := newTelemetry(t)
	call, _ := enqueue(t, tel)
	for _, meta := range []map[string]string{nil, {"traceparent": "nonsense", "bggen-enqueued-at": "nonsense"}} {
		tel.spans.Reset()
		call.Meta = meta
		if err := worker(tel, nothing).RunCall(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if s := tel.one(t, "run shop.Mail"); s.Parent.IsValid() || len(s.Links) != 0 {
			t.Errorf("%v: parent %v, links %v", meta, s.Parent, s.Links)
		}
	}
	if waits := tel.waits(t); len(waits) != 0 {
		t.Errorf("the waits are %v", waits)
	}
}

// The clock of another machine may be ahead.
func TestEngineClock(t *testing.T) {
	tel := newTelemetry(t)
	call, _ := enqueue(t, tel)
	call.Meta["bggen-enqueued-at"] = time.Now().Add(time.Hour).Format(time.RFC3339)
	if err := worker(tel, nothing).RunCall(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if wait := tel.waits(t)["shop.Mail"]; wait != (total{1, 0}) {
		t.Errorf("the wait is %v, want 0", wait)
	}
}

// What a task of an engine adds, here or in an engine, is linked to the request
// that began it all; and has waits of its own.
func TestEngineTaskOfTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry(t)
		call, request := enqueue(t, tel)
		w := worker(tel, func(ctx context.Context) error {
			bg := runtime.FromContext(ctx)
			bg.Add(nothing, runtime.Named("local"))
			mailTask.Enqueue(bg, mail{"bob"}, nil)
			return nil
		})
		time.Sleep(time.Hour)
		if err := w.RunCall(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		idle(t, w)
		second := w.Engine.(*store).take(t)
		if len(second) != 1 {
			t.Fatalf("%d calls are stored", len(second))
		}
		time.Sleep(time.Minute)
		if err := worker(tel, nothing).RunCall(t.Context(), second[0]); err != nil {
			t.Fatal(err)
		}
		spans := append(tel.named("run local"), tel.named("run shop.Mail")...)
		if len(spans) != 3 {
			t.Fatalf("%d spans, want 3", len(spans))
		}
		for _, s := range spans {
			if s.Parent.SpanID() != request.SpanID() || !linkedTo(s, request) {
				t.Errorf("%s: parent %v, links %v", s.Name, s.Parent, s.Links)
			}
		}
		waits := tel.waits(t)
		if got, want := waits["shop.Mail"], (total{2, 3660}); got != want {
			t.Errorf("the waits in the engine are %v, want %v", got, want)
		}
		if local := waits["local"]; local.sum != 0 {
			t.Errorf("the task that did not go through the engine waited %v", local)
		}
	})
}

type tenantKey struct{}

// tenants carries something of the program's own.
type tenants struct{}

func (tenants) Inject(context.Context) map[string]string {
	return map[string]string{"tenant": "acme"}
}

func (tenants) Extract(ctx context.Context, meta map[string]string) context.Context {
	return context.WithValue(ctx, tenantKey{}, meta["tenant"])
}

// The propagator that a runner had goes on working, and baggage is carried where
// the program wants that.
func TestOtherPropagator(t *testing.T) {
	tel := newTelemetry(t)
	both := otel.WithPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	runner := runtime.Runner{Engine: &store{}, Propagator: tenants{}}
	tel.instrument(&runner, both)
	var tenant, plan string
	mailTask.Register(&runner, func(ctx context.Context, _ mail) error {
		tenant, _ = ctx.Value(tenantKey{}).(string)
		plan = baggage.FromContext(ctx).Member("plan").Value()
		return nil
	})
	member, _ := baggage.NewMember("plan", "gold")
	bag, _ := baggage.New(member)
	ctx, span := tel.tracer.Tracer("server").Start(baggage.ContextWithBaggage(t.Context(), bag), "request")
	err := runner.Do(ctx, func(bg *runtime.BackgroundTasks) error {
		mailTask.Enqueue(bg, mail{"ann"}, nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	span.End()
	call := runner.Engine.(*store).take(t)[0]
	if keys := slices.Sorted(maps.Keys(call.Meta)); !slices.Equal(keys, []string{"baggage", "bggen-enqueued-at", engine.MetaHandler, "tenant", "traceparent"}) {
		t.Errorf("the call carries %v", keys)
	}
	if err := runner.RunCall(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if tenant != "acme" || plan != "gold" {
		t.Errorf("tenant %q, plan %q", tenant, plan)
	}
	if s := tel.one(t, "run shop.Mail"); !linkedTo(s, span.SpanContext()) {
		t.Errorf("the links are %v", s.Links)
	}
}
