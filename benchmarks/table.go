package main

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"
)

// A side is one of those that a benchmark compares: what each round measured, by
// unit.
type side struct {
	name   string
	rounds map[string][]float64
}

// A comparison is a benchmark with its sides. The first is what the others are
// compared with.
type comparison struct {
	name  string
	sides []*side
}

// readComparisons reads what go test has printed, round after round.
func readComparisons(r io.Reader, file string) (list []*comparison, err error) {
	reader := benchfmt.NewReader(r, file)
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		name, sideName, ok := strings.Cut(result.Name.String(), "/side=")
		if !ok {
			continue
		}
		if dash := strings.LastIndexByte(sideName, '-'); dash >= 0 && strings.Trim(sideName[dash+1:], "0123456789") == "" {
			sideName = sideName[:dash] // without the number of processors
		}
		s := find(&list, name, func(c *comparison) string { return c.name }, func() *comparison { return &comparison{name: name} }).side(sideName)
		for _, v := range result.Values {
			s.rounds[v.Unit] = append(s.rounds[v.Unit], v.Value)
		}
	}
	return list, reader.Err()
}

// find returns the element of that name, which is added if there is none.
func find[T any](list *[]T, name string, nameOf func(T) string, add func() T) T {
	for _, v := range *list {
		if nameOf(v) == name {
			return v
		}
	}
	*list = append(*list, add())
	return (*list)[len(*list)-1]
}

func (c *comparison) side(name string) *side {
	return find(&c.sides, name, func(s *side) string { return s.name }, func() *side { return &side{name, map[string][]float64{}} })
}

// cpuUnits are the units of processor time, of which a comparison has one.
var cpuUnits = []string{"cpu-sec/op", "server-sec/op"}

// writeTable writes all comparisons as one table in Markdown. A ratio is that of
// two measurements of the same round: the median of the rounds, and the interval
// in which it lies with a confidence of 95 %.
func writeTable(w io.Writer, list []*comparison) {
	fmt.Fprintln(w, "| | time | ratio | processor time, ratio | allocations | peak memory |\n|---|--:|--:|--:|--:|--:|")
	for _, c := range list {
		fmt.Fprintf(w, "| **%s** | | | | | |\n", c.name)
		for _, s := range c.sides {
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n", s.name,
				s.scaled("sec/op"), s.ratio(c.sides[0], "sec/op"), s.ratio(c.sides[0], cpuUnits...), s.count("allocs/op"), s.scaled("peak-B"))
		}
	}
}

// summary is the median of values, and how far it can be trusted.
func summary(values []float64) benchmath.Summary {
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(values, &benchmath.DefaultThresholds), 0.95)
}

// scaled is the median of a unit in a prefix that a person reads.
func (s *side) scaled(unit string) string {
	values := s.rounds[unit]
	if len(values) == 0 {
		return ""
	}
	return benchunit.Scale(summary(values).Center, benchunit.ClassOf(unit)) + strings.TrimSuffix(strings.TrimPrefix(unit, "peak-"), "ec/op")
}

func (s *side) count(unit string) string {
	if len(s.rounds[unit]) == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f", summary(s.rounds[unit]).Center)
}

// ratio compares s with the first side in the first unit that both have.
func (s *side) ratio(first *side, units ...string) string {
	for _, unit := range units {
		mine, theirs := s.rounds[unit], first.rounds[unit]
		var ratios []float64
		for i := range min(len(mine), len(theirs)) {
			if theirs[i] > 0 {
				ratios = append(ratios, mine[i]/theirs[i])
			}
		}
		if len(ratios) == 0 {
			continue
		}
		if s == first {
			return "1"
		}
		r := summary(ratios)
		if len(ratios) < 6 { // too few for an interval
			return fmt.Sprintf("%.2f", r.Center)
		}
		return fmt.Sprintf("%.2f (%.2f–%.2f)", r.Center, r.Lo, r.Hi)
	}
	return ""
}
