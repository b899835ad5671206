package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/contender"
	"github.com/bggen/bggen/benchmarks/internal/measure"
	"github.com/bggen/bggen/benchmarks/internal/report"
)

// A target is a request that is sent again and again.
type target struct {
	title       string
	method      string
	path        string
	connections int
}

const (
	tutorialPath = "/send-notification/ann@example.com?q=gophers"
	tutorialName = "Tutorial: one dependency, two tasks; connections: %d"
	plainName    = "Plain handler, no tasks; connections: %d"
)

// serveTargets is what the part serve sends.
func serveTargets() (targets []target) {
	for _, n := range []int{1, 32, 256} {
		targets = append(targets, target{fmt.Sprintf(tutorialName, n), "POST", tutorialPath, n})
	}
	return append(targets, target{fmt.Sprintf(plainName, 32), "GET", "/hello/you", 32})
}

var serveMetrics = []report.Metric{{Name: "requests", Unit: "1/s"}, {Name: "p50", Unit: "ms"}, {Name: "p99", Unit: "ms"},
	{Name: "server CPU", Unit: "µs/request", Compared: true}, {Name: "client CPU", Unit: "µs/request"}, {Name: "RSS", Unit: "MB"}}

func serveTakes(o options) time.Duration {
	n := time.Duration(len(contender.All()))
	return time.Duration(o.rounds) * (n*time.Duration(len(serveTargets()))*(o.duration+50*time.Millisecond) + 3*time.Second)
}

// serve compares the throughput, the latency and the price of whole requests.
// In each round all processes are new, so that the luck of one start is not
// that of a contender.
func serve(b *bench) error {
	b.modules("github.com/gin-gonic/gin", "github.com/labstack/echo/v4", "github.com/go-chi/chi/v5", "github.com/danielgtaylor/huma/v2")
	contenders, left := b.withPython(contender.All())
	var tables []*report.Comparison
	for _, t := range serveTargets() {
		tables = append(tables, b.out.Compare(t.title, contender.Bare.Name, serveMetrics...))
	}
	if b.profiles != "" {
		if err := os.MkdirAll(b.profiles, 0o755); err != nil {
			return err
		}
		for i, c := range contenders {
			contenders[i] = c.Profiled(b.profiles)
		}
		b.out.Note("processor profiles were being taken, which slows all servers alike")
	}
	for round := range b.rounds {
		if err := b.serveRound(round, contenders, tables); err != nil {
			return err
		}
	}
	for _, table := range tables {
		for _, c := range left {
			table.Skip(c.Name, contender.ErrNoFastAPI.Error())
		}
	}
	b.out.Note("the client is one thread of wrk on the same %d cores: what it takes, the server cannot have", b.out.Machine.Cores)
	return nil
}

func (b *bench) serveRound(round int, contenders []contender.Contender, tables []*report.Comparison) error {
	processes, err := b.startAll(contenders)
	defer b.endAll(processes)
	if err != nil {
		return err
	}
	client, err := measure.NewWrk(b.dir)
	if err != nil {
		return err
	}
	for i, t := range serveTargets() {
		order := rotated(contenders, round)
		if round == 0 { // rows in the order of contenders
			order = contenders
		}
		for _, c := range order {
			b.step("round %d of %d, %s: %s", round+1, b.rounds, t.title, c.Name)
			values, err := b.load(client, processes[c.Name], t)
			if err != nil {
				return err
			}
			tables[i].Add(c.Name, values...)
		}
	}
	return nil
}

// startAll starts a process for each contender.
func (b *bench) startAll(contenders []contender.Contender) (map[string]*contender.Process, error) {
	processes := map[string]*contender.Process{}
	for _, c := range contenders {
		p, err := c.Start(b.ctx, b.dir)
		if err != nil {
			return processes, err
		}
		processes[c.Name] = p
	}
	return processes, nil
}

// endAll ends processes: at once, unless they have a profile to write.
func (b *bench) endAll(processes map[string]*contender.Process) {
	if b.profiles == "" {
		killAll(processes)
		return
	}
	for _, p := range processes {
		p.Stop() // a profile that was not written is missed by who looks for it
	}
}

func killAll(processes map[string]*contender.Process) {
	for _, p := range processes {
		p.Kill()
	}
}

// load sends requests to a process, and returns the values of serveMetrics.
func (b *bench) load(client *measure.Wrk, p *contender.Process, t target) ([]float64, error) {
	if err := warm(p, t); err != nil {
		return nil, err
	}
	before, err := measure.CPU(p.PID())
	if err != nil {
		return nil, err
	}
	load, err := client.Run(b.ctx, t.method, p.URL+t.path, t.connections, b.duration)
	if err != nil {
		return nil, err
	}
	after, errCPU := measure.CPU(p.PID())
	rss, errRSS := measure.RSS(p.PID())
	if err := errors.Join(errCPU, errRSS); err != nil {
		return nil, err
	}
	micro := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) / load.Requests }
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return []float64{load.PerSec, ms(load.P50), ms(load.P99), micro(after - before), micro(load.CPU), rss / 1e6}, nil
}

// warm sends a few requests, so that the first that count are not the first.
func warm(p *contender.Process, t target) error {
	for range 50 {
		if err := send(http.DefaultClient, t.method, p.URL+t.path); err != nil {
			return err
		}
	}
	return nil
}

// serveCharts draws requests per second, and the processor time that each takes.
func serveCharts(p *report.Part) {
	table := p.Find(fmt.Sprintf(tutorialName, 32))
	p.Chart(barsOf(table, "requests", report.Chart{File: "serve.svg",
		Title: "Tutorial handler, two background tasks: requests per second",
		X:     fmt.Sprintf("32 connections, %d cores shared with the client", p.Machine.Cores)}))
	p.Chart(barsOf(table, "server CPU", report.Chart{File: "serve-cpu.svg",
		Title: "Tutorial handler: processor time of the server per request, µs",
		X:     "32 connections; less is better"}))
}

// barsOf is c with a bar for each row of a table: the median of a metric.
func barsOf(table *report.Comparison, metric string, c report.Chart) report.Chart {
	var s report.Series
	for _, name := range table.Measured() {
		c.Labels = append(c.Labels, name)
		s.Y = append(s.Y, table.Median(name, metric))
	}
	c.Series = []report.Series{s}
	return c
}
