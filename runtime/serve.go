package runtime

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

// Serve listens on server.Addr and serves, with runner attached to the server, until ctx
// ends or the process receives SIGTERM or SIGINT. It also runs what the engines of runner
// have stored, and starts periodic tasks when they are due.
//
// When it is told to end, [Runner.Ready] fails, and the server goes on for
// [Runner.Linger]. Then it stops accepting requests, streams end, the requests in flight
// finish, and the tasks run, within [Runner.Grace]. Serve logs every five seconds what it
// waits for. A second signal ends the waiting at once. The tasks that are left then are
// logged.
//
// Serve uses TLS if server.TLSConfig has a certificate. It returns nil when everything has
// ended in time, and otherwise an error that contains a [*ShutdownError] with the tasks
// that were left.
func Serve(ctx context.Context, server *http.Server, runner *Runner) error {
	return serve(ctx, server, runner, func() error {
		listener, err := net.Listen("tcp", cmp.Or(server.Addr, defaultAddr(server)))
		if err != nil {
			return err
		}
		return serveOn(server, listener)
	})
}

func defaultAddr(server *http.Server) string {
	if hasTLS(server) {
		return ":https"
	}
	return ":http"
}

// ServeListener is [Serve] for a listener that is there already: one of a port that the
// system has chosen, or a socket of systemd.
func ServeListener(ctx context.Context, server *http.Server, listener net.Listener, runner *Runner) error {
	return serve(ctx, server, runner, func() error { return serveOn(server, listener) })
}

// serveOn follows the connections of a listener where they may be of HTTP/2.
func serveOn(server *http.Server, listener net.Listener) error {
	switch p := server.Protocols; {
	case hasTLS(server):
		return server.ServeTLS(core.Follow(listener), "", "")
	case p != nil && p.UnencryptedHTTP2():
		return server.Serve(core.Follow(listener))
	}
	return server.Serve(listener)
}

func hasTLS(server *http.Server) bool {
	t := server.TLSConfig
	return t != nil && (len(t.Certificates) > 0 || t.GetCertificate != nil || t.GetConfigForClient != nil)
}

func serve(ctx context.Context, server *http.Server, runner *Runner, listen func() error) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	ctx, end := context.WithCancel(ctx)
	defer end()
	drain := newDraining(ctx, runner.Grace)
	defer drain.cancel(nil)
	runner.Attach(server)

	worked := make(chan error, 1)
	go func() {
		var err error
		if !runner.StoreOnly {
			err = runner.work(ctx, drain)
		}
		if err == errNoWorker {
			err = nil
		}
		if err != nil {
			end() // there is no use in serving then
		}
		worked <- err
	}()
	failed := make(chan error, 1)
	go func() { failed <- listen() }()
	var err error
	select {
	case err = <-failed:
		if errors.Is(err, http.ErrServerClosed) {
			err = nil // somebody else has called server.Shutdown
		}
		if err != nil {
			runner.Core().LogError("the server does not serve", "error", err) // now: what goes on may take its time
		}
		end()
	case <-ctx.Done():
		runner.linger(stop)
	}

	drain.begin()
	runner.Core().Drain()
	defer runner.report(drain)()
	shutdown := server.Shutdown(drain)
	if shutdown != nil {
		server.Close() // requests that did not finish in time
		shutdown = fmt.Errorf("requests had not ended, and their connections were closed: %w", context.Cause(drain))
	}
	return errors.Join(err, shutdown, <-worked, runner.shutdown(drain))
}

// linger goes on serving for a while, with Ready failing, unless a second signal comes.
func (r *Runner) linger(stop func()) {
	r.Core().End()
	if r.Linger <= 0 {
		return
	}
	r.Core().Log().Info("told to end: still accepting requests", "for", r.Linger)
	stop() // for a second signal to be seen
	again, end := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer end()
	select {
	case <-time.After(r.Linger):
	case <-again.Done():
	}
}

// report logs what is waited for, now and every five seconds, until stop is called.
func (r *Runner) report(ctx context.Context) (stop func()) {
	log := func() {
		s := r.Stats()
		r.Core().Log().Info("ending: waiting for tasks and requests in flight", "running", s.Running, "waiting", s.Waiting, "delayed", s.Delayed, "requests", s.Slots)
	}
	if s := r.Stats(); s.Slots+s.Delayed > 0 {
		log() // later it is, if nothing else, a request that has not ended
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		ticker := time.NewTicker(5 * time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				log()
			}
		}
	}()
	return cancel
}

// shutdown is Shutdown, and logs what was left: whoever calls Serve may not.
func (r *Runner) shutdown(ctx context.Context) error {
	err := r.Shutdown(ctx)
	if left, ok := errors.AsType[*ShutdownError](err); ok && len(left.Left) > 0 {
		r.Core().Log().Error("background tasks left at shutdown", "count", len(left.Left), "tasks", left.groups(), "error", left.cause)
	}
	return err
}

// Ready answers whether the process takes more requests: 200, and 503 from the moment on
// that [Serve] has been told to end. It is for the readiness probe of Kubernetes and the
// health checks of load balancers:
//
//	mux.HandleFunc("GET /ready", runner.Ready)
func (r *Runner) Ready(w http.ResponseWriter, _ *http.Request) {
	if r.Core().Ending() {
		http.Error(w, "ending", http.StatusServiceUnavailable)
		return
	}
	answerOK(w)
}

// Alive answers with 200: the process serves. It is for a liveness probe.
func (r *Runner) Alive(w http.ResponseWriter, _ *http.Request) { answerOK(w) }

func answerOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write([]byte("ok\n"))
}
