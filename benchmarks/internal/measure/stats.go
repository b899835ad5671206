// Package measure takes measurements: of child processes, of servers under
// load, and what follows from a handful of rounds.
package measure

import (
	"math"
	"slices"
)

// NoisyAbove is the spread of a reference above which its machine was too
// unsteady for small differences to mean anything.
const NoisyAbove = 0.10

// Median is the middle of values, the mean of the two middle ones when they are
// even in number, and NaN when there are none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// Spread is the distance between the largest and the smallest of values, as a
// part of their median. It is 0 for fewer than two.
func Spread(values []float64) float64 {
	if len(values) < 2 {
		return 0
	}
	median := Median(values)
	if median == 0 {
		return 0
	}
	return (slices.Max(values) - slices.Min(values)) / math.Abs(median)
}

// Noisy reports whether rounds of one and the same thing differ too much.
func Noisy(values []float64) bool { return Spread(values) > NoisyAbove }

// A Ratio is how one series of rounds compares with another.
type Ratio struct {
	Median, Low, High float64
}

// RatioOf compares each round of values with the round of reference that was
// measured next to it, so that what slows a machine for a while slows both. Low
// and High are the extremes of the rounds. Rounds that one of the two lacks do
// not count; without any, or where the reference is 0, the ratio is NaN.
func RatioOf(values, reference []float64) Ratio {
	var ratios []float64
	for i := range min(len(values), len(reference)) {
		if reference[i] != 0 {
			ratios = append(ratios, values[i]/reference[i])
		}
	}
	if len(ratios) == 0 {
		return Ratio{math.NaN(), math.NaN(), math.NaN()}
	}
	return Ratio{Median(ratios), slices.Min(ratios), slices.Max(ratios)}
}
