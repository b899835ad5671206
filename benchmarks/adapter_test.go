package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/benchmarks/internal/booking"
	"github.com/bggen/bggen/benchmarks/internal/report"
)

// No side always comes after the same other one.
func TestTurned(t *testing.T) {
	list := []string{"a", "b", "c"}
	for n, want := range []string{"abc", "cba", "bca", "acb", "cab", "bac", "abc"} {
		if got := strings.Join(turned(list, n), ""); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	if !slices.Equal(list, []string{"a", "b", "c"}) {
		t.Error("the list has changed")
	}
}

// The budget is of time, and of allocations, of which a task may cost one.
func TestAdapterBudget(t *testing.T) {
	for _, c := range []struct {
		time, allocs float64
		tasks        int
		over         bool
	}{
		{1050, 12, 0, false}, {1051, 12, 0, true}, {900, 13, 0, true}, {900, 14, 2, false}, {900, 15, 2, true},
	} {
		var p report.Part
		table := p.Compare("t", booking.ByHand, adapterMetrics...)
		table.Add(booking.ByHand, 1000, 1000, 1000, 10)
		table.Add(booking.Bggen, c.time, 1000, 1000, c.allocs)
		if got := adapterBudget(table, c.tasks); strings.Contains(got, "**over") != c.over {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
