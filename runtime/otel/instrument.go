package otel

import (
	"slices"

	"github.com/bggen/bggen/runtime"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// scope is the name under which spans and metrics are reported.
const scope = "github.com/bggen/bggen/runtime/otel"

// An Option changes what [Instrument] does.
type Option func(*settings)

type settings struct {
	tracers    trace.TracerProvider
	meters     metric.MeterProvider
	propagator propagation.TextMapPropagator
	newTrace   bool
	engines    bool
}

// WithTracerProvider is where spans go, in place of otel.GetTracerProvider().
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(s *settings) { s.tracers = p }
}

// WithMeterProvider is where metrics go, in place of otel.GetMeterProvider().
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(s *settings) { s.meters = p }
}

// WithPropagator is what carries a trace through an engine, in place of
// otel.GetTextMapPropagator().
func WithPropagator(p propagation.TextMapPropagator) Option {
	return func(s *settings) { s.propagator = p }
}

// WithNewTrace has each attempt begin a trace, which is linked to that of the
// request, unless an engine has begun one for it. It is for tasks that run long
// after their request.
func WithNewTrace() Option {
	return func(s *settings) { s.newTrace = true }
}

// WithEngines reports how many tasks wait, run and have failed in the runner's
// engines that tell ([engine.Lister]). Each collection asks them, so one
// process of several is enough.
func WithEngines() Option {
	return func(s *settings) { s.engines = true }
}

// Instrument has runner report its tasks to OpenTelemetry. Like setting the
// fields of a runner, it is done once, before the runner is used; it comes
// outermost of the functions that are in Runner.Around then, and a
// Runner.Propagator that is set goes on working. An instrument that cannot be
// made is told to the otel.ErrorHandler of the program, and missing.
func Instrument(runner *runtime.Runner, opts ...Option) {
	s := settings{
		tracers:    otel.GetTracerProvider(),
		meters:     otel.GetMeterProvider(),
		propagator: otel.GetTextMapPropagator(),
	}
	for _, opt := range opts {
		opt(&s)
	}
	m := newMetrics(s.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL)))
	m.observe(runner)
	if s.engines {
		m.observeEngines(runner)
	}
	a := &attempts{
		tracer:   s.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL)),
		newTrace: s.newTrace,
		metrics:  m,
	}
	runner.Around = slices.Insert(runner.Around, 0, a.around)
	runner.Propagator = &propagator{text: s.propagator, other: runner.Propagator}
}
