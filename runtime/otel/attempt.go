package otel

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/bggen/bggen/runtime"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// What the conventions leave to the messaging system.
const (
	system    = "bggen"
	operation = "run"

	attemptKey = attribute.Key("messaging.bggen.attempt")
	handlerKey = attribute.Key("messaging.bggen.handler")
)

// attempts reports the attempts of one runner.
type attempts struct {
	tracer   trace.Tracer
	newTrace bool
	metrics  *metrics
}

// around is for Runner.Around.
func (a *attempts) around(run runtime.TaskFunc) runtime.TaskFunc {
	return func(ctx context.Context) error { return a.attempt(ctx, run) }
}

var errGoexit = errors.New("the task called runtime.Goexit")

// attempt runs a task in a span. A panic becomes the error that the runner would
// make of it: panicking once more would only add frames to its stack.
func (a *attempts) attempt(ctx context.Context, run runtime.TaskFunc) (err error) {
	info, _ := runtime.InfoOf(ctx)
	begun := time.Now()
	ctx, span := a.start(ctx, info, begun)
	a.metrics.begin(ctx, info, begun)
	err = errGoexit
	defer func() {
		if p := recover(); p != nil {
			err = &runtime.PanicError{Value: p, Stack: debug.Stack()}
		}
		ended := time.Now()
		a.metrics.end(ctx, info, ended.Sub(begun), err)
		if err != nil {
			fail(span, err)
		}
		span.End(trace.WithTimestamp(ended))
	}()
	return run(ctx)
}

// start begins the span of an attempt.
func (a *attempts) start(ctx context.Context, info runtime.TaskInfo, begun time.Time) (context.Context, trace.Span) {
	attrs := make([]attribute.KeyValue, 0, 7)
	attrs = append(attrs,
		semconv.MessagingSystemKey.String(system),
		semconv.MessagingOperationName(operation),
		semconv.MessagingOperationTypeProcess,
		semconv.MessagingDestinationName(info.Name),
		attemptKey.Int(info.Attempt))
	if info.Handler != "" {
		attrs = append(attrs, handlerKey.String(info.Handler))
	}
	if info.ID != "" {
		attrs = append(attrs, semconv.MessagingMessageID(info.ID))
	}
	opts := make([]trace.SpanStartOption, 0, 5)
	opts = append(opts,
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithTimestamp(begun),
		trace.WithAttributes(attrs...))
	creation, ambient := creationOf(ctx)
	if creation.IsValid() {
		opts = append(opts, trace.WithLinks(trace.Link{SpanContext: creation}))
	}
	if a.newTrace && !ambient {
		opts = append(opts, trace.WithNewRoot())
	}
	return a.tracer.Start(ctx, operation+" "+info.Name, opts...)
}

// fail notes in a span that its attempt has failed.
func fail(span trace.Span, err error) {
	if !span.IsRecording() {
		return
	}
	span.SetStatus(codes.Error, err.Error())
	span.SetAttributes(semconv.ErrorTypeKey.String(errorType(err)))
	span.AddEvent(semconv.ExceptionEventName, trace.WithAttributes(exception(err)...))
}
