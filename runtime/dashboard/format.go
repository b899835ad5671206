package dashboard

import (
	"fmt"
	"math"
	"path"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

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

// countText is how many there are: "10,000+" where that is not known to the end, "…"
// where it is not known at all.
func countText(c engine.Count) string {
	if c.More && c.N == 0 {
		return "…"
	}
	if c.More {
		return thousands(c.N) + "+"
	}
	return thousands(c.N)
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
	case s <= 0:
		return "0 s"
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

// took is how long something took, "–" where that is not known.
func took(d time.Duration) string {
	if d <= 0 {
		return "–"
	}
	return seconds(d.Seconds())
}

// whole is a duration in whole units: it counts, second by second.
func whole(d time.Duration) string {
	s := int(d.Seconds())
	switch {
	case s < 100:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min", s/60)
	case s < 48*3600:
		return fmt.Sprintf("%d h %d min", s/3600, s/60%60)
	}
	return fmt.Sprintf("%d days", s/86400)
}

// ago says how long ago a moment was, or how far off it is.
func ago(at, now time.Time) string {
	switch d := now.Sub(at); {
	case d <= -time.Second:
		return "in " + whole(-d)
	case d < time.Second:
		return "now"
	default:
		return whole(d) + " ago"
	}
}

// shortName is a name without the path in front: notify.WriteLog, mails.go:12.
func shortName(name string) string {
	if name == "" {
		return ""
	}
	return path.Base(name)
}

// fullName is a name if the short one does not say all.
func fullName(name string) string {
	if shortName(name) == name {
		return ""
	}
	return name
}
