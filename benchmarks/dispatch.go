package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alitto/pond"
	"github.com/bggen/bggen/benchmarks/internal/report"
	"github.com/bggen/bggen/benchmarks/internal/tutorial"
	"github.com/bggen/bggen/runtime"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc"
	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/benchmark/parse"
)

var dispatchMetrics = []report.Metric{{Name: "time", Unit: "ns"}, {Name: "memory", Unit: "B"}, {Name: "allocations"}}

const (
	benchTime = 200 * time.Millisecond
	bareName  = "bare go"
	aloneName = "The runner alone, %s"
	wholeName = "A function on another goroutine, %s"
)

// ways are those in which functions are handed over.
var ways = [2]string{"one after the other", "in parallel"}

// A dispatcher has functions called on other goroutines.
type dispatcher struct {
	name string
	open func() (newDispatch func() func(), wait func())
}

func nothing() {}

// shared is a dispatch that all goroutines use alike.
func shared(dispatch func()) func() func() { return func() func() { return dispatch } }

// dispatchers are what there is to call a function with. Those of bggen are
// whole requests without a network: the hook, the generated adapter, and a task
// or none.
func dispatchers() []dispatcher {
	return []dispatcher{
		{bareName, func() (func() func(), func()) {
			var wg sync.WaitGroup
			return shared(func() { wg.Add(1); go func() { nothing(); wg.Done() }() }), wg.Wait
		}},
		{"WaitGroup.Go", func() (func() func(), func()) {
			var wg sync.WaitGroup
			return shared(func() { wg.Go(nothing) }), wg.Wait
		}},
		{"errgroup", func() (func() func(), func()) {
			var g errgroup.Group
			return shared(func() { g.Go(func() error { nothing(); return nil }) }), func() { g.Wait() }
		}},
		{"conc", func() (func() func(), func()) {
			var wg conc.WaitGroup
			return shared(func() { wg.Go(nothing) }), wg.Wait
		}},
		{"pond", func() (func() func(), func()) {
			pool := pond.New(256, 16384)
			return shared(func() { pool.Submit(nothing) }), pool.StopAndWait
		}},
		{"ants", func() (func() func(), func()) {
			pool, err := ants.NewPool(256)
			if err != nil {
				panic(err) // of options, and there are none
			}
			var wg sync.WaitGroup
			task := func() { nothing(); wg.Done() }
			return shared(func() { wg.Add(1); pool.Submit(task) }), func() { wg.Wait(); pool.Release() }
		}},
		{"bggen, whole request", func() (func() func(), func()) { return requests(tutorial.DispatchHandler) }},
		{"bggen, request without task", func() (func() func(), func()) { return requests(tutorial.NoDispatchHandler) }},
	}
}

// requests serves requests to a writer that drops everything. Each goroutine
// has a connection, and calls the server's hooks as net/http does.
func requests(constructor func(*runtime.Runner, ...runtime.Option) http.Handler) (newDispatch func() func(), wait func()) {
	runner := &runtime.Runner{Queue: 1 << 30}
	handler := constructor(runner)
	var server http.Server
	runner.Attach(&server)
	newDispatch = func() func() {
		conn := new(net.TCPConn)
		ctx := server.ConnContext(context.Background(), conn)
		r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
		w := discard{http.Header{}}
		return func() {
			server.ConnState(conn, http.StateActive)
			handler.ServeHTTP(w, r)
			server.ConnState(conn, http.StateIdle)
		}
	}
	return newDispatch, func() { runner.Shutdown(context.Background()) }
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func dispatchTakes(o options) time.Duration {
	return time.Duration(o.rounds) * (time.Duration(2*len(dispatchers()))*5*benchTime/2 + 5*time.Second)
}

// dispatch compares what a task costs once it is handed over.
func dispatch(b *bench) error {
	b.modules("github.com/sourcegraph/conc", "github.com/alitto/pond", "github.com/panjf2000/ants/v2", "golang.org/x/sync")
	testing.Init()
	if err := flag.Set("test.benchtime", benchTime.String()); err != nil {
		return err
	}
	for _, way := range ways {
		b.out.Compare(fmt.Sprintf(wholeName, way), bareName, dispatchMetrics...)
		b.out.Compare(fmt.Sprintf(aloneName, way), bareName, dispatchMetrics...)
	}
	for round := range b.rounds {
		order := dispatchers()
		if round > 0 {
			order = rotated(order, round)
		}
		for i, way := range ways {
			table := b.out.Find(fmt.Sprintf(wholeName, way))
			for _, d := range order {
				b.step("round %d of %d, %s: %s", round+1, b.rounds, way, d.name)
				r := testing.Benchmark(benchmarkOf(d, i == 1))
				table.Add(d.name, float64(r.T)/float64(r.N), float64(r.AllocedBytesPerOp()), float64(r.AllocsPerOp()))
			}
		}
		b.step("round %d of %d: the runner's own benchmark", round+1, b.rounds)
		if err := b.runnerAlone(); err != nil {
			return err
		}
	}
	b.out.Note("bare go is joined with a WaitGroup that is counted by hand; pools have 256 workers; after every %d calls the scheduler gets its turn", burst)
	b.out.Note("the runner alone is BenchmarkDispatch of the package runtime: a collector with one task, accepted, queued, run and reported as done")
	return nil
}

// burst is how many functions are handed over before those that wait get their
// turn. A server's requests come in bursts too; without an end, what is measured
// is how a million goroutines pile up.
const burst = 100

func benchmarkOf(d dispatcher, parallel bool) func(*testing.B) {
	return func(tb *testing.B) {
		tb.ReportAllocs()
		newDispatch, wait := d.open()
		if parallel {
			tb.RunParallel(func(pb *testing.PB) {
				dispatch := newDispatch()
				for i := 1; pb.Next(); i++ {
					dispatch()
					if i%burst == 0 {
						goruntime.Gosched()
					}
				}
			})
		} else {
			dispatch := newDispatch()
			tb.ResetTimer()
			for i := range tb.N {
				dispatch()
				if i%burst == burst-1 {
					goruntime.Gosched()
				}
			}
		}
		wait()
	}
}

// runnerAlone adds a round of the benchmark that the package runtime has of
// itself, which reaches below what is exported.
func (b *bench) runnerAlone() error {
	cmd := exec.CommandContext(b.ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkDispatch$", "-benchtime", benchTime.String(), "github.com/bggen/bggen/runtime")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("the benchmark of package runtime: %w\n%s", err, out)
	}
	set, err := parse.ParseSet(strings.NewReader(string(out)))
	if err != nil {
		return err
	}
	for _, suffix := range []string{"", "-parallel"} {
		way := ways[len(suffix)/len("-parallel")]
		for bench, name := range map[string]string{"go": bareName, "runner": "bggen"} {
			r := find(set, bench+suffix)
			if r == nil {
				return fmt.Errorf("package runtime has no benchmark Dispatch/%s any more", bench+suffix)
			}
			b.out.Find(fmt.Sprintf(aloneName, way)).Add(name, r.NsPerOp, float64(r.AllocedBytesPerOp), float64(r.AllocsPerOp))
		}
	}
	return nil
}

// find is the benchmark of a name, to which the testing package may have added
// the number of processors.
func find(set parse.Set, name string) *parse.Benchmark {
	for full, results := range set {
		full = strings.TrimPrefix(full, "BenchmarkDispatch/")
		if i := strings.LastIndexByte(full, '-'); full == name || i > 0 && full[:i] == name && strings.Trim(full[i+1:], "0123456789") == "" {
			return results[0]
		}
	}
	return nil
}

// dispatchCharts draws both tables of functions that come one after the other.
// The second has a reference of its own.
func dispatchCharts(p *report.Part) {
	const x = "less is better"
	p.Chart(barsOf(p.Find(fmt.Sprintf(wholeName, ways[0])), "time", report.Chart{File: "dispatch.svg", X: x,
		Title: "A function on another goroutine, and a whole request of bggen, ns"}))
	p.Chart(barsOf(p.Find(fmt.Sprintf(aloneName, ways[0])), "time", report.Chart{File: "dispatch-runner.svg", X: x,
		Title: "A function on another goroutine: the runner alone, ns"}))
}
