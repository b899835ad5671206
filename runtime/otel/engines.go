package otel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// askWithin is how long an engine may take to tell what it has.
const askWithin = 5 * time.Second

// observeEngines reports what the engines of runner have, whenever somebody
// collects. All processes are told the same, so it is gauges.
func (m *metrics) observeEngines(runner *runtime.Runner) {
	count, err := m.meter.Int64ObservableGauge("bggen.engine.task.count", metric.WithUnit("{task}"),
		metric.WithDescription("Tasks that an engine has, whichever process has stored them."))
	handle(err)
	_, err = m.meter.RegisterCallback(func(ctx context.Context, o metric.Observer) (err error) {
		for name, e := range listEngines(runner) {
			total, failed := askEngine(ctx, e)
			if failed != nil {
				err = errors.Join(err, fmt.Errorf("bggen.engine.task.count of %s: %w", name, failed))
				continue
			}
			for _, state := range []runtime.TaskState{runtime.Queued, runtime.Running, runtime.Failed} {
				o.ObserveInt64(count, int64(total[state]), metric.WithAttributes(
					attribute.String("bggen.engine", name), attribute.String("bggen.task.state", string(state))))
			}
		}
		return err
	}, count)
	handle(err)
}

// listEngines are the engines of a runner that tell what they have, each once: by
// their names in Runner.Engines, or default.
func listEngines(runner *runtime.Runner) map[string]engine.Lister {
	engines, known := map[string]engine.Lister{}, map[engine.Engine]bool{}
	add := func(name string, e engine.Engine) {
		if list, ok := e.(engine.Lister); ok && !known[e] {
			engines[name], known[e] = list, true
		}
	}
	add("default", runner.Engine)
	for _, name := range slices.Sorted(maps.Keys(runner.Engines)) {
		add(name, runner.Engines[name])
	}
	return engines
}

func askEngine(ctx context.Context, e engine.Lister) (map[runtime.TaskState]int, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	list, err := e.List(ctx, 1)
	return list.Total, err
}
