package core

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime/cron"
	"github.com/bggen/bggen/runtime/engine"
)

func at(hour, minute int) time.Time { return time.Date(2026, 11, 27, hour, minute, 0, 0, time.UTC) }

func hourly(missed time.Duration) *Periodic {
	return &Periodic{Name: "p", Key: "p", Schedules: []*Schedule{{Zone: time.UTC, Missed: missed, Next: cron.Every(time.Hour).Next}}}
}

// A process that was not there for a while, since its machine slept or its clock was
// set, starts one run and not all.
func TestLatest(t *testing.T) {
	for _, c := range []struct {
		missed    time.Duration
		seen, now time.Time
		want      time.Time
	}{
		{time.Hour, at(1, 0), at(1, 59), time.Time{}},
		{time.Hour, at(1, 0), at(2, 0), at(2, 0)},
		{time.Hour, at(1, 0), at(9, 30), at(9, 0)},
		{10 * time.Minute, at(1, 0), at(9, 30), time.Time{}},
		{10 * time.Minute, at(1, 0), at(9, 9), at(9, 0)},
		{time.Hour, at(5, 0), at(2, 30), time.Time{}}, // the clock was set back
	} {
		d, ok := hourly(c.missed).latest(c.seen, c.now)
		if ok != !c.want.IsZero() || ok && !d.at.Equal(c.want) {
			t.Errorf("seen %v, now %v: %v, %t, want %v", c.seen, c.now, d.at, ok, c.want)
		}
	}
}

// When the clock is set ahead, or the machine has slept, one run of those that were due
// begins within a minute. When it is set back by hours, runs are due again; by less,
// they are not.
func TestClockIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var set atomic.Int64
		var mu sync.Mutex
		var got []string
		p := hourly(time.Hour)
		p.Add = func(_ *Unit, due time.Time, _ ...func(*Spec)) ID {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, due.Format("02 15:04"))
			return ID{}
		}
		new(Runner).AddPeriodic(p)
		p.now = func() time.Time { return wall().Add(time.Duration(set.Load())) }
		ctx, cancel := context.WithCancel(t.Context())
		go p.run(ctx)
		setTo := func(d time.Duration, want ...string) {
			t.Helper()
			set.Add(int64(d))
			mu.Lock()
			got = nil
			mu.Unlock()
			time.Sleep(90 * time.Second)
			synctest.Wait()
			time.Sleep(-90*time.Second + time.Hour)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if !slices.Equal(got, want) {
				t.Errorf("set by %v it runs for %q, want %q", d, got, want)
			}
		}
		time.Sleep(30 * time.Minute) // since January 1, 0:00
		setTo(0, "01 01:00")
		setTo(5*time.Hour, "01 06:00", "01 07:00") // it is 6:30
		setTo(-2 * time.Hour)                      // 5:30: what was due once is not due again
		setTo(0)                                   // 6:30
		setTo(0, "01 08:00")                       // 7:30
		setTo(-10*time.Hour, "31 23:00")           // 22:30
		cancel()
	})
}

// Several schedules of a task are one row of instants; one that both have counts once.
func TestTwoSchedules(t *testing.T) {
	p := hourly(time.Hour)
	p.Schedules = append(p.Schedules, &Schedule{Zone: time.UTC, Missed: time.Hour, Next: cron.Every(90 * time.Minute).Next})
	var got []string
	for next := p.next(at(0, 0)); len(got) < 5; next = p.next(next) {
		got = append(got, next.Format("15:04"))
	}
	want := []string{"01:00", "01:30", "02:00", "03:00", "04:00"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
			break
		}
	}
	before := p.before(at(3, 30), 3)
	if len(before) != 3 || !before[0].Equal(at(3, 0)) || !before[2].Equal(at(1, 30)) {
		t.Errorf("%v", before)
	}
	if d, ok := p.latest(at(2, 0), at(3, 0)); !ok || p.key(d.at) != "p@2026-11-27T03:00:00Z" {
		t.Errorf("%v, %t", d.at, ok)
	}
}

// A run is known for as long as it may be late, and not for ever.
func TestKnown(t *testing.T) {
	p := hourly(10 * time.Minute)
	if known := p.known(dueRun{p.Schedules[0], at(1, 0)}); known != 2*time.Hour+time.Minute {
		t.Errorf("%v", known)
	}
	p = hourly(5 * time.Hour)
	p.Schedules[0].Jitter = time.Minute
	if known := p.known(dueRun{p.Schedules[0], at(1, 0)}); known != 10*time.Hour+2*time.Minute {
		t.Errorf("%v", known)
	}
	if most := engine.OnceFor(engine.Call{OnceFor: 10 * time.Hour}, time.Hour); most != time.Hour {
		t.Errorf("%v", most)
	}
	if most := engine.OnceFor(engine.Call{OnceFor: 1500 * time.Millisecond}, time.Hour); most != 2*time.Second {
		t.Errorf("%v", most)
	}
}

// The instants of a monthly task are found, too, and a task that was never due has
// none.
func TestBefore(t *testing.T) {
	monthly, err := cron.Parse("0 0 1 * *")
	if err != nil {
		t.Fatal(err)
	}
	p := &Periodic{Schedules: []*Schedule{{Zone: time.UTC, Next: monthly.Next}}}
	if list := p.before(at(0, 0), 3); len(list) != 3 || list[0].Month() != time.November || list[2].Month() != time.September {
		t.Errorf("%v", list)
	}
	p.Schedules[0].Next = func(time.Time) time.Time { return time.Time{} }
	if list := p.before(at(0, 0), 3); len(list) != 0 {
		t.Errorf("%v", list)
	}
}
