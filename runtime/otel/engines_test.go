package otel_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/otel"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// counting is an engine that has so many tasks, or does not know.
type counting struct {
	total map[runtime.TaskState]int
	err   error
}

func (*counting) Enqueue(context.Context, []engine.Call) error { return nil }

func (e *counting) List(_ context.Context, most int) (engine.Listing, error) {
	return engine.Listing{Total: e.total}, e.err
}

// silent is one that tells nothing.
type silent struct{}

func (silent) Enqueue(context.Context, []engine.Call) error { return nil }

func TestEngines(t *testing.T) {
	tel := newTelemetry(t)
	river := &counting{total: map[runtime.TaskState]int{runtime.Queued: 1204, runtime.Running: 2, runtime.Failed: 1}}
	runner := runtime.Runner{Engine: river, Engines: map[string]engine.Engine{
		"again": river, "celery": silent{}, "mail": &counting{total: map[runtime.TaskState]int{runtime.Queued: 3}},
		"gone": &counting{err: errors.New("no connection")},
	}}
	tel.instrument(&runner, otel.WithEngines())
	var collected metricdata.ResourceMetrics
	if err := tel.reader.Collect(t.Context(), &collected); err == nil || !strings.Contains(err.Error(), "bggen.engine.task.count of gone: no connection") {
		t.Errorf("the error is %v", err)
	}
	got := map[string]int64{}
	for _, scope := range collected.ScopeMetrics {
		for _, m := range scope.Metrics {
			if m.Name != "bggen.engine.task.count" {
				continue
			}
			for _, p := range m.Data.(metricdata.Gauge[int64]).DataPoints {
				got[value(p.Attributes.ToSlice(), "bggen.engine")+" "+value(p.Attributes.ToSlice(), "bggen.task.state")] = p.Value
			}
		}
	}
	want := map[string]int64{
		"default queued": 1204, "default running": 2, "default failed": 1,
		"mail queued": 3, "mail running": 0, "mail failed": 0,
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
