package contender

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"
)

// ChildArg is the first argument with which this program is asked to serve the
// contender that the second names, until SIGTERM: its main function then calls
// [Child].
const ChildArg = "serve-child"

// Child serves a contender on a free port, which it prints.
func Child(key string) error {
	for _, c := range All() {
		if c.app != nil && c.key == key {
			return serve(c.app())
		}
	}
	return fmt.Errorf("no contender %q", key)
}

func serve(app goApp) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: app.handler}
	if app.attach != nil {
		app.attach(server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("listening", l.Addr())
	go server.Serve(l)

	<-ctx.Done()
	deadline, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	err = server.Shutdown(deadline)
	if app.drain != nil {
		err = errors.Join(err, app.drain(deadline))
	}
	return err
}
