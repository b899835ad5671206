// Package kubernetes stops without losing a request or a task when Kubernetes replaces
// a pod. deployment.yaml, beside this file, has the other half.
//
// In order: Kubernetes removes the pod from the service and sends SIGTERM. It takes a moment
// until every proxy knows, so Serve goes on accepting requests for five seconds (Linger),
// while the readiness probe fails. Then requests and tasks finish, within 25 seconds
// (Grace). What is left then is named in the log. If it must not be lost, an engine has it.
package kubernetes

import (
	"context"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Run serves until SIGTERM comes, or ctx ends. Call it from main.
func Run(ctx context.Context, addr string) error {
	runner := runtime.Runner{Linger: linger}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", runner.Ready) // the recipe health also asks a database
	mux.HandleFunc("GET /livez", runner.Alive)
	Register(mux, &runner)
	server := &http.Server{
		Addr: addr, Handler: mux,
		ReadHeaderTimeout: 5 * time.Second,  // a client that sends nothing holds no connection
		IdleTimeout:       90 * time.Second, // longer than that of the load balancer
	}
	return runtime.Serve(ctx, server, &runner)
}

// linger is how long requests are accepted after SIGTERM.
var linger = 5 * time.Second

// PlaceOrder places an order, and has a mail sent.
//
//bggen:route POST /orders status=202
func PlaceOrder(bg *runtime.BackgroundTasks) { EnqueueConfirm(bg) }

// Confirm takes a while, and notices when it has to stop.
//
//bggen:task timeout=20s
func Confirm(ctx context.Context) error {
	select {
	case <-time.After(500 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
