package main

import (
	"fmt"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/contender"
	"github.com/bggen/bggen/benchmarks/internal/measure"
	"github.com/bggen/bggen/benchmarks/internal/report"
)

// taskCounts are the tasks a request leaves in the part price.
var taskCounts = []int{0, 1, 3}

const priceName = "Tasks a request: %d; connections: 32"

func priceContenders() []contender.Contender {
	return []contender.Contender{contender.Bare, contender.Careful, contender.Bggen, contender.FastAPI, contender.FastAPIAsync}
}

func priceTakes(o options) time.Duration {
	loads := time.Duration(len(taskCounts) * len(priceContenders()))
	return time.Duration(o.rounds) * (loads*(o.duration+50*time.Millisecond) + 3*time.Second)
}

// price measures what tasks add to a request. The numbers of tasks alternate
// for one contender, because its own request without tasks is what its others
// are compared with.
func price(b *bench) error {
	contenders, left := b.withPython(priceContenders())
	client, err := measure.NewWrk(b.dir)
	if err != nil {
		return err
	}
	var tables []*report.Comparison
	for _, n := range taskCounts {
		tables = append(tables, b.out.Compare(fmt.Sprintf(priceName, n), contender.Bare.Name, serveMetrics...))
	}
	for round := range b.rounds {
		if err := b.priceRound(round, client, contenders, tables); err != nil {
			return err
		}
	}
	for _, table := range tables {
		for _, c := range left {
			table.Skip(c.Name, contender.ErrNoFastAPI.Error())
		}
	}
	b.out.Note("the handlers of this part have no dependency: only the number of tasks differs")
	return nil
}

func (b *bench) priceRound(round int, client *measure.Wrk, contenders []contender.Contender, tables []*report.Comparison) error {
	processes, err := b.startAll(contenders)
	defer killAll(processes)
	if err != nil {
		return err
	}
	order := contenders
	if round > 0 {
		order = rotated(contenders, round)
	}
	for i, n := range taskCounts {
		for _, c := range order {
			b.step("round %d of %d, %d tasks: %s", round+1, b.rounds, n, c.Name)
			t := target{"", "POST", fmt.Sprintf("/tasks/%d/ann@example.com", n), 32}
			values, err := b.load(client, processes[c.Name], t)
			if err != nil {
				return err
			}
			tables[i].Add(c.Name, values...)
		}
	}
	return nil
}

// priceCharts draws processor time over the number of tasks. It is what tasks
// cost, whoever waits for whom meanwhile.
func priceCharts(p *report.Part) {
	var inGo, all []report.Series
	for _, name := range p.Find(fmt.Sprintf(priceName, 0)).Measured() {
		s := report.Series{Name: name}
		for _, n := range taskCounts {
			s.X = append(s.X, float64(n))
			s.Y = append(s.Y, p.Find(fmt.Sprintf(priceName, n)).Median(name, "server CPU"))
		}
		all = append(all, s)
		if name != contender.FastAPI.Name && name != contender.FastAPIAsync.Name {
			inGo = append(inGo, s)
		}
	}
	const title, x = "Processor time of the server per request, µs", "background tasks a request"
	p.Chart(report.Chart{File: "price.svg", Title: title, X: x, Series: inGo})
	if len(all) > len(inGo) {
		p.Chart(report.Chart{File: "price-fastapi.svg", Title: title + ", with FastAPI", X: x, Series: all})
	}
}
