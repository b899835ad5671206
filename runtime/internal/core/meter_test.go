package core

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestPercentilesOfEqualDurationsAreExact(t *testing.T) {
	for _, d := range []time.Duration{1, 700, 3 * time.Millisecond, 40 * time.Second, 11 * time.Hour, 48 * time.Hour} {
		var h durations
		for range 100 {
			h.add(d)
		}
		for _, p := range []float64{0.5, 0.95} {
			if got := h.percentile(p); math.Abs(float64(got-d)) > 1e-6*float64(d)+1 {
				t.Errorf("percentile %v of tasks that take %v is %v", p, d, got)
			}
		}
	}
	if got := new(durations).percentile(0.5); got != 0 {
		t.Errorf("the median of nothing is %v", got)
	}
}

func TestPercentilesAreInterpolated(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() float64{
		"even":        func() float64 { return 1 + 99*random.Float64() },
		"exponential": func() float64 { return 1 + 20*random.ExpFloat64() },
		"two kinds":   func() float64 { return []float64{2, 70}[random.IntN(2)] * (1 + random.Float64()/10) },
	} {
		var h, half durations
		var all []float64
		for i := range 20_000 {
			ms := draw()
			all = append(all, ms)
			if i%2 == 0 {
				h.add(time.Duration(ms * float64(time.Millisecond)))
			} else {
				half.add(time.Duration(ms * float64(time.Millisecond)))
			}
		}
		h.merge(&half)
		slices.Sort(all)
		for _, p := range []float64{0.25, 0.6, 0.95} {
			want := all[int(p*float64(len(all)))]
			if got := h.percentile(p).Seconds() * 1000; math.Abs(got-want) > 0.08*want {
				t.Errorf("%s: percentile %v is %.2f ms, and not %.2f ms", name, p, got, want)
			}
		}
	}
}

// Short attempts whose time was not taken are like those whose time was.
func TestPercentilesOfAttemptsThatWereNotTimed(t *testing.T) {
	var h durations
	for range 10 {
		h.add(time.Millisecond)
		h.add(time.Second)
	}
	h.skipped = 990
	if got := h.percentile(0.95); got > 2*time.Millisecond {
		t.Errorf("of 1,000 short attempts and 10 long ones, the 95th percentile is %v", got)
	}
	if got := h.percentile(0.995); got < 500*time.Millisecond {
		t.Errorf("the 99.5th is %v", got)
	}
}

// seriesAt is a series with one attempt a minute, of a second, every fifth of which
// has failed, in the hours before a time.
func seriesAt(at time.Duration, hours int) *series {
	s := &series{name: "a"}
	for m := range hours * 60 {
		s.count(uint8(m), at-time.Duration(hours*60-1-m)*time.Minute, time.Second, m%5 == 0).mu.Unlock()
	}
	return s
}

func TestMeterKeepsADay(t *testing.T) {
	at := now() + 72*time.Hour
	s := seriesAt(at, 30)
	s.shards[1].quick.Add(7)
	s.flush(at)
	moment := epoch.Add(at)
	hour := measure("a", []*series{s}, false, moment)
	if len(hour.Points) != 60 || hour.All.Ended != 67 || hour.All.Failed != 12 || hour.All.P50 != time.Second {
		t.Errorf("an hour: %d points, %+v", len(hour.Points), hour.All)
	}
	if p := hour.Points[30]; p.Ended != 1 || p.P95 != time.Second || !p.At.Equal(moment.Truncate(time.Minute).Add(-29*time.Minute)) {
		t.Errorf("a minute: %+v", p)
	}
	day := measure("a", []*series{s}, true, moment)
	if n := day.All.Ended; len(day.Points) != 144 || n < 1431+7 || n > 1440+7 || day.All.P50 != time.Second {
		t.Errorf("a day: %d points, %+v", len(day.Points), day.All)
	}
	if p := day.Points[70]; p.Ended != 10 || p.Failed != 2 || p.P50 != time.Second {
		t.Errorf("ten minutes: %+v", p)
	}
	if n := day.Lately.Ended; n != 2+7 {
		t.Errorf("lately: %d", n)
	}
	later := measure("a", []*series{s}, true, moment.Add(25*time.Hour))
	if later.All.Ended != 0 || later.All.P50 != 0 {
		t.Errorf("a day later: %+v", later.All)
	}
}

func TestMeterOfManyNames(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := new(Runner)
	for i := range 5000 {
		r.meter.named(fmt.Sprint("task ", i)).count(uint8(i), now(), time.Second, false).mu.Unlock()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > MeterMemory {
		t.Errorf("the meter takes %d bytes, and %d are stated", used, MeterMemory)
	}
	list := r.Metered(false, time.Now())
	if len(list) != 1+MeterNames+1 || list[0].All.Ended != 5000 || list[1].Name != OtherNames || list[1].All.Ended != 5000-MeterNames {
		t.Errorf("%d names, %+v", len(list), list[0].All)
	}
	// A name of which there was nothing for a day makes room.
	for _, s := range *r.meter.byName.Load() {
		s.last -= 2 * meterDay
	}
	if s := r.meter.named("new"); s.name != "new" {
		t.Errorf("a new name is counted among the %s", s.name)
	}
	runtime.KeepAlive(r)
}

func TestAttemptsAreMeasured(t *testing.T) {
	r := new(Runner)
	run := func(context.Context) error { return nil }
	named := &Spec{Name: "named"}
	for i := range 1000 {
		b := &Unit{runner: r, shard: uint8(i)}
		b.began, b.exact = r.clock.begin()
		r.measure(b, Task{run, nil}, false)
		r.measure(b, Task{run, named}, i%10 == 0)
	}
	list := r.Metered(false, time.Now())
	if len(list) != 3 || list[0].All.Ended != 2000 || list[0].All.Failed != 100 || list[2].Name != "named" || list[1].All.Ended != 1000 {
		t.Errorf("%+v", list)
	}
	if past := r.Past(); len(past) == 0 || len(past) > 2*meterShards*meterEnded || past[0].At.Before(past[len(past)-1].At) {
		t.Errorf("%d tasks are remembered", len(past))
	}
	if list[1].All.P50 == 0 || list[1].All.P50 > 10*time.Millisecond {
		t.Errorf("an empty task takes %v", list[1].All.P50)
	}
}

// BenchmarkMeter is how many times as long an empty task takes since attempts are
// counted: what the counting takes by itself, beside all of it, in turn.
func BenchmarkMeter(b *testing.B) {
	const n = 5000
	ctx := context.Background()
	r := &Runner{Config: Config{Queue: 1 << 30}}
	task := NewTask[func(*Spec)](func(context.Context) error { return nil }, nil)
	add := func(u *Unit) error { u.Add(task); return nil }
	var ratios []float64
	for b.Loop() {
		began := time.Now()
		for range n {
			if err := r.Do(ctx, add); err != nil {
				b.Fatal(err)
			}
		}
		if err := r.Idle(ctx); err != nil {
			b.Fatal(err)
		}
		all := time.Since(began)
		u := &Unit{runner: r}
		began = time.Now()
		for i := range n {
			u.shard = uint8(i)
			u.began, u.exact = r.clock.begin()
			r.measure(u, task, false)
		}
		counting := time.Since(began)
		ratios = append(ratios, float64(all)/float64(all-counting))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "times-as-long")
}
