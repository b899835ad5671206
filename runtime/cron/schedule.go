// Package cron says when something that happens again and again is due next. A
// [Schedule] is a parsed cron expression, and [Every] a period. Neither starts
// anything: they answer with an instant.
//
//	s, err := cron.Parse("30 2 * * 1-5")
//	...
//	next := s.Next(time.Now().In(berlin))
package cron

import (
	"math/bits"
	"time"
)

// A Schedule is a cron expression as sets of bits: bit i of Minutes is set if
// the schedule includes minute i, and so on. Days and Months begin at bit 1,
// Weekdays at bit 0, which is Sunday.
//
// A schedule follows the rule of Vixie cron when the clock changes. A schedule
// whose minute or hour is written with an asterisk follows real time: an hourly
// one runs 25 times on the day that has 25 hours. Any other names points of the
// local clock: one that does not exist because the clock jumps forward is due
// when the clock has jumped, and one that exists twice is due the first time.
type Schedule struct {
	Minutes  uint64
	Hours    uint32
	Days     uint32
	Months   uint16
	Weekdays uint8
	Stars    Stars
}

// Stars are the fields of an expression that were written with an asterisk, "*"
// or "*/n".
type Stars uint8

// The fields whose asterisk makes a difference.
const (
	StarMinute  Stars = 1 << iota // the schedule follows real time
	StarHour                      // likewise
	StarDay                       // a day has to fit Days and Weekdays, not one of them
	StarWeekday                   // likewise
)

// horizon is how far ahead Next looks, in days. February 29 may be eight years
// away: 1896 and 1904 are leap years, and 1900 is none.
const horizon = 8*366 + 31

// Next returns the first instant after t at which s is due, by the clock of t's
// location. It returns the zero time if there is none.
func (s Schedule) Next(t time.Time) time.Time {
	if s.Stars&(StarMinute|StarHour) != 0 {
		return s.nextReal(t)
	}
	return s.nextNamed(t)
}

// nextNamed is Next for points of the local clock: it tries one after the other.
func (s Schedule) nextNamed(t time.Time) time.Time {
	year, month, first := t.Date()
	for i := range horizon {
		// A day early: a point of yesterday's clock may be due only today, if
		// the clock jumped over midnight.
		day := time.Date(year, month, first+i-1, 12, 0, 0, 0, time.UTC)
		if !s.hasDay(day) {
			continue
		}
		for hours := s.Hours; hours != 0; hours &= hours - 1 {
			for minutes := s.Minutes; minutes != 0; minutes &= minutes - 1 {
				due := at(day, bits.TrailingZeros32(hours), bits.TrailingZeros64(minutes), t.Location())
				if due.After(t) {
					return due
				}
			}
		}
	}
	return time.Time{}
}

// at returns the instant at which the clock of loc first shows hour and minute
// of a day, or jumps over them.
func at(day time.Time, hour, minute int, loc *time.Location) time.Time {
	year, month, d := day.Date()
	t := time.Date(year, month, d, hour, minute, 0, 0, loc)
	start, end := t.ZoneBounds()
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	wanted := time.Date(year, month, d, hour, minute, 0, 0, time.UTC)
	switch {
	case shown.After(wanted): // by the offset before the jump, and so t is after it
		return start
	case shown.Before(wanted):
		return end
	case start.IsZero():
		return t
	}
	// If the clock was set back at start, it may have shown this before.
	_, offset := t.Zone()
	_, before := start.Add(-time.Nanosecond).Zone()
	if earlier := t.Add(time.Duration(offset-before) * time.Second); earlier.Before(start) {
		return earlier
	}
	return t
}

// nextReal is Next for schedules that follow real time: it goes from minute to
// minute, and over hours and days that do not fit at once.
func (s Schedule) nextReal(t time.Time) time.Time {
	end := t.AddDate(0, 0, horizon)
	t = t.Add(time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	for t.Before(end) {
		hour, minute := t.Hour(), t.Minute()
		switch {
		case !s.hasDay(t):
			t = forward(t, 24*60-hour*60-minute)
		case s.Hours>>hour&1 == 0:
			t = forward(t, 60-minute)
		case s.Minutes>>minute&1 == 0:
			t = forward(t, min(bits.TrailingZeros64(s.Minutes>>minute), 60-minute))
		default:
			return t
		}
	}
	return time.Time{}
}

// forward goes some minutes ahead, but not over a change of the clock.
func forward(t time.Time, minutes int) time.Time {
	next := t.Add(time.Duration(minutes) * time.Minute)
	if _, end := t.ZoneBounds(); !end.IsZero() && end.Before(next) {
		return end
	}
	return next
}

// hasDay reports whether the date of t fits.
func (s Schedule) hasDay(t time.Time) bool {
	day := s.Days>>t.Day()&1 != 0
	weekday := s.Weekdays>>t.Weekday()&1 != 0
	if s.Stars&(StarDay|StarWeekday) == 0 {
		day = day || weekday // both are named: cron takes either
	} else {
		day = day && weekday
	}
	return day && s.Months>>t.Month()&1 != 0
}

// Every is a period that begins anew at midnight UTC: one that divides 24
// hours, or a whole number of days. All processes agree on its instants.
type Every time.Duration

// Next returns the first instant after t that is a whole number of periods
// away from midnight UTC; for periods of several days, from January 1 of year 1.
func (e Every) Next(t time.Time) time.Time {
	period := time.Duration(e)
	return t.Truncate(period).Add(period)
}

// Valid reports whether e divides 24 hours or is a whole number of days.
func (e Every) Valid() bool {
	const day = Every(24 * time.Hour)
	return e > 0 && (day%e == 0 || e%day == 0)
}
