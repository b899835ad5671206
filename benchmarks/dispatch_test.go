package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/alitto/pond"
	"github.com/bggen/bggen/benchmarks/internal/tutorial"
	"github.com/bggen/bggen/runtime"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc"
	"golang.org/x/sync/errgroup"
)

// burst is how many functions are handed over before all of them are waited
// for. Without an end to the burst, what is measured is how goroutines pile up,
// and the longer a benchmark runs the slower a bare go statement looks.
const burst = 100

func nothing() {}

// A dispatcher has functions called on other goroutines.
type dispatcher struct {
	side string
	open func(b *testing.B) (dispatch, wait func())
}

var dispatchers = []dispatcher{
	{"bare-go", func(*testing.B) (dispatch, wait func()) {
		var wg sync.WaitGroup
		return func() { wg.Add(1); go func() { defer wg.Done(); nothing() }() }, wg.Wait
	}},
	{"WaitGroup.Go", func(*testing.B) (dispatch, wait func()) {
		var wg sync.WaitGroup
		return func() { wg.Go(nothing) }, wg.Wait
	}},
	{"errgroup", func(*testing.B) (dispatch, wait func()) {
		var g errgroup.Group
		return func() { g.Go(func() error { nothing(); return nil }) }, func() { g.Wait() }
	}},
	{"conc", func(*testing.B) (dispatch, wait func()) {
		var wg conc.WaitGroup
		return func() { wg.Go(nothing) }, wg.Wait
	}},
	{"pond", func(b *testing.B) (dispatch, wait func()) {
		pool := pond.New(256, 16384)
		b.Cleanup(pool.StopAndWait)
		var wg sync.WaitGroup
		return func() { wg.Add(1); pool.Submit(func() { defer wg.Done(); nothing() }) }, wg.Wait
	}},
	{"ants", func(b *testing.B) (dispatch, wait func()) {
		pool, err := ants.NewPool(256)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(pool.Release)
		var wg sync.WaitGroup
		return func() { wg.Add(1); pool.Submit(func() { defer wg.Done(); nothing() }) }, wg.Wait
	}},
	{"bggen", func(b *testing.B) (dispatch, wait func()) {
		runner := newRunner(b)
		task := func(context.Context) error { nothing(); return nil }
		collect := func(bg *runtime.BackgroundTasks) error { bg.Add(task); return nil }
		ctx := context.Background()
		return func() { runner.Do(ctx, collect) }, func() { runner.Idle(ctx) }
	}},
	{"bggen-request", func(b *testing.B) (dispatch, wait func()) { return requests(b, tutorial.DispatchHandler) }},
	{"bggen-request-without-task", func(b *testing.B) (dispatch, wait func()) { return requests(b, tutorial.NoDispatchHandler) }},
}

func newRunner(b *testing.B) *runtime.Runner {
	runner := &runtime.Runner{Queue: 1 << 30}
	b.Cleanup(func() { runner.Shutdown(context.Background()) })
	return runner
}

// requests serves requests to a writer that drops everything, with the server's
// hooks as net/http calls them.
func requests(b *testing.B, constructor func(*runtime.Runner, ...runtime.Option) http.Handler) (dispatch, wait func()) {
	runner := newRunner(b)
	handler := constructor(runner)
	var server http.Server
	runner.Attach(&server)
	conn := new(net.TCPConn)
	r := httptest.NewRequestWithContext(server.ConnContext(context.Background(), conn), "GET", "/", nil)
	w := discard{http.Header{}}
	dispatch = func() {
		server.ConnState(conn, http.StateActive)
		handler.ServeHTTP(w, r)
		server.ConnState(conn, http.StateIdle)
	}
	return dispatch, func() { runner.Idle(context.Background()) }
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkDispatch compares what it costs to have an empty function called on
// another goroutine, and to know when it has ended.
func BenchmarkDispatch(b *testing.B) {
	for _, d := range dispatchers {
		b.Run("side="+d.side, func(b *testing.B) {
			b.ReportAllocs()
			dispatch, wait := d.open(b)
			b.ResetTimer()
			for i := range b.N {
				dispatch()
				if i%burst == burst-1 {
					wait()
				}
			}
			wait()
		})
	}
}

func TestEveryDispatcherCalls(t *testing.T) {
	for _, d := range dispatchers {
		t.Run(d.side, func(t *testing.T) {
			result := testing.Benchmark(func(b *testing.B) {
				dispatch, wait := d.open(b)
				dispatch()
				wait()
			})
			if result.N == 0 {
				t.Error("it failed")
			}
		})
	}
}
