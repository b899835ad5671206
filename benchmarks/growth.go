package main

import (
	"fmt"

	"github.com/bggen/bggen/benchmarks/internal/report"
	"github.com/bggen/bggen/benchmarks/internal/synthetic"
)

// A growth is one way in which there is more and more to do.
type growth struct {
	title, noun string
	counts      []int
	shape       func(int) (packages, each int) // and handlers in each
}

var growths = [2]growth{
	{"How bggen grows: one package", "handlers", []int{10, 30, 100, 300, 1000, 3000}, func(n int) (packages, each int) { return 1, n }},
	{"How bggen grows: packages of 10 handlers", "packages", []int{1, 3, 10, 30, 100}, func(n int) (packages, each int) { return n, 10 }},
}

func (g growth) row(n int) string { return fmt.Sprintf("%s: %d", g.noun, n) }

// grow measures how the time of bggen grows. In each round all sizes take their
// turn.
func (w *workshop) grow(g growth) error {
	table := w.out.Compare(g.title, "", generateMetrics...)
	var subjects []subject
	for _, n := range g.counts {
		w.step("%s: making a module, %s", g.title, g.row(n))
		packages, each := g.shape(n)
		m, err := synthetic.Handlers(w.ctx, w.newDir(), w.root, synthetic.Bggen, packages, each)
		if err != nil {
			return err
		}
		s := subject{g.row(n), m, w.command(synthetic.Bggen)}
		if _, err := w.measure(s, state{}); err != nil {
			return err
		}
		subjects = append(subjects, s)
	}
	for round := range w.rounds {
		for _, s := range subjects {
			w.step("%s, round %d of %d: %s", g.title, round+1, w.rounds, s.name)
			values, err := w.measure(s, state{})
			if err != nil {
				return err
			}
			table.Add(s.name, values...)
		}
	}
	return nil
}

// growthChart draws both growths over the number of handlers.
func growthChart(p *report.Part) {
	c := report.Chart{File: "growth.svg", Title: "Time to generate, seconds", X: "handlers", Log: true}
	for i, g := range growths {
		s := report.Series{Name: [2]string{"bggen, in one package", "in packages of 10"}[i]}
		for _, n := range g.counts {
			packages, each := g.shape(n)
			s.X = append(s.X, float64(packages*each))
			s.Y = append(s.Y, p.Find(g.title).Median(g.row(n), "time"))
		}
		c.Series = append(c.Series, s)
	}
	p.Chart(c)
}
