package ordering

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime"
	"golang.org/x/sync/errgroup"
)

// A Way is how the end of a response is found.
type Way string

// The ways: the hook on the connection, which runtime.Serve sets; the flush
// where there is none; and not at all.
const (
	Hook  Way = "bggen, hook"
	Flush Way = "bggen, flush"
	Bare  Way = "bare go"
)

// Counts is what was seen.
type Counts struct {
	Requests, Tasks, Early, Disorder int64
	Took                             time.Duration
}

// connections is the number of clients: enough that requests overlap.
const connections = 16

// Run serves requests on this machine, over HTTP/1.1 and in one process, and
// counts. done is called now and then with the number of answers so far.
func Run(ctx context.Context, way Way, requests int, done func(int64)) (Counts, error) {
	var runner runtime.Runner
	var checker Checker
	server := &http.Server{ConnContext: withConn}
	switch way {
	case Bare:
		server.Handler = http.HandlerFunc(checker.Bare)
	case Flush:
		server.Handler = CheckerOrderedHandler(&runner, &checker)
	case Hook:
		server.Handler = CheckerOrderedHandler(&runner, &checker)
		runner.Attach(server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Counts{}, err
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(countingListener{l}) }()
	defer server.Close()

	start := time.Now()
	each := max(1, requests/connections)
	var answered atomic.Int64
	group, groupCtx := errgroup.WithContext(ctx)
	for range connections {
		group.Go(func() error { return drive(groupCtx, l.Addr().String(), each, &answered, done) })
	}
	if err := group.Wait(); err != nil {
		return Counts{}, err
	}
	if err := errors.Join(runner.Idle(ctx), settle(ctx, &checker, answered.Load()*tasksEach)); err != nil {
		return Counts{}, err
	}
	return Counts{answered.Load(), checker.Ran.Load(), checker.Early.Load(), checker.Order.Load(), time.Since(start)}, nil
}

// settle waits for bare goroutines, for which nobody else does. Tasks that are
// lost show in the count.
func settle(ctx context.Context, c *Checker, want int64) error {
	for range 500 {
		if c.Ran.Load() >= want {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return ctx.Err()
}

// drive is one client: n requests over one connection, each after the answer to
// the one before.
func drive(ctx context.Context, addr string, n int, answered *atomic.Int64, done func(int64)) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	for i := range n {
		path := []string{"/small", "/exact", "/small", "/large"}[i%4]
		if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
			return err
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return err
		}
		size, err := io.Copy(io.Discard, resp.Body)
		if err != nil || int(size) != len(bodies[path]) {
			return fmt.Errorf("%s answered with %d bytes, want %d: %v", path, size, len(bodies[path]), err)
		}
		if total := answered.Add(1); total%10_000 == 0 {
			done(total)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}
