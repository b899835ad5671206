package core

import (
	"math"
	"time"
)

// durations counts how long attempts took, from a microsecond to half a day, in
// steps of a quarter of an octave. It knows the shortest and the longest one, so
// that attempts which all take the same time are reported exactly.
type durations struct {
	count     [durationSteps]uint32
	skipped   uint32        // attempts of less than [exactly] whose time was not taken
	low, high time.Duration // the shortest and the longest; 0: there is none
}

const (
	durationSteps = 4 * 36
	perOctave     = 4
)

// exactly is how long an attempt is at least if it is measured when the clock was not
// asked at its beginning: the coarse clock is good enough for it.
const exactly = 2 * tick

// stepOf is the index of the step that d is in.
func stepOf(d time.Duration) int {
	i := int(perOctave * math.Log2(float64(d)/float64(time.Microsecond)))
	return min(max(i, 0), durationSteps-1)
}

// edge is where step i begins.
func edge(i int) float64 { return float64(time.Microsecond) * math.Exp2(float64(i)/perOctave) }

func (h *durations) add(d time.Duration) {
	d = max(d, 1)
	h.count[stepOf(d)]++
	if h.low == 0 || d < h.low {
		h.low = d
	}
	h.high = max(h.high, d)
}

func (h *durations) merge(o *durations) {
	if o.low == 0 && o.skipped == 0 {
		return
	}
	for i, n := range o.count {
		h.count[i] += n
	}
	h.skipped += o.skipped
	if h.low == 0 || o.low != 0 && o.low < h.low {
		h.low = o.low
	}
	h.high = max(h.high, o.high)
}

// weight is how many attempts each one stands for that is counted among the short
// ones: those whose time was not taken are like them.
func (h *durations) weight() float64 {
	short := uint32(0)
	for _, n := range h.count[:stepOf(exactly)] {
		short += n
	}
	if short == 0 {
		return 1
	}
	return float64(short+h.skipped) / float64(short)
}

// percentile is the duration that a part p of all attempts does not exceed, 0 if
// there is none. Within a step it is interpolated.
func (h *durations) percentile(p float64) time.Duration {
	if h.low == 0 {
		return 0
	}
	weight, short := h.weight(), stepOf(exactly)
	of := func(i int) float64 {
		if i < short {
			return float64(h.count[i]) * weight
		}
		return float64(h.count[i])
	}
	total := 0.0
	for i := range h.count {
		total += of(i)
	}
	rank := p * total
	for i := range h.count {
		n := of(i)
		if n == 0 || n < rank {
			rank -= n
			continue
		}
		from, to := max(edge(i), float64(h.low)), min(edge(i+1), float64(h.high))
		if i == 0 {
			from = float64(h.low)
		}
		if i == durationSteps-1 {
			to = float64(h.high)
		}
		return time.Duration(from * math.Pow(to/from, rank/n))
	}
	return h.high
}
