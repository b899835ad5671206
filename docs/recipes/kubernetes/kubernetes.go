// Package kubernetes stops without losing a request or a task when Kubernetes replaces
// a pod. deployment.yaml, beside this file, has the other half.
//
// In order: Kubernetes removes the pod from the service, which takes a moment to reach
// every proxy, so preStop waits; then SIGTERM comes, and Serve lets requests and tasks
// finish, within 25 seconds. What is left then is named in the log. If it must not be
// lost, an engine has it.
package kubernetes

import (
	"context"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Run serves until SIGTERM comes, or ctx ends. Call it from main.
func Run(ctx context.Context, addr string) error {
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner)
	server := &http.Server{
		Addr: addr, Handler: mux,
		ReadHeaderTimeout: 5 * time.Second,  // a client that sends nothing holds no connection
		IdleTimeout:       90 * time.Second, // longer than that of the load balancer
	}
	return runtime.Serve(ctx, server, &runner)
}

// Ready is the readiness probe. A recipe of its own, health, has one that looks at a
// database.
//
//bggen:route GET /readyz
func Ready() string { return "ready" }

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
