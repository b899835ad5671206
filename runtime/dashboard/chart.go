package dashboard

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// The size of a drawing in its own units: two of them a second. The page
// stretches it.
const (
	chartStep   = 2
	chartHeight = 100
)

// A chart is the last two minutes of one name as paths of SVG, and what its
// edges stand for. A line is interrupted where nobody looked.
type chart struct {
	Rate   string `json:"rate"` // a line
	Area   string `json:"area"` // below it
	P50    string `json:"p50"`
	P95    string `json:"p95"`
	Most   string `json:"most"`   // per second, at the top
	Latest string `json:"latest"` // of the p95, at the top
}

// chart draws a series. r.mu is held.
func (r *rates) chart(s *series, at int64) chart {
	var per, p50, p95 [window]float64
	most, longest := 1.0, 0.0
	for i := range window {
		t := at - window + int64(i)
		per[i], p50[i], p95[i] = math.NaN(), math.NaN(), math.NaN()
		if r.looked[t%window] != t {
			continue
		}
		per[i] = 0
		if x := &s.seconds[t%window]; x.at == t {
			per[i] = float64(x.ended)
			if m := x.took.percentile(0.5); m != nil {
				p50[i], p95[i] = *m, *x.took.percentile(0.95)
			}
		}
		most = max(most, per[i])
		if p95[i] > longest {
			longest = p95[i]
		}
	}
	r.bridge(&p50, at)
	r.bridge(&p95, at)
	c := chart{
		Rate: line(per, most, false), Area: line(per, most, true),
		P50: line(p50, longest, false), P95: line(p95, longest, false),
		Most: fmt.Sprintf("%s/s", number(most)),
	}
	if longest > 0 {
		c.Latest = seconds(longest)
	}
	return c
}

// bridge connects the seconds in which something has ended over those in which
// nothing has, as long as somebody looked.
func (r *rates) bridge(values *[window]float64, at int64) {
	last := -1
	for i := range values {
		t := at - window + int64(i)
		switch {
		case r.looked[t%window] != t:
			last = -1
		case !math.IsNaN(values[i]):
			for j := last + 1; last >= 0 && j < i; j++ {
				part := float64(j-last) / float64(i-last)
				values[j] = values[last] + part*(values[i]-values[last])
			}
			last = i
		}
	}
}

// line is values as a path, scaled so that top is at the top. It is interrupted
// where a value is NaN. An area goes down to the ground at both ends.
func line(values [window]float64, top float64, area bool) string {
	var b strings.Builder
	drawing, before := false, 0
	flat := 0 // units to the right that are not written down yet
	right := func() {
		if flat > 0 {
			fmt.Fprintf(&b, "h%d", flat)
			flat = 0
		}
	}
	end := func() {
		right()
		if drawing && area {
			fmt.Fprintf(&b, "V%dz", chartHeight)
		}
		drawing = false
	}
	for i, v := range values {
		if math.IsNaN(v) {
			end()
			continue
		}
		y := chartHeight
		if top > 0 {
			y -= int(math.Round(v / top * (chartHeight - 4))) // room for the line's width
		}
		switch {
		case !drawing && area:
			fmt.Fprintf(&b, "M%d %dV%d", i*chartStep, chartHeight, y)
		case !drawing:
			fmt.Fprintf(&b, "M%d %dh0", i*chartStep, y) // a dot, if it is alone
		case y == before:
			flat += chartStep
		default:
			right()
			fmt.Fprintf(&b, "l%d %d", chartStep, y-before)
		}
		drawing, before = true, y
	}
	end()
	return b.String()
}

// number is n as one reads it.
func number(n float64) string {
	switch {
	case n == 0:
		return "0"
	case n < 0.095:
		return fmt.Sprintf("%.2f", n)
	case n < 9.95:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0")
	}
	return thousands(int(math.Round(n)))
}

// thousands is n with commas.
func thousands[N int | uint64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// seconds is a duration as one reads it: two figures, and a unit.
func seconds(s float64) string {
	two := func(v float64, unit string) string {
		if v < 9.95 {
			return fmt.Sprintf("%.1f %s", v, unit)
		}
		return fmt.Sprintf("%.0f %s", v, unit)
	}
	switch {
	case s < 0.000_9995:
		return two(s*1e6, "µs")
	case s < 0.9995:
		return two(s*1e3, "ms")
	case s < 99.5:
		return two(s, "s")
	case s < 3600:
		return fmt.Sprintf("%.0f min", s/60)
	case s < 48*3600:
		return two(s/3600, "h")
	}
	return fmt.Sprintf("%.0f days", s/86400)
}

// ago says how long ago a moment was.
func ago(at, now time.Time) string {
	switch d := now.Sub(at); {
	case d < time.Second:
		return "just now"
	case d < 100*time.Second:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	default:
		return seconds(d.Seconds()) + " ago"
	}
}
