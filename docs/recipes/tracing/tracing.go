// Package tracing shows a request and its background tasks as one trace.
//
// OpenTelemetry is set up as in every program. One line makes a span for each attempt of
// a task, also for those that an engine runs in another process.
package tracing

import (
	"cmp"
	"context"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/bggen/bggen/runtime"
	bgotel "github.com/bggen/bggen/runtime/otel"
)

// Setup sends spans to an exporter, such as that of otlptracehttp. Call the function that
// it returns when Serve has returned: it sends the last spans.
func Setup(exporter sdktrace.SpanExporter) (flush func(context.Context) error) {
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{}) // or engines lose the trace
	return provider.Shutdown
}

// Handler serves the package with spans for requests and tasks.
func Handler(runner *runtime.Runner) http.Handler {
	bgotel.Instrument(runner) // before the runner is used
	mux := http.NewServeMux()
	Register(mux, runner)
	return otelhttp.NewHandler(mux, "shop", otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
		return cmp.Or(r.Pattern, r.Method)
	}))
}

// PlaceOrder places an order.
//
//bggen:route POST /orders
func PlaceOrder(bg *runtime.BackgroundTasks) { EnqueueConfirm(bg, 7) }

// Confirm mails that an order was placed.
//
//bggen:task
func Confirm(ctx context.Context, order int) {
	_, span := otel.Tracer("shop").Start(ctx, "send mail") // a child of the task's span
	defer span.End()
}
