package main

import (
	"fmt"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/ordering"
	"github.com/bggen/bggen/benchmarks/internal/report"
)

var orderMetrics = []report.Metric{{Name: "requests"}, {Name: "tasks"}, {Name: "before the end of the response"},
	{Name: "out of order"}, {Name: "requests a second"}}

func orderTakes(o options) time.Duration {
	return time.Duration(float64(o.requests) * 1.1 * float64(30*time.Microsecond))
}

// order counts, over many requests, the tasks that start before the last byte
// of their response has been handed to the connection, and those that overtake
// one another. One is too many, so there are no rounds; bare go statements are
// beside it to show that the check would see them.
func order(b *bench) error {
	b.out.Rounds = 1
	table := b.out.Compare("Tasks that start too early", "", orderMetrics...)
	var broken int64
	for _, way := range []ordering.Way{ordering.Hook, ordering.Flush, ordering.Bare} {
		requests := b.requests / 2
		if way == ordering.Bare {
			requests = max(1, b.requests/10)
		}
		counts, err := ordering.Run(b.ctx, way, requests, func(n int64) {
			b.step("%s: %d of %d requests", way, n, requests)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", way, err)
		}
		table.Add(string(way), float64(counts.Requests), float64(counts.Tasks), float64(counts.Early),
			float64(counts.Disorder), float64(counts.Requests)/counts.Took.Seconds())
		if way != ordering.Bare {
			broken += counts.Early + counts.Disorder + max(0, 2*counts.Requests-counts.Tasks)
		}
	}
	b.out.Note("client and server are one process here, with bodies of 20, 2048 and 20 000 bytes, over 16 connections")
	if broken > 0 {
		b.out.Note("**the promise was broken %d times**", broken)
	} else {
		b.out.Note("the promise was kept")
	}
	return nil
}
