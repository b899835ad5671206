// Package metrics writes the numbers of a runner in the text format of Prometheus.
//
// It uses no library. If you have OpenTelemetry, use package runtime/otel instead, which
// also measures how long each kind of task takes and waits.
//
// alerts.yaml beside this file has the rules that are worth waking somebody up for.
package metrics

import (
	"fmt"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// Metrics is scraped. Keep it away from the public: serve it on another address.
//
//bggen:route GET /metrics
func Metrics(runner *runtime.Runner) string {
	stats := runner.Stats()
	var b strings.Builder
	write := func(name, kind, help string, value any) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n%s %d\n", name, help, name, kind, name, value)
	}
	write("tasks_slots", "gauge", "Requests that may add tasks or whose tasks have not ended.", stats.Slots)
	write("tasks_waiting", "gauge", "Requests whose tasks wait for a worker.", stats.Waiting)
	write("tasks_delayed", "gauge", "Tasks that wait for their time or for another attempt.", stats.Delayed)
	write("tasks_running", "gauge", "Requests whose tasks run.", stats.Running)
	write("tasks_ended_total", "counter", "Tasks that have ended.", stats.Ran)
	write("tasks_failed_total", "counter", "Tasks that failed in their last attempt.", stats.Failed)
	write("tasks_retried_total", "counter", "Attempts that failed and were not the last.", stats.Retried)
	return b.String()
}
