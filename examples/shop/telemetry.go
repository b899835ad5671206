package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"github.com/bggen/bggen/runtime"
	bgotel "github.com/bggen/bggen/runtime/otel"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// instrument has requests and tasks reported to the collector of -otlp, if there
// is one: as spans of one trace, though another process may run the tasks, and
// as metrics. traced wraps the handler of all requests; flush sends what is left.
func (c config) instrument(ctx context.Context, runner *runtime.Runner) (traced func(http.Handler) http.Handler, flush func(), err error) {
	if c.otlp == "" {
		return func(h http.Handler) http.Handler { return h }, func() {}, nil
	}
	address, err := url.Parse(c.otlp)
	if err != nil || address.Host == "" {
		return nil, nil, fmt.Errorf("-otlp %s: expected an address like http://localhost:4318", c.otlp)
	}
	spans, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address.JoinPath("v1/traces").String()))
	if err != nil {
		return nil, nil, err
	}
	numbers, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(address.JoinPath("v1/metrics").String()))
	if err != nil {
		return nil, nil, err
	}
	about := resource.NewSchemaless(semconv.ServiceName("shop-" + c.role))
	tracers := trace.NewTracerProvider(trace.WithBatcher(spans), trace.WithResource(about))
	meters := metric.NewMeterProvider(metric.WithReader(metric.NewPeriodicReader(numbers)), metric.WithResource(about))
	otel.SetTracerProvider(tracers)
	otel.SetMeterProvider(meters)
	otel.SetTextMapPropagator(propagation.TraceContext{}) // or the worker knows of no request

	bgotel.Instrument(runner, bgotel.WithEngines())
	traced = func(h http.Handler) http.Handler { return otelhttp.NewHandler(h, "shop") }
	flush = func() {
		for what, end := range map[string]func(context.Context) error{"traces": tracers.Shutdown, "metrics": meters.Shutdown} {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			if err := end(ctx); err != nil {
				log.Printf("the last %s are lost: %v", what, err)
			}
			cancel()
		}
	}
	return traced, flush, nil
}
