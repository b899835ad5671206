package otel_test

import (
	"context"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/otel"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// BenchmarkTask is what a task that does nothing costs, from a request with a
// span of its own to its end: without this package, and with it, where traces
// and metrics go nowhere, to one of them, or to both.
func BenchmarkTask(b *testing.B) {
	// A recorder whose spans nobody exports: what exporting costs is not ours.
	recorded := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(ignore{}))
	unsampled := sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()))
	measured := metric.NewMeterProvider(metric.WithReader(metric.NewManualReader()))
	noTrace := otel.WithTracerProvider(tracenoop.NewTracerProvider())
	noMetrics := otel.WithMeterProvider(metricnoop.NewMeterProvider())
	toMetrics := otel.WithMeterProvider(measured)
	for _, c := range []struct {
		name string
		opts []otel.Option
	}{
		{"without", nil},
		{"noop", []otel.Option{noTrace, noMetrics}},
		{"metrics", []otel.Option{noTrace, toMetrics}},
		{"metrics, not sampled", []otel.Option{otel.WithTracerProvider(unsampled), toMetrics}},
		{"spans", []otel.Option{otel.WithTracerProvider(recorded), noMetrics}},
		{"spans and metrics", []otel.Option{otel.WithTracerProvider(recorded), toMetrics}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			runner := &runtime.Runner{Queue: 1 << 30}
			if c.opts != nil {
				otel.Instrument(runner, c.opts...)
			}
			ctx, span := recorded.Tracer("server").Start(context.Background(), "request")
			defer span.End()
			for b.Loop() {
				if err := runner.Do(ctx, addMail); err != nil {
					b.Fatal(err)
				}
			}
			if err := runner.Idle(ctx); err != nil {
				b.Fatal(err)
			}
		})
	}
}

var named = runtime.Named("mail")

func addMail(bg *runtime.BackgroundTasks) error {
	bg.Add(nothing, named)
	return nil
}

// ignore is a processor that wants spans recorded, and drops them.
type ignore struct{}

func (ignore) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (ignore) OnEnd(sdktrace.ReadOnlySpan)                     {}
func (ignore) Shutdown(context.Context) error                  { return nil }
func (ignore) ForceFlush(context.Context) error                { return nil }
