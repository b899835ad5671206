package core

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A Measure is how many attempts of a task have ended in some time, and how long
// they took. It begins at At. Durations are 0 where none is known.
type Measure struct {
	At            time.Time
	Ended, Failed int
	P50, P95      time.Duration
}

// A Metered is what is known of the attempts of the tasks of one name.
type Metered struct {
	Name    string
	Points  []Measure // the oldest first, the last one not over yet
	All     Measure   // of all points
	Lately  Measure   // of the last minute and what there is of the present one
	Minutes []Measure // of a day: each minute, without durations
}

// Metered is what is known of the last hour, a point for each minute, or of the last
// day, a point for ten of them: of all tasks together, under the name "", and of each
// name.
func (r *Runner) Metered(day bool, at time.Time) []Metered {
	m := &r.meter
	var all []*series
	if p := m.byName.Load(); p != nil {
		for _, s := range *p {
			s.flush(at.Sub(epoch))
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b *series) int { return strings.Compare(a.name, b.name) })
	list := []Metered{measure("", all, day, at)}
	for _, s := range all {
		if x := measure(s.name, []*series{s}, day, at); x.All.Ended > 0 {
			list = append(list, x)
		}
	}
	return list
}

// MeteredNames is the names that are told apart.
func (r *Runner) MeteredNames() (names []string) {
	if p := r.meter.byName.Load(); p != nil {
		names = slices.Sorted(maps.Keys(*p))
	}
	return names
}

// measure adds up some series.
func measure(name string, all []*series, day bool, now time.Time) Metered {
	at := now.Unix() / 60
	step, n := int64(1), int64(meterHour)
	if day {
		step, n = meterTen, meterDay/meterTen
	}
	first := at - at%step - (n-1)*step
	x := Metered{Name: name}
	var total durations
	for m := first; m <= at; m += step {
		p := Measure{At: time.Unix(m*60, 0)}
		var took durations
		for _, s := range all {
			s.mu.Lock()
			for minute := m; minute < m+step; minute++ {
				if c := &s.minutes[minute%meterDay]; c.minute == minute {
					p.Ended += int(c.ended)
					p.Failed += int(c.failed)
				}
			}
			took.merge(s.tookLocked(m, day))
			s.mu.Unlock()
		}
		p.P50, p.P95 = took.percentile(0.5), took.percentile(0.95)
		total.merge(&took)
		x.All.Ended += p.Ended
		x.All.Failed += p.Failed
		x.Points = append(x.Points, p)
	}
	x.All.At, x.All.P50, x.All.P95 = time.Unix(first*60, 0), total.percentile(0.5), total.percentile(0.95)
	x.Lately = lately(all, at)
	return x
}

// tookLocked is the durations that begin at a minute.
func (s *series) tookLocked(minute int64, day bool) *durations {
	ring, at := s.hour[:], minute
	if day {
		ring, at = s.day[:], minute/meterTen
	}
	if d := &ring[at%int64(len(ring))]; d.minute == minute {
		return &d.took
	}
	return new(durations)
}

// lately is the present minute and the one before.
func lately(all []*series, at int64) (x Measure) {
	var took durations
	for _, s := range all {
		s.mu.Lock()
		for m := at - 1; m <= at; m++ {
			if c := &s.minutes[m%meterDay]; c.minute == m {
				x.Ended += int(c.ended)
				x.Failed += int(c.failed)
			}
			took.merge(s.tookLocked(m, false))
		}
		s.mu.Unlock()
	}
	x.At, x.P50, x.P95 = time.Unix((at-1)*60, 0), took.percentile(0.5), took.percentile(0.95)
	return x
}

// Past is the last tasks of this process that have succeeded, the newest first: about
// 64 of each name. Of a flood of short ones it has some.
func (r *Runner) Past() (list []Past) {
	p := r.meter.byName.Load()
	if p == nil {
		return nil
	}
	for _, s := range *p {
		for i := range s.shards {
			x := &s.shards[i]
			x.mu.Lock()
			for _, e := range x.past {
				if !e.At.IsZero() {
					e.Name = s.name
					list = append(list, e)
				}
			}
			x.mu.Unlock()
		}
	}
	slices.SortFunc(list, func(a, b Past) int { return b.At.Compare(a.At) })
	return list
}
