package otel

import (
	"context"
	"maps"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// enqueuedAt is the name in a call's metadata of the time at which it was made.
const enqueuedAt = "bggen-enqueued-at"

// propagator carries a trace, and what else the program propagates, in the
// metadata of calls.
type propagator struct {
	text  propagation.TextMapPropagator
	other runtime.Propagator // that the runner had; or nil
}

// Inject implements [runtime.Propagator].
func (p *propagator) Inject(ctx context.Context) map[string]string {
	meta := map[string]string{}
	if p.other != nil {
		maps.Copy(meta, p.other.Inject(ctx))
	}
	p.text.Inject(ctx, propagation.MapCarrier(meta))
	meta[enqueuedAt] = time.Now().UTC().Format(time.RFC3339Nano)
	return meta
}

// Extract implements [runtime.Propagator]. A span that the engine has begun
// around the call stays the parent of what comes.
func (p *propagator) Extract(ctx context.Context, meta map[string]string) context.Context {
	o := &origin{ambient: trace.SpanContextFromContext(ctx).IsValid()}
	o.enqueued, _ = time.Parse(time.RFC3339Nano, meta[enqueuedAt])
	if p.other != nil {
		ctx = p.other.Extract(ctx, meta)
	}
	// From a context without a span, so that what is found was carried.
	bare := trace.ContextWithSpan(ctx, nil)
	extracted := p.text.Extract(bare, propagation.MapCarrier(meta))
	o.creation = trace.SpanContextFromContext(extracted)
	if o.ambient {
		extracted = trace.ContextWithSpan(extracted, trace.SpanFromContext(ctx))
	}
	return context.WithValue(extracted, originKey{}, o)
}

// An origin is where a call that an engine has stored comes from.
type origin struct {
	creation trace.SpanContext // of the request; not valid where nothing was carried
	ambient  bool              // the engine has a span around the call
	enqueued time.Time         // zero where it was not carried
	waited   atomic.Bool       // the wait was recorded: what the call adds has the same origin
}

type originKey struct{}

func originOf(ctx context.Context) *origin {
	o, _ := ctx.Value(originKey{}).(*origin)
	return o
}

// creationOf is the span in which the task was added that is to run in ctx, and
// whether another one is around it.
func creationOf(ctx context.Context) (creation trace.SpanContext, ambient bool) {
	if o := originOf(ctx); o != nil {
		return o.creation, o.ambient
	}
	return trace.SpanContextFromContext(ctx), false
}

// waitedSince is since when the attempt has waited that is to run in ctx. Zero:
// that is not known, as it is not of an engine's second attempt.
func waitedSince(ctx context.Context, info runtime.TaskInfo) time.Time {
	o := originOf(ctx)
	if o == nil || o.waited.Swap(true) || info.Attempt > 1 || o.enqueued.Before(info.Due) {
		return info.Due
	}
	return o.enqueued
}
