package dashboard

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

// The size of a drawing in its own units. The page stretches it.
const (
	chartWidth  = 1000
	chartHeight = 100
)

// A chart is an hour or a day as paths of SVG, and what its edges stand for.
type chart struct {
	Ended, Failed string // lines
	Area          string // below the line of what has ended
	P50, P95      string
	Most          string // in a minute, at the top
	Longest       string // at the top
	Shortest      string // at the bottom, where the scale is logarithmic
	Quiet         bool   // nothing has ended
	Text          string // for who does not see it
}

// chartOf draws what has been measured, points of so many minutes. Of the last one a part
// has passed: it is drawn as if the rest were the same, or not at all where that is not
// much.
func chartOf(points []core.Measure, minutes, part float64) chart {
	n := len(points)
	ended, failed, p50, p95 := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	var c chart
	most, shortest, longest := 0.0, math.Inf(1), 0.0
	at := 0
	total, bad := 0, 0
	for i, p := range points {
		ended[i], failed[i] = float64(p.Ended)/minutes, float64(p.Failed)/minutes
		if i == n-1 {
			ended[i], failed[i] = ended[i]/part, failed[i]/part
		}
		if i == n-1 && part < 0.2 {
			ended[i], failed[i] = math.NaN(), math.NaN()
		}
		total, bad = total+p.Ended, bad+p.Failed
		if ended[i] > most {
			most, at = ended[i], i
		}
		p50[i], p95[i] = math.NaN(), math.NaN()
		if p.P50 > 0 {
			p50[i], p95[i] = p.P50.Seconds(), p.P95.Seconds()
			shortest, longest = min(shortest, p50[i]), max(longest, p95[i])
		}
	}
	if c.Quiet = total == 0; c.Quiet {
		c.Text = "Nothing has ended."
		return c
	}
	c.Text = fmt.Sprintf("%s attempts have ended, %s of them have failed. The most were %s a minute, at %s.",
		thousands(total), thousands(bad), number(most), points[at].At.Format("15:04"))
	top := max(most, 1)
	c.Most = number(top) + "/min"
	linear := func(v float64) float64 { return v / top }
	c.Ended, c.Area = line(ended, linear, false), line(ended, linear, true)
	if bad > 0 {
		c.Failed = line(failed, linear, false)
	}
	if longest == 0 {
		return c
	}
	scale := func(v float64) float64 { return v / longest }
	if longest > 30*shortest { // or the short ones could not be told from nothing
		low, high := math.Log(shortest), math.Log(longest)
		scale = func(v float64) float64 { return 0.05 + 0.95*(math.Log(v)-low)/(high-low) }
		c.Shortest = seconds(shortest)
	}
	c.Longest = seconds(longest)
	bridge(p50)
	bridge(p95)
	c.P50, c.P95 = line(p50, scale, false), line(p95, scale, false)
	return c
}

// bridge connects the points of which something is known over one or two of which
// nothing is: a task that runs every other minute is a line, and not dots.
func bridge(values []float64) {
	last := -1
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		for j := last + 1; last >= 0 && i-last <= 3 && j < i; j++ {
			values[j] = values[last] + float64(j-last)/float64(i-last)*(v-values[last])
		}
		last = i
	}
}

// line is values as a path, scaled so that 1 is at the top. It is interrupted
// where a value is NaN. An area goes down to the ground at both ends.
func line(values []float64, scale func(float64) float64, area bool) string {
	var b strings.Builder
	step := float64(chartWidth) / float64(max(len(values)-1, 1))
	drawing := false
	end := func() {
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
		x, y := math.Round(float64(i)*step), math.Round(chartHeight-scale(v)*(chartHeight-4)) // room for the line's width
		switch {
		case drawing:
			fmt.Fprintf(&b, "L%.0f %.0f", x, y)
		case area:
			fmt.Fprintf(&b, "M%.0f %dV%.0f", x, chartHeight, y)
		default:
			fmt.Fprintf(&b, "M%.0f %.0fH%.0f", max(x-step/2, 0), y, x) // a dash, if it is alone
		}
		drawing = true
	}
	end()
	return b.String()
}

// A span is an hour or a day.
type span struct {
	Name    string // in the address
	Text    string
	Day     bool
	Minutes float64 // of a point
}

var (
	hour = span{"hour", "the last hour", false, 1}
	day  = span{"day", "the last 24 hours", true, 10}
)

func spanOf(name string) span {
	if name == day.Name {
		return day
	}
	return hour
}

// part is how much of the present point has passed.
func (s span) part(now time.Time) float64 {
	length := time.Duration(s.Minutes * float64(time.Minute))
	return max(float64(now.Sub(now.Truncate(length)))/float64(length), 0.001)
}

// Times are what stands below a chart.
func (s span) Times(now time.Time) []string {
	if s.Day {
		return []string{now.Add(-24 * time.Hour).Format("15:04 yesterday"), now.Add(-12 * time.Hour).Format("15:04"), now.Format("15:04")}
	}
	return []string{now.Add(-time.Hour).Format("15:04"), now.Add(-30 * time.Minute).Format("15:04"), now.Format("15:04")}
}
