package otel

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/messagingconv"
)

// metrics is the instruments of one runner.
type metrics struct {
	meter    metric.Meter
	duration messagingconv.ProcessDuration
	wait     metric.Float64Histogram
	active   atomic.Int64 // attempts that run now
}

// buckets are those that the conventions want of messaging.process.duration.
var buckets = metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)

func newMetrics(meter metric.Meter) *metrics {
	m := &metrics{meter: meter}
	var err error
	m.duration, err = messagingconv.NewProcessDuration(meter, buckets)
	handle(err)
	m.wait, err = meter.Float64Histogram("bggen.task.wait_time", metric.WithUnit("s"),
		metric.WithDescription("Time from when an attempt of a task is due to its start."), buckets)
	handle(err)
	return m
}

// begin notes that an attempt begins.
func (m *metrics) begin(ctx context.Context, info runtime.TaskInfo, begun time.Time) {
	m.active.Add(1)
	if since := waitedSince(ctx, info); !since.IsZero() && m.wait.Enabled(ctx) {
		// Clocks of two machines differ.
		m.wait.Record(ctx, max(begun.Sub(since), 0).Seconds(), metric.WithAttributes(
			semconv.MessagingSystemKey.String(system), semconv.MessagingDestinationName(info.Name)))
	}
}

// end notes that an attempt has ended after d.
func (m *metrics) end(ctx context.Context, info runtime.TaskInfo, d time.Duration, err error) {
	m.active.Add(-1)
	if !m.duration.Enabled(ctx) {
		return
	}
	attrs := make([]attribute.KeyValue, 0, 5)
	attrs = append(attrs,
		semconv.MessagingSystemKey.String(system),
		semconv.MessagingOperationName(operation),
		semconv.MessagingOperationTypeProcess,
		semconv.MessagingDestinationName(info.Name))
	if err != nil {
		attrs = append(attrs, semconv.ErrorTypeKey.String(errorType(err)))
	}
	m.duration.RecordSet(ctx, d.Seconds(), attribute.NewSet(attrs...))
}

// observe reports what runner does whenever somebody collects. Its numbers add
// up over runners and processes, so they are sums and not gauges.
func (m *metrics) observe(runner *runtime.Runner) {
	active := m.upDown("bggen.task.active", "{task}", "Attempts of tasks that run now.")
	batches := m.upDown("bggen.runner.batch.count", "{batch}", "Batches of tasks that the runner has accepted and not finished.")
	slots := m.upDown("bggen.runner.slot.count", "{slot}", "Slots of the runner that are taken.")
	ended := m.counter("bggen.runner.task.ended", "{task}", "Tasks that have ended.")
	failed := m.counter("bggen.runner.task.failed", "{task}", "Tasks that failed in their last attempt.")
	retried := m.counter("bggen.runner.task.retried", "{attempt}", "Attempts that failed and were not the last.")
	_, err := m.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		s := runner.Stats()
		o.ObserveInt64(active, m.active.Load())
		o.ObserveInt64(batches, int64(s.Waiting), waiting)
		o.ObserveInt64(batches, int64(s.Delayed), delayed)
		o.ObserveInt64(batches, int64(s.Running), running)
		o.ObserveInt64(slots, int64(s.Slots))
		o.ObserveInt64(ended, int64(s.Ran))
		o.ObserveInt64(failed, int64(s.Failed))
		o.ObserveInt64(retried, int64(s.Retried))
		return nil
	}, active, batches, slots, ended, failed, retried)
	handle(err)
}

// The states of batches.
var (
	waiting = state("waiting")
	delayed = state("delayed")
	running = state("running")
)

func state(name string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String("bggen.batch.state", name)))
}

func (m *metrics) upDown(name, unit, description string) metric.Int64ObservableUpDownCounter {
	i, err := m.meter.Int64ObservableUpDownCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	handle(err)
	return i
}

func (m *metrics) counter(name, unit, description string) metric.Int64ObservableCounter {
	i, err := m.meter.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	handle(err)
	return i
}

// handle tells the program of an instrument that could not be made; the meter
// has returned one that does nothing.
func handle(err error) {
	if err != nil {
		otel.Handle(err)
	}
}
