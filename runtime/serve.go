package runtime

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is the time from the signal to the end: below the 30 seconds after
// which Kubernetes kills.
const grace = 25 * time.Second

// Serve attaches runner to server and serves on server.Addr until ctx ends or
// the process gets SIGTERM or SIGINT. Then the server stops accepting, the
// requests in flight finish, and the runner drains, within 25 seconds in all.
// A second signal ends the waiting at once.
//
// It serves TLS when server.TLSConfig has a certificate. It returns nil after a
// complete drain; a [*ShutdownError] names the tasks that were left.
func Serve(ctx context.Context, server *http.Server, runner *Runner) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	runner.Attach(server)

	failed := make(chan error, 1)
	go func() { failed <- listenAndServe(server) }()
	var err error
	select {
	case err = <-failed:
		if errors.Is(err, http.ErrServerClosed) {
			err = nil // somebody else has called server.Shutdown
		}
	case <-ctx.Done():
	}

	again, stopAgain := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM, os.Interrupt)
	defer stopAgain()
	deadline, cancel := context.WithTimeout(again, grace)
	defer cancel()
	shutdown := server.Shutdown(deadline)
	if shutdown != nil {
		server.Close() // requests that did not finish in time
	}
	return errors.Join(err, shutdown, runner.Shutdown(deadline))
}

func listenAndServe(server *http.Server) error {
	if t := server.TLSConfig; t != nil && (len(t.Certificates) > 0 || t.GetCertificate != nil || t.GetConfigForClient != nil) {
		return server.ListenAndServeTLS("", "")
	}
	return server.ListenAndServe()
}
