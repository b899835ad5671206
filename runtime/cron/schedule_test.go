package cron

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// zones have changes of one hour, of half an hour, at midnight, over a whole
// day, in the middle of an hour, and none.
var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "America/St_Johns", "Asia/Beirut"}

func load(t testing.TB, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// fits is the plain reading of an expression: whether a wall clock fits, which
// is given as minutes since January 1, 1970.
func fits(s Schedule, clock int64) bool {
	if s.Minutes>>(clock%60)&1 == 0 || s.Hours>>(clock/60%24)&1 == 0 {
		return false
	}
	wall := time.Unix(clock*60, 0).UTC()
	if s.Months>>wall.Month()&1 == 0 {
		return false
	}
	day, weekday := s.Days>>wall.Day()&1 != 0, s.Weekdays>>wall.Weekday()&1 != 0
	if s.Stars&StarDay != 0 || s.Stars&StarWeekday != 0 {
		return day && weekday
	}
	return day || weekday
}

// A clock is what a wall clock shows at each minute of a span of time.
type clock struct {
	from, to time.Time
	shows    []int64 // in minutes since January 1, 1970, from the minute before
}

func newClock(from, to time.Time) clock {
	c := clock{from: from, to: to}
	for t := from.Add(-time.Minute); t.Before(to); t = t.Add(time.Minute) {
		_, offset := t.Zone()
		c.shows = append(c.shows, (t.Unix()+int64(offset))/60)
	}
	return c
}

// oracle goes through real time minute by minute, as cron does, and lists what
// is due. When the clock jumps ahead, it looks at each minute that was jumped
// over; what the clock has shown before is not due again.
func (c clock) oracle(s Schedule) (list []time.Time) {
	latest := c.shows[0]
	for i, shown := range c.shows[1:] {
		due := false
		if s.Stars&(StarMinute|StarHour) != 0 {
			due = fits(s, shown)
		} else {
			for next := latest + 1; next <= shown; next++ {
				due = due || fits(s, next)
			}
		}
		latest = max(latest, shown)
		if due {
			list = append(list, c.from.Add(time.Duration(i)*time.Minute))
		}
	}
	return list
}

func TestNextAgreesWithTheClock(t *testing.T) {
	expressions := []string{
		"30 2 * * *", "0,30 0,2,3 13 * 5", "5 0 1 3,11 7", // points of the clock
		"*/20 * * * *", "*/15 2 */2 * 1-5", "7 */2 * * 1", // real time
	}
	for _, zone := range zones {
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).In(load(t, zone))
		if zone == "Pacific/Apia" || zone == "America/St_Johns" { // where changes of the clock were odder then
			from = from.AddDate(-15, 0, 0)
		}
		c := newClock(from, from.AddDate(0, 0, 366))
		for _, expr := range expressions {
			t.Run(zone+" "+expr, func(t *testing.T) {
				s, err := Parse(expr)
				if err != nil {
					t.Fatal(err)
				}
				c.compare(t, s)
			})
		}
	}
}

func (c clock) compare(t *testing.T, s Schedule) {
	t.Helper()
	var got []time.Time
	for next := s.Next(c.from.Add(-time.Nanosecond)); next.Before(c.to) && !next.IsZero(); next = s.Next(next) {
		got = append(got, next)
	}
	want := c.oracle(s)
	for i := range min(len(got), len(want)) {
		if !got[i].Equal(want[i]) {
			t.Fatalf("due %s, want %s", got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("due %d times, want %d", len(got), len(want))
	}
}

func TestNextAgreesWithTheClockForRandomSchedules(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		s := Schedule{
			Minutes:  random.Uint64() & random.Uint64() & (1<<60 - 1),
			Hours:    random.Uint32() & (1<<24 - 1),
			Days:     random.Uint32() &^ 1,
			Months:   uint16(random.Uint32()) & (1<<13 - 2),
			Weekdays: uint8(random.Uint32()) & 0x7f,
			Stars:    Stars(random.Uint32() & 15),
		}
		zone := zones[random.IntN(len(zones))]
		// A month around a change of the clock.
		from := time.Date(2010+random.IntN(17), []time.Month{3, 4, 9, 10, 11, 12}[random.IntN(6)], 1, 0, 0, 0, 0, load(t, zone))
		t.Run(fmt.Sprintf("%s %+v", zone, s), func(t *testing.T) { newClock(from, from.AddDate(0, 0, 35)).compare(t, s) })
	}
}

func TestEvery(t *testing.T) {
	noon := time.Date(2026, 3, 29, 12, 0, 0, 0, load(t, "Europe/Berlin")) // 10:00 UTC
	for period, want := range map[time.Duration]string{
		15 * time.Minute: "2026-03-29T10:15:00Z",
		8 * time.Hour:    "2026-03-29T16:00:00Z",
		24 * time.Hour:   "2026-03-30T00:00:00Z",
	} {
		if got := Every(period).Next(noon).UTC().Format(time.RFC3339); got != want {
			t.Errorf("every %s: %s, want %s", period, got, want)
		}
	}
	for period, want := range map[time.Duration]bool{
		time.Minute: true, 7 * time.Minute: false, 24 * time.Hour: true, 36 * time.Hour: false, 48 * time.Hour: true, 0: false, -time.Hour: false,
	} {
		if Every(period).Valid() != want {
			t.Errorf("Every(%s).Valid() is %t", period, !want)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for expr, want := range map[string]string{
		"30 2 * *":       "has 4 fields",
		"":               "has 0 fields",
		"60 * * * *":     `minute "60": "60" is not a number from 0 to 59`,
		"* 24 * * *":     "from 0 to 23",
		"* * 0 * *":      "from 1 to 31",
		"* * * foo *":    `month "foo"`,
		"5/15 * * * *":   "write 5-59/15",
		"*/0 * * * *":    "the step",
		"30-10 * * * *":  "ends before it begins",
		"1,,2 * * * *":   `"" is not a number`,
		"0 0 30 2 *":     "never comes",
		"0 0 31 2,4,6 *": "never comes",
		"@reboot":        "is unknown",
		"+1 * * * *":     "is not a number",
		"1- * * * *":     "is not a number",
	} {
		_, err := Parse(expr)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): %v, want %q", expr, err, want)
		}
	}
}

func TestParseReadsWhatCrontabDescribes(t *testing.T) {
	for expr, want := range map[string]Schedule{
		"30 2 * * 1-5":       {Minutes: 1 << 30, Hours: 1 << 2, Days: 1<<32 - 2, Months: 1<<13 - 2, Weekdays: 0b111110, Stars: StarDay},
		"0-30/10 */12 1 1 7": {Minutes: 1 | 1<<10 | 1<<20 | 1<<30, Hours: 1 | 1<<12, Days: 2, Months: 2, Weekdays: 1, Stars: StarHour},
		"0 0 29 Feb Sun,TUE": {Minutes: 1, Hours: 1, Days: 1 << 29, Months: 1 << 2, Weekdays: 0b101},
		"@monthly":           {Minutes: 1, Hours: 1, Days: 2, Months: 1<<13 - 2, Weekdays: 0x7f, Stars: StarWeekday},
	} {
		got, err := Parse(expr)
		if err != nil || got != want {
			t.Errorf("Parse(%q): %+v, %v, want %+v", expr, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("30 2 * * 1-5")
	f.Add("*/15 0-5,7 1 jan mon-fri/2")
	f.Fuzz(func(t *testing.T, expr string) {
		s, err := Parse(expr)
		if err != nil {
			return
		}
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		next := s.Next(from)
		if !next.After(from) || !fits(s, next.Unix()/60) {
			t.Errorf("Parse(%q).Next(%s) is %s", expr, from, next)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	s, _ := Parse("30 2 29 2 *")
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, load(b, "Europe/Berlin"))
	for b.Loop() {
		s.Next(from)
	}
}
