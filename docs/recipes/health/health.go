// Package health tells a load balancer whether to send requests to this process, and
// Kubernetes whether to restart it.
//
// These are two questions. A process is alive as long as it answers: a database that is
// down is no reason to restart it. It is ready if it can do its work.
package health

import (
	"context"
	"database/sql"
	"time"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ DB *sql.DB }

// Live answers as long as the process does.
//
//bggen:route GET /livez
func Live() string { return "alive" }

// Ready answers 503 if a request could not be served now. If that is only while the
// process stops, runner.Ready is enough.
//
//bggen:route GET /readyz
func Ready(ctx context.Context, db *sql.DB, runner *runtime.Runner) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		return "", runtime.Unavailable("the database does not answer", err)
	}
	if queue := capacity(runner); runner.Stats().Slots > queue*9/10 {
		return "", runtime.Unavailable("nine in ten places for background tasks are taken", nil)
	}
	return "ready", nil
}

// capacity is for how many requests with tasks there is room.
func capacity(runner *runtime.Runner) int {
	if runner.Queue > 0 {
		return runner.Queue
	}
	return 16384
}
