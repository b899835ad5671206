package contender

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/pprof"
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

// profileVar names the environment variable for the file that a child writes its
// processor profile to.
const profileVar = "BGGEN_BENCHMARKS_PROFILE"

func serve(app goApp) error {
	if name := os.Getenv(profileVar); name != "" {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
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
	collectOnSignal()
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

// collectOnSignal collects garbage and gives it back when it gets SIGUSR1, so
// that resident memory is what is in use.
func collectOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		for range signals {
			debug.FreeOSMemory()
		}
	}()
}
