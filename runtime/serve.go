package runtime

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

// Serve listens on server.Addr and serves, with runner attached to the server, until ctx
// ends or the process receives SIGTERM or SIGINT. It also runs what the engines of runner
// have stored, and starts periodic tasks when they are due. In the end the server stops accepting requests, the requests in flight
// finish, and the tasks run, within 25 seconds in all. A second signal ends the waiting at
// once. The tasks that are left then are logged.
//
// Serve uses TLS if server.TLSConfig has a certificate. It returns nil when everything has
// ended in time, and otherwise an error that contains a [*ShutdownError] with the names of
// the tasks that were left.
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
	runner.Core().Drain()
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
