package otel_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// A telemetry is the SDK with everything in memory.
type telemetry struct {
	spans  *tracetest.InMemoryExporter
	tracer *sdktrace.TracerProvider
	reader *metric.ManualReader
	meter  *metric.MeterProvider
}

func newTelemetry(t testing.TB, opts ...sdktrace.TracerProviderOption) *telemetry {
	spans, reader := tracetest.NewInMemoryExporter(), metric.NewManualReader()
	tel := &telemetry{
		spans:  spans,
		tracer: sdktrace.NewTracerProvider(append(opts, sdktrace.WithSyncer(spans))...),
		reader: reader,
		meter:  metric.NewMeterProvider(metric.WithReader(reader)),
	}
	t.Cleanup(func() {
		tel.tracer.Shutdown(context.Background())
		tel.meter.Shutdown(context.Background())
	})
	return tel
}

// instrument has runner report to tel, and be quiet about failures, which are
// on purpose.
func (tel *telemetry) instrument(runner *runtime.Runner, opts ...otel.Option) {
	runner.Logger = slog.New(slog.DiscardHandler)
	otel.Instrument(runner, append([]otel.Option{
		otel.WithTracerProvider(tel.tracer),
		otel.WithMeterProvider(tel.meter),
		otel.WithPropagator(propagation.TraceContext{}),
	}, opts...)...)
}

// traced is next in a span, as the instrumentation of a server makes one.
func (tel *telemetry) traced(next http.Handler) http.Handler {
	tracer := tel.tracer.Tracer("server")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := tracer.Start(r.Context(), r.Method+" "+r.URL.Path, trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// do is runner.Do in a span, until all tasks have ended. It returns the span.
func (tel *telemetry) do(t testing.TB, runner *runtime.Runner, f func(*runtime.BackgroundTasks)) trace.SpanContext {
	t.Helper()
	ctx, span := tel.tracer.Tracer("server").Start(t.Context(), "request")
	err := runner.Do(ctx, func(bg *runtime.BackgroundTasks) error { f(bg); return nil })
	if err != nil {
		t.Fatal(err)
	}
	span.End()
	idle(t, runner)
	return span.SpanContext()
}

func idle(t testing.TB, runner *runtime.Runner) {
	t.Helper()
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// named are the spans of that name, in the order in which they ended.
func (tel *telemetry) named(name string) (spans []tracetest.SpanStub) {
	for _, s := range tel.spans.GetSpans() {
		if s.Name == name {
			spans = append(spans, s)
		}
	}
	return spans
}

// one is the only span of that name.
func (tel *telemetry) one(t testing.TB, name string) tracetest.SpanStub {
	t.Helper()
	spans := tel.named(name)
	if len(spans) != 1 {
		t.Fatalf("%d spans are named %q; there are %v", len(spans), name, tel.spans.GetSpans().Snapshots())
	}
	return spans[0]
}

// value is the value of an attribute as text, "" where it is missing.
func value(attrs []attribute.KeyValue, key attribute.Key) string {
	for _, a := range attrs {
		if a.Key == key {
			return a.Value.String()
		}
	}
	return ""
}

// linkedTo reports whether the only link of s is to a span.
func linkedTo(s tracetest.SpanStub, to trace.SpanContext) bool {
	return len(s.Links) == 1 && s.Links[0].SpanContext.TraceID() == to.TraceID() &&
		s.Links[0].SpanContext.SpanID() == to.SpanID()
}

// collect is what the metrics are now, by name.
func (tel *telemetry) collect(t testing.TB) map[string]metricdata.Metrics {
	t.Helper()
	var data metricdata.ResourceMetrics
	if err := tel.reader.Collect(t.Context(), &data); err != nil {
		t.Fatal(err)
	}
	found := map[string]metricdata.Metrics{}
	for _, s := range data.ScopeMetrics {
		for _, m := range s.Metrics {
			found[m.Name] = m
		}
	}
	return found
}

// sum is the values of a counter, by one of its attributes.
func sum(t testing.TB, m metricdata.Metrics, key attribute.Key) map[string]int64 {
	t.Helper()
	data, ok := m.Data.(metricdata.Sum[int64])
	if !ok {
		t.Fatalf("%s is %T", m.Name, m.Data)
	}
	values := map[string]int64{}
	for _, p := range data.DataPoints {
		values[value(p.Attributes.ToSlice(), key)] = p.Value
	}
	return values
}

// A total is how often and how much.
type total struct {
	count uint64
	sum   float64
}

// waits are the times in the queue, by task.
func (tel *telemetry) waits(t testing.TB) map[string]total {
	t.Helper()
	m, ok := tel.collect(t)["bggen.task.wait_time"]
	if !ok {
		return nil
	}
	waits := map[string]total{}
	for _, p := range points(t, m) {
		waits[value(p.Attributes.ToSlice(), "messaging.destination.name")] = total{p.Count, p.Sum}
	}
	return waits
}

// points are those of a histogram.
func points(t testing.TB, m metricdata.Metrics) []metricdata.HistogramDataPoint[float64] {
	t.Helper()
	data, ok := m.Data.(metricdata.Histogram[float64])
	if !ok {
		t.Fatalf("%s is %T", m.Name, m.Data)
	}
	return data.DataPoints
}
