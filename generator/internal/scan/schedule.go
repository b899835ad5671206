package scan

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the machine that generates may have none

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/runtime/cron"
)

// A Schedule is a directive that says when a task runs by itself.
type Schedule struct {
	diag.Range
	Every   time.Duration // 0: there is an expression
	Expr    string
	Cron    cron.Schedule // what it means
	Zone    string        // "": UTC
	Jitter  time.Duration
	Missed  time.Duration // 0: as the runtime says
	Overlap bool
	Once    bool
}

// mostMissed is how long engines know at least what has run.
const mostMissed = 24 * time.Hour

// everyOptions and cronOptions are those of the directives every and cron.
var (
	everyOptions = []option{
		{key: "jitter", want: "a duration shorter than the time between two runs", set: func(t *target, value string) (ok bool) {
			t.schedule.Jitter, ok = durationUpTo(value, t.schedule.shortestGap()-1)
			return ok
		}},
		{key: "missed", want: "a duration of 24h at most", hint: func(string) string { return "engines know for a day what was run: write missed=6h, for example" }, set: func(t *target, value string) (ok bool) {
			t.schedule.Missed, ok = durationUpTo(value, mostMissed)
			return ok
		}},
		scheduleWord("overlap", func(s *Schedule) *bool { return &s.Overlap }),
		scheduleWord("once", func(s *Schedule) *bool { return &s.Once }),
	}
	cronOptions = append([]option{{key: "tz", want: "the name of a time zone, such as Europe/Berlin", set: func(t *target, value string) bool {
		_, err := time.LoadLocation(value)
		t.schedule.Zone = value
		return err == nil && value != "" && value != "Local"
	}}}, everyOptions...)
)

func durationUpTo(value string, most time.Duration) (time.Duration, bool) {
	d, err := time.ParseDuration(value)
	return d, err == nil && d > 0 && d <= most
}

func scheduleWord(key string, field func(*Schedule) *bool) option {
	return option{key: key, form: word, set: func(t *target, _ string) bool {
		*field(&t.schedule) = true
		return true
	}}
}

// every reads the period of an every directive.
func (s *scanner) every(t *target, d directive) bool {
	arg := d.args[0]
	period, err := time.ParseDuration(arg.text)
	if err != nil || period < time.Second {
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s is not a duration of a second or more", arg.text).WithHint("%s", withUnit(arg.text)))
		return false
	}
	if !cron.Every(period).Valid() {
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s neither divides 24 hours nor is a number of whole days", arg.text).
			WithHint("all processes count the instants from midnight UTC: write %s, or use //bggen:cron", validPeriods(period)))
		return false
	}
	t.schedule = Schedule{Range: d.Range, Every: period}
	return true
}

// validPeriods are those next to one that is none, in words.
func validPeriods(d time.Duration) string {
	const day = 24 * time.Hour
	if d > day {
		days := int(d / day)
		return fmt.Sprintf("%dh or %dh", 24*days, 24*(days+1))
	}
	shorter, longer := day/(day/d+1), day/(day/d)
	for n := day/d + 1; day%n != 0 || (day/n)%time.Second != 0; n++ {
		shorter = day / (n + 1)
	}
	for n := day / d; day%n != 0 || (day/n)%time.Second != 0; n-- {
		longer = day / (n - 1)
	}
	return short(shorter) + " or " + short(longer)
}

// short is a duration without parts that are zero: 6h, and not 6h0m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// cron reads the expression of a cron directive.
func (s *scanner) cron(t *target, d directive) bool {
	arg := d.args[0]
	if len(d.args) >= 5 && !strings.Contains(arg.text, " ") && !strings.HasPrefix(arg.text, "@") {
		var fields []string
		for _, a := range d.args[:5] {
			fields = append(fields, a.text)
		}
		s.report(diag.New(diag.DirectiveArgument, diag.Range{Start: arg.Start, End: d.args[4].End}, "the expression of %s is not in quotes", d).
			WithHint("write %s %q", d, strings.Join(fields, " ")))
		return false
	}
	parsed, err := cron.Parse(arg.text)
	if err != nil {
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%v", err).
			WithHint("an expression has five fields, minute, hour, day of the month, month and day of the week: \"30 2 * * 1-5\" is at 2:30 from Monday to Friday"))
		return false
	}
	t.schedule = Schedule{Range: d.Range, Expr: arg.text, Cron: parsed}
	return true
}

// addSchedule adds a schedule that the function does not have.
func (s *scanner) addSchedule(t *target, d directive) {
	one := t.schedule
	for _, other := range t.f.Schedules {
		if other.Every == one.Every && other.Expr == one.Expr && other.Zone == one.Zone {
			s.report(diag.New(diag.DirectiveConflict, d.Range, "%s says the same as the one in %s", d, at(other.Start)).
				WithHint("keep one of them"))
		}
	}
	t.f.Schedules = append(t.f.Schedules, one)
}

// shortestGap is the shortest time between two runs, of a year or of the first
// thousand.
func (s Schedule) shortestGap() time.Duration {
	if s.Every != 0 {
		return s.Every
	}
	zone, err := time.LoadLocation(s.Zone) // "" is UTC
	if err != nil {
		zone = time.UTC
	}
	begin := s.Cron.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, zone))
	gap := 366 * 24 * time.Hour
	for n, last := 0, begin; n < 1000 && last.Sub(begin) < 366*24*time.Hour; n++ {
		next := s.Cron.Next(last)
		if next.IsZero() {
			break
		}
		gap, last = min(gap, next.Sub(last)), next
	}
	return gap
}

// checkSchedules complains of schedules of a function that is no task.
func (s *scanner) checkSchedules(f *Func) {
	if len(f.Schedules) > 0 && f.Role != Task {
		s.report(diag.New(diag.DirectiveConflict, f.Schedules[0].Range, "%s is no task, and cannot run by itself", f.FullName()).
			WithHint("add //bggen:task to it, or have a task of its own call what it calls"))
	}
}
