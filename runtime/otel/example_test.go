package otel_test

import (
	"context"
	"log"
	"net/http"

	"github.com/bggen/bggen/examples/notify/notify"
	"github.com/bggen/bggen/runtime"
	bgotel "github.com/bggen/bggen/runtime/otel"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// A program sets up OpenTelemetry as ever; one line shows its tasks. The spans
// of requests come from an instrumentation of net/http around the mux: otelhttp,
// for one.
func Example() {
	otel.SetTracerProvider(sdktrace.NewTracerProvider( /* sdktrace.WithBatcher(exporter) */ ))
	otel.SetMeterProvider(sdkmetric.NewMeterProvider( /* sdkmetric.WithReader(reader) */ ))
	otel.SetTextMapPropagator(propagation.TraceContext{})

	var runner runtime.Runner
	bgotel.Instrument(&runner)
	mux := http.NewServeMux()
	notify.Register(mux, &runner)
	server := &http.Server{Addr: ":8080", Handler: mux} // otelhttp.NewHandler(mux, "notify")
	if err := runtime.Serve(context.Background(), server, &runner); err != nil {
		log.Fatal(err)
	}
}
