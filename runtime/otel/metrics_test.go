package otel_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// none is no attribute.
const none attribute.Key = ""

// The durations of attempts, by task and by what went wrong.
func TestDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry(t)
		var runner runtime.Runner
		tel.instrument(&runner)
		tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
			bg.Add(func(context.Context) error { time.Sleep(2 * time.Second); return nil }, runtime.Named("mail"))
			bg.Add(func(context.Context) error { time.Sleep(3 * time.Second); return nil }, runtime.Named("mail"))
			bg.Add(func(context.Context) error { time.Sleep(time.Second); return errNoStock{errors.New("no")} }, runtime.Named("mail"), runtime.Attempts(2))
			bg.Add(explode, runtime.Named("bomb"))
		})
		m := tel.collect(t)["messaging.process.duration"]
		if m.Unit != "s" {
			t.Errorf("the unit is %q", m.Unit)
		}
		got := map[string]total{}
		for _, p := range points(t, m) {
			attrs := p.Attributes.ToSlice()
			if value(attrs, "messaging.system") != "bggen" || value(attrs, "messaging.operation.name") != "run" || value(attrs, "messaging.operation.type") != "process" {
				t.Errorf("the attributes are %v", attrs)
			}
			if !slices.Equal(p.Bounds, []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}) {
				t.Errorf("the buckets are %v", p.Bounds)
			}
			if len(p.Exemplars) == 0 {
				t.Error("no exemplar leads to a span")
			}
			got[value(attrs, "messaging.destination.name")+" "+value(attrs, "error.type")] = total{p.Count, p.Sum}
		}
		want := map[string]total{
			"mail ": {2, 5},
			"mail github.com/bggen/bggen/runtime/otel_test.errNoStock": {2, 2},
			"bomb panic": {1, 0},
		}
		if !maps.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// The duration is that of the span, to the nanosecond, as the conventions want.
func TestDurationOfSpan(t *testing.T) {
	tel := newTelemetry(t)
	var runner runtime.Runner
	tel.instrument(&runner)
	tel.do(t, &runner, func(bg *runtime.BackgroundTasks) { bg.Add(nothing, runtime.Named("mail")) })
	s := tel.one(t, "run mail")
	p := points(t, tel.collect(t)["messaging.process.duration"])
	if want := s.EndTime.Sub(s.StartTime).Seconds(); len(p) != 1 || p[0].Sum != want {
		t.Errorf("the duration is %+v, want %v", p, want)
	}
}

// A wait ends the delay, and has the tasks before in the line; not those before
// a task was added.
func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry(t)
		var runner runtime.Runner
		tel.instrument(&runner)
		tel.do(t, &runner, func(bg *runtime.BackgroundTasks) {
			time.Sleep(time.Minute) // the request
			second := func(context.Context) error { time.Sleep(time.Second); return nil }
			bg.Add(second, runtime.Named("first"))
			bg.Add(func(ctx context.Context) error {
				bg.Add(second, runtime.Named("third"))
				return second(ctx)
			}, runtime.Named("second"))
			bg.Add(second, runtime.Named("later"), runtime.Delay(time.Hour))
			n := 0
			bg.Add(func(context.Context) error {
				if n++; n == 1 {
					return runtime.RetryAfter(errors.New("no"), time.Hour)
				}
				return nil
			}, runtime.Named("again"), runtime.Attempts(2), runtime.Unordered())
		})
		want := map[string]total{"first": {1, 0}, "second": {1, 1}, "third": {1, 1}, "later": {1, 0}, "again": {2, 0}}
		if got := tel.waits(t); !maps.Equal(got, want) {
			t.Errorf("the waits are %v, want %v", got, want)
		}
	})
}

// What the runner does, while it does it and afterwards.
func TestStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry(t)
		runner := runtime.Runner{Workers: 1}
		tel.instrument(&runner)
		hold := make(chan struct{})
		add := func(f func(context.Context) error, opts ...runtime.TaskOption) {
			err := runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error { bg.Add(f, opts...); return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		add(func(context.Context) error { return errors.New("no") }, runtime.Attempts(2))
		synctest.Wait() // its second attempt is delayed now
		add(func(context.Context) error { <-hold; return nil })
		add(nothing)
		add(nothing)
		synctest.Wait()

		check := func(when string, active, slots int64, batches, tasks map[string]int64) {
			t.Helper()
			m := tel.collect(t)
			for _, name := range []string{"bggen.task.active", "bggen.runner.slot.count", "bggen.runner.batch.count"} {
				if m[name].Data.(metricdata.Sum[int64]).IsMonotonic {
					t.Errorf("%s: %s only goes up", when, name)
				}
			}
			if got := sum(t, m["bggen.task.active"], none)[""]; got != active {
				t.Errorf("%s: %d active, want %d", when, got, active)
			}
			if got := sum(t, m["bggen.runner.slot.count"], none)[""]; got != slots {
				t.Errorf("%s: %d slots, want %d", when, got, slots)
			}
			if got := sum(t, m["bggen.runner.batch.count"], "bggen.batch.state"); !maps.Equal(got, batches) {
				t.Errorf("%s: batches %v, want %v", when, got, batches)
			}
			for what, want := range tasks {
				if got := sum(t, m["bggen.runner.task."+what], none)[""]; got != want {
					t.Errorf("%s: %d %s, want %d", when, got, what, want)
				}
			}
		}
		check("while it runs", 1, 3, // the one that is delayed takes none
			map[string]int64{"running": 1, "waiting": 2, "delayed": 1},
			map[string]int64{"ended": 0, "failed": 0, "retried": 1})
		close(hold)
		idle(t, &runner)
		check("afterwards", 0, 0,
			map[string]int64{"running": 0, "waiting": 0, "delayed": 0},
			map[string]int64{"ended": 4, "failed": 1, "retried": 1})
	})
}

// Two runners of a program add up.
func TestTwoRunners(t *testing.T) {
	tel := newTelemetry(t)
	var one, two runtime.Runner
	tel.instrument(&one)
	tel.instrument(&two)
	for _, runner := range []*runtime.Runner{&one, &two} {
		tel.do(t, runner, func(bg *runtime.BackgroundTasks) { bg.Add(nothing, runtime.Named("mail")) })
	}
	m := tel.collect(t)
	if got := sum(t, m["bggen.runner.task.ended"], none)[""]; got != 2 {
		t.Errorf("%d tasks have ended, want 2", got)
	}
	if p := points(t, m["messaging.process.duration"]); len(p) != 1 || p[0].Count != 2 {
		t.Errorf("the durations are %+v, want two", p)
	}
}
