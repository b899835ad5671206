package dashboard

import (
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

func TestChart(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	points := make([]core.Measure, 60)
	for i := range points {
		points[i].At = at.Add(time.Duration(i) * time.Minute)
	}
	if c := chartOf(points, 1, 0.5); !c.Quiet || c.Ended != "" || c.Text != "Nothing has ended." {
		t.Errorf("when all is quiet: %+v", c)
	}
	points[30] = core.Measure{At: points[30].At, Ended: 120, Failed: 3, P50: 10 * time.Millisecond, P95: 20 * time.Millisecond}
	c := chartOf(points, 1, 0.5)
	if c.Quiet || c.Most != "120/min" || c.Longest != "20 ms" || c.Shortest != "" || c.Failed == "" ||
		c.Text != "120 attempts have ended, 3 of them have failed. The most were 120 a minute, at 03:30." {
		t.Errorf("%+v", c)
	}
	points[40] = core.Measure{At: points[40].At, Ended: 1, P50: 40 * time.Second, P95: 40 * time.Second}
	if c := chartOf(points, 1, 0.5); c.Longest != "40 s" || c.Shortest != "10 ms" {
		t.Errorf("a scale for long and short ones: %+v", c)
	}
	points[59].Ended = 10
	if c := chartOf(points, 1, 0.05); !strings.HasSuffix(c.Ended, "L983 100") {
		t.Errorf("a minute that has just begun is drawn: %s", c.Ended)
	}
	if c := chartOf(points, 1, 0.5); !strings.HasSuffix(c.Ended, "L1000 84") {
		t.Errorf("half a minute: %s", c.Ended)
	}
	plain := regexp.MustCompile(`\A[MLHVhz0-9. -]*\z`)
	for _, path := range []string{c.Ended, c.Failed, c.Area, c.P50, c.P95} {
		if !plain.MatchString(path) || strings.Contains(path, "NaN") {
			t.Errorf("a path: %s", path)
		}
	}
}

func TestLine(t *testing.T) {
	same := func(v float64) float64 { return v }
	none := math.NaN()
	for _, c := range []struct {
		values []float64
		area   bool
		want   string
	}{
		{[]float64{0, 1, 0}, false, "M0 100H0L500 4L1000 100"},
		{[]float64{none, 0.5, none}, false, "M250 52H500"},
		{[]float64{0, 1, none}, true, "M0 100V100L500 4V100z"},
		{[]float64{none, none}, true, ""},
	} {
		if got := line(c.values, same, c.area); got != c.want {
			t.Errorf("%v: %s", c.values, got)
		}
	}
	values := []float64{1, none, 3, none, none, none, 4}
	if bridge(values); values[1] != 2 || !math.IsNaN(values[4]) {
		t.Errorf("%v", values)
	}
}

func TestDurationsAsTexts(t *testing.T) {
	for d, want := range map[time.Duration]string{
		40 * time.Second: "40 s", 950 * time.Nanosecond: "0.9 µs", 12 * time.Millisecond: "12 ms", 90 * time.Minute: "1.5 h", 0: "–", 100 * time.Hour: "4 days",
	} {
		if got := took(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
	now := time.Now()
	for d, want := range map[time.Duration]string{
		0: "now", 5 * time.Second: "5 s ago", -5 * time.Second: "in 5 s", 61 * time.Minute: "1 h 1 min ago", -50 * time.Minute: "in 50 min",
	} {
		if got := ago(now.Add(-d), now); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}
