package main

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/contender"
	"github.com/bggen/bggen/benchmarks/internal/measure"
	"github.com/bggen/bggen/benchmarks/internal/report"
	"golang.org/x/sync/errgroup"
)

const (
	slowTasks = 100  // of a second, pending
	idleTasks = 2000 // pending while memory is measured: fewer do not show
	slowName  = "100 tasks of 1 s pending"
)

var slowMetrics = []report.Metric{{Name: "p50 of another request", Unit: "ms"}, {Name: "p99", Unit: "ms"},
	{Name: "SIGTERM to exit", Unit: "s"}, {Name: "tasks finished", Unit: "of 100"}, {Name: "memory per pending task", Unit: "kB"}}

func slowTakes(o options) time.Duration {
	return time.Duration(o.rounds) * time.Duration(len(priceContenders())) * 3500 * time.Millisecond
}

// slow measures what pending tasks do to others: to requests meanwhile, to the
// memory, and to the end of the process.
func slow(b *bench) error {
	contenders, left := b.withPython(priceContenders())
	table := b.out.Compare(slowName, contender.Bare.Name, slowMetrics...)
	for round := range b.rounds {
		order := contenders
		if round > 0 {
			order = rotated(contenders, round)
		}
		for _, c := range order {
			b.step("round %d of %d: %s", round+1, b.rounds, c.Name)
			values, err := b.pending(c)
			if err != nil {
				return fmt.Errorf("%s: %w", c.Name, err)
			}
			table.Add(c.Name, values...)
		}
	}
	for _, c := range left {
		table.Skip(c.Name, contender.ErrNoFastAPI.Error())
	}
	b.out.Note("memory is measured with %d tasks pending, after a collection of garbage", idleTasks)
	b.out.Note("bggen and the same promises by hand run 256 requests' tasks at once, the others wait; FastAPI's thread pool runs 40")
	return nil
}

// pending returns the values of slowMetrics for one contender.
func (b *bench) pending(c contender.Contender) ([]float64, error) {
	p, err := c.Start(b.ctx, b.dir)
	if err != nil {
		return nil, err
	}
	stopped := false
	defer func() {
		if !stopped {
			p.Kill()
		}
	}()
	if err := sendAll(p.URL+"/slow/0", slowTasks); err != nil {
		return nil, err
	}
	if err := sendAll(p.URL+"/slow/1000", slowTasks); err != nil {
		return nil, err
	}
	p50, p99, err := latency(p.URL+"/hello/you", 400*time.Millisecond)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	err, stopped = p.Stop(), true
	if err != nil {
		b.out.Note("%s, after SIGTERM: %v", c.Name, err)
	}
	drained := time.Since(start)
	memory, err := b.memory(c)
	return []float64{p50, p99, drained.Seconds(), float64(p.Done.Load()), memory}, err
}

// memory is what a pending task of c takes, in kB.
func (b *bench) memory(c contender.Contender) (float64, error) {
	p, err := c.Start(b.ctx, b.dir)
	if err != nil {
		return 0, err
	}
	defer p.Kill()
	if err := sendAll(p.URL+"/slow/0", idleTasks); err != nil {
		return 0, err
	}
	before, err := settledRSS(p)
	if err != nil {
		return 0, err
	}
	if err := sendAll(p.URL+"/slow/60000", idleTasks); err != nil {
		return 0, err
	}
	after, err := settledRSS(p)
	return (after - before) / idleTasks / 1e3, err
}

// settledRSS is the resident memory of p without garbage.
func settledRSS(p *contender.Process) (float64, error) {
	for range 2 {
		if err := p.Collect(); err != nil {
			return 0, err
		}
		time.Sleep(150 * time.Millisecond)
	}
	return measure.RSS(p.PID())
}

// sendAll sends n requests over 16 connections.
func sendAll(url string, n int) error {
	const connections = 16
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	var group errgroup.Group
	group.SetLimit(connections)
	for range n {
		group.Go(func() error { return send(client, "POST", url) })
	}
	return group.Wait()
}

// latency sends requests for a while, one after the other, and returns
// percentiles in milliseconds.
func latency(url string, d time.Duration) (p50, p99 float64, err error) {
	var all []float64
	for end := time.Now().Add(d); time.Now().Before(end); {
		start := time.Now()
		if err := send(http.DefaultClient, "GET", url); err != nil {
			return 0, 0, err
		}
		all = append(all, float64(time.Since(start))/float64(time.Millisecond))
	}
	slices.Sort(all)
	return measure.Median(all), all[int(math.Ceil(0.99*float64(len(all))))-1], nil
}

func slowCharts(p *report.Part) {
	p.Chart(barsOf(p.Find(slowName), "memory per pending task", report.Chart{File: "slow.svg", Title: "Memory per pending task, kB", X: "less is better"}))
}
