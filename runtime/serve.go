package runtime

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

// Serve attaches runner to server, serves on server.Addr, and runs what the
// engines of runner have stored, until ctx ends or the process gets SIGTERM or
// SIGINT. Then the server stops accepting, the requests in flight finish, and
// the runner drains, within 25 seconds in all. A second signal ends the waiting
// at once; what is left is logged.
//
// It serves TLS when server.TLSConfig has a certificate. It returns nil after a
// complete drain; a [*ShutdownError] names the tasks that were left.
func Serve(ctx context.Context, server *http.Server, runner *Runner) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	ctx, end := context.WithCancel(ctx)
	defer end()
	drain := newDraining(ctx)
	defer drain.cancel(nil)
	runner.Attach(server)

	worked := make(chan error, 1)
	go func() {
		var err error
		if !runner.StoreOnly {
			err = runner.workEngines(ctx, drain)
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
	go func() { failed <- listenAndServe(server) }()
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
	}

	drain.begin()
	shutdown := server.Shutdown(drain)
	if shutdown != nil {
		server.Close() // requests that did not finish in time
	}
	return errors.Join(err, shutdown, <-worked, runner.shutdown(drain))
}

// shutdown is Shutdown, and logs what was left: whoever calls Serve may not.
func (r *Runner) shutdown(ctx context.Context) error {
	err := r.Shutdown(ctx)
	if left, ok := errors.AsType[*ShutdownError](err); ok && len(left.Left) > 0 {
		r.Core().Log().Error("background tasks left at shutdown", "tasks", left.Left, "error", left.cause)
	}
	return err
}

func listenAndServe(server *http.Server) error {
	if t := server.TLSConfig; t != nil && (len(t.Certificates) > 0 || t.GetCertificate != nil || t.GetConfigForClient != nil) {
		return server.ListenAndServeTLS("", "")
	}
	return server.ListenAndServe()
}
