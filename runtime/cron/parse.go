package cron

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A field is one of the five of an expression.
type field struct {
	name     string
	min, max int
	star     Stars
	names    []string // of the values from min on, in lower case
}

var fields = [5]field{
	{name: "minute", max: 59, star: StarMinute},
	{name: "hour", max: 23, star: StarHour},
	{name: "day of the month", min: 1, max: 31, star: StarDay},
	{name: "month", min: 1, max: 12, names: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of the week", max: 7, star: StarWeekday, names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

var shorthands = map[string]string{
	"@hourly":   "0 * * * *",
	"@daily":    "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@weekly":   "0 0 * * 0",
	"@monthly":  "0 0 1 * *",
	"@yearly":   "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
}

// Parse reads an expression of five fields, minute, hour, day of the month,
// month and day of the week, as crontab(5) describes them, or one of @hourly,
// @daily, @midnight, @weekly, @monthly, @yearly and @annually. A field is *, a
// number, a range such as 1-5, */15 or 0-30/10, or a list of these. Months and
// days of the week may be written as their first three letters. The error says
// which field is wrong. An expression that is never due, such as one for
// February 30, is an error too.
func Parse(expr string) (Schedule, error) {
	text := expr
	if strings.HasPrefix(expr, "@") {
		var ok bool
		if text, ok = shorthands[strings.ToLower(expr)]; !ok {
			return Schedule{}, fmt.Errorf("%q is unknown: write @hourly, @daily, @weekly, @monthly, @yearly or five fields", expr)
		}
	}
	list := strings.Fields(text)
	if len(list) != len(fields) {
		return Schedule{}, fmt.Errorf("%q has %d fields, and needs five: minute, hour, day of the month, month, day of the week", expr, len(list))
	}
	var s Schedule
	var sets [5]uint64
	for i, f := range fields {
		set, err := f.parse(list[i])
		if err != nil {
			return Schedule{}, err
		}
		sets[i] = set
		if strings.HasPrefix(list[i], "*") {
			s.Stars |= f.star
		}
	}
	s.Minutes, s.Hours, s.Days, s.Months = sets[0], uint32(sets[1]), uint32(sets[2]), uint16(sets[3])
	s.Weekdays = uint8(sets[4]&0x7f | sets[4]>>7) // 7 is Sunday, like 0
	if s.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("%q never comes", expr)
	}
	return s, nil
}

// parse reads the list of a field.
func (f field) parse(text string) (set uint64, err error) {
	for _, item := range strings.Split(text, ",") {
		bits, err := f.item(item)
		if err != nil {
			return 0, fmt.Errorf("%s %q: %w", f.name, text, err)
		}
		set |= bits
	}
	return set, nil
}

// item reads one entry of a list.
func (f field) item(text string) (set uint64, err error) {
	span, stepText, stepped := strings.Cut(text, "/")
	step := 1
	if stepped {
		if step, err = strconv.Atoi(stepText); err != nil || step < 1 || step > f.max {
			return 0, fmt.Errorf("the step %q is not a number from 1 to %d", stepText, f.max)
		}
	}
	first, last := f.min, f.max
	if from, to, isRange := strings.Cut(span, "-"); span != "*" {
		if first, err = f.value(from); err != nil {
			return 0, err
		}
		switch {
		case isRange:
			if last, err = f.value(to); err != nil {
				return 0, err
			}
		case stepped:
			return 0, fmt.Errorf("a step needs a range: write %s-%d/%d", from, f.max, step)
		default:
			last = first
		}
	}
	if first > last {
		return 0, fmt.Errorf("the range %s ends before it begins", span)
	}
	for i := first; i <= last; i += step {
		set |= 1 << i
	}
	return set, nil
}

// value reads a number, or the name of one.
func (f field) value(text string) (int, error) {
	for i, name := range f.names {
		if strings.EqualFold(text, name) {
			return f.min + i, nil
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < f.min || n > f.max || text[0] == '+' {
		return 0, fmt.Errorf("%q is not a number from %d to %d", text, f.min, f.max)
	}
	return n, nil
}
