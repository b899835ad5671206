package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/booking"
	"github.com/bggen/bggen/benchmarks/internal/measure"
	"github.com/bggen/bggen/benchmarks/internal/report"
)

var adapterMetrics = []report.Metric{{Name: "time", Unit: "ns"}, {Name: "processor time", Unit: "ns", Compared: true},
	{Name: "memory", Unit: "B"}, {Name: "allocations"}}

const (
	adapterName = "A request without a network, tasks: %d"

	// A round of a side is this many slices, of this many requests each: long
	// enough for several collections of garbage, and short enough that what
	// slows the machine for a while slows all sides.
	adapterSlices   = 15
	adapterRequests = 10_000
)

func adapterTakes(o options) time.Duration {
	sides := 0
	for tasks := range 3 {
		sides += len(booking.Sides(tasks))
	}
	return time.Duration(o.rounds*sides*adapterSlices*adapterRequests) * 5 * time.Microsecond / 2
}

// adapter compares a generated adapter with the same handler by hand.
func adapter(b *bench) error {
	for tasks := range 3 {
		table := b.out.Compare(fmt.Sprintf(adapterName, tasks), booking.ByHand, adapterMetrics...)
		if err := b.adapterTable(tasks, table); err != nil {
			return err
		}
	}
	b.out.Note("one path value, two of the query, a JSON body, three providers; each number of a round is the median of %d slices of %d requests, in which the sides alternate", adapterSlices, adapterRequests)
	b.out.Note("processor time is that of all threads: tasks and the collection of garbage run beside the handler, and wall time does not see all of them")
	for _, table := range b.out.Comparisons {
		b.out.Note("%s", adapterTuned(table))
	}
	for tasks, table := range b.out.Comparisons {
		b.out.Note("%s", adapterBudget(table, tasks))
	}
	return nil
}

func (b *bench) adapterTable(tasks int, table *report.Comparison) error {
	sides := booking.Sides(tasks)
	drives := map[string]*booking.Drive{}
	for _, side := range sides {
		var err error
		if drives[side.Name], err = side.Open(tasks); err != nil {
			return err
		}
	}
	for round := range b.rounds {
		costs := map[string][]measure.Cost{}
		for slice := range adapterSlices {
			b.step("round %d of %d, %d tasks: slice %d", round+1, b.rounds, tasks, slice+1)
			for _, side := range turned(sides, slice) {
				if err := b.ctx.Err(); err != nil {
					return err
				}
				cost, err := measure.Calls(adapterRequests, drives[side.Name].Serve)
				if err != nil {
					return err
				}
				costs[side.Name] = append(costs[side.Name], cost)
			}
		}
		for _, side := range sides {
			table.Add(side.Name, medians(costs[side.Name])...)
		}
	}
	return nil
}

// turned is list from another element on each time, and every other time
// backwards: so that none is always the one after the same other.
func turned[T any](list []T, n int) []T {
	order := rotated(list, n/2)
	if n%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// medians are the values of adapterMetrics. Allocations are counted in whole
// numbers, as package testing does: what is left are those of the scheduler.
func medians(costs []measure.Cost) []float64 {
	var wall, cpu, bytes, allocs []float64
	for _, c := range costs {
		wall = append(wall, c.Wall)
		cpu = append(cpu, c.CPU)
		bytes = append(bytes, float64(int(c.Bytes)))
		allocs = append(allocs, float64(int(c.Allocs)))
	}
	return []float64{measure.Median(wall), measure.Median(cpu), measure.Median(bytes), measure.Median(allocs)}
}

// adapterTuned says how far bggen is from what is left to gain by hand.
func adapterTuned(table *report.Comparison) string {
	const metric = "processor time"
	r := measure.RatioOf(table.Row(booking.Bggen).Rounds[metric], table.Row(booking.Tuned).Rounds[metric])
	return fmt.Sprintf("%s: bggen takes %.2f (%.2f–%.2f) times the processor time of the one by hand that was tuned", table.Title, r.Median, r.Low, r.High)
}

// adapterBudget says whether bggen keeps its budget: 1.05 times the time by
// hand, and two allocations more, plus one for each task.
func adapterBudget(table *report.Comparison, tasks int) string {
	ratio := table.Ratio(booking.Bggen, "time")
	more := table.Median(booking.Bggen, "allocations") - table.Median(booking.ByHand, "allocations")
	verdict := "within the budget"
	if ratio.Median > 1.05 || more > float64(2+tasks) {
		verdict = "**over the budget**"
	}
	return fmt.Sprintf("%s: bggen takes %.2f times the time by hand, and %+.0f allocations: %s of 1.05 and %+d", table.Title, ratio.Median, more, verdict, 2+tasks)
}

func adapterCharts(p *report.Part) {
	for _, tasks := range []int{0, 2} {
		p.Chart(barsOf(p.Find(fmt.Sprintf(adapterName, tasks)), "processor time", report.Chart{
			File:  fmt.Sprintf("adapter-%d.svg", tasks),
			Title: fmt.Sprintf("A request without a network, %d tasks: processor time, ns", tasks), X: "less is better"}))
	}
}
