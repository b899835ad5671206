package dashboard

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

func TestPercentilesAreRightWithinATenth(t *testing.T) {
	var h histogram
	if h.percentile(0.5) != nil {
		t.Error("of nothing, there is a median")
	}
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Millisecond)
	}
	for p, want := range map[float64]float64{0.5: 0.5, 0.95: 0.95} {
		if got := *h.percentile(p); math.Abs(got-want) > want/10 {
			t.Errorf("%v: %v", p, got)
		}
	}
	for _, d := range []time.Duration{1, time.Microsecond, 1000 * time.Hour} {
		var h histogram
		h.add(d)
		if got := *h.percentile(0.95); got <= 0 {
			t.Errorf("%v: %v", d, got)
		}
	}
}

func TestRatesOfTheSecondsInWhichSomebodyLooked(t *testing.T) {
	r := newRates()
	at := time.Unix(1_000_000, 0)
	r.begin(at)
	for i := range 10 {
		at = at.Add(time.Second)
		r.mark(at)
		for range 6 {
			r.ended(at, core.Ended{Name: "a", Took: 20 * time.Millisecond})
		}
		if i%2 == 0 {
			r.ended(at, core.Ended{Name: "b", Err: errors.New("no")}) // it began when nobody looked
		}
	}
	list := r.now(at.Add(time.Second))
	if len(list) != 2 || list[0].Per != 6 || list[0].Failed != 0 || list[1].Per != 0.5 || list[1].Failed != 0.5 {
		t.Errorf("%+v", list)
	}
	if *list[0].P95 < 0.018 || *list[0].P95 > 0.022 || list[1].P95 != nil {
		t.Errorf("%v, %v", *list[0].P95, list[1].P95)
	}
	r.begin(at.Add(time.Hour))
	r.mark(at.Add(time.Hour + time.Second))
	if list := r.now(at.Add(time.Hour + time.Second)); len(list) != 0 {
		t.Errorf("after an hour, %+v", list)
	}
}

func TestNamesAreBounded(t *testing.T) {
	r := newRates()
	now := time.Unix(1_000_000, 0)
	r.begin(now.Add(-time.Second))
	r.mark(now)
	for i := range 1000 {
		r.ended(now, core.Ended{Name: fmt.Sprint("user", i)})
	}
	list := r.now(now.Add(time.Second))
	if len(list) != mostName+1 || list[0].Name != others || list[0].Per != 1000-mostName {
		t.Errorf("%d names, %+v", len(list), list[0])
	}
}

func TestChartIsInterruptedWhereNobodyLooked(t *testing.T) {
	r := newRates()
	at := int64(1_000_000)
	for _, s := range []int64{100, 99, 98, 50, 49} {
		r.looked[(at-s)%window] = at - s
	}
	r.ended(time.Unix(at-99, 0), core.Ended{Name: "a", Took: time.Second})
	c := r.chart(r.all, at)
	if c.Rate != "M40 100h0l2 -96l2 96M140 100h0h2" || c.Area != "M40 100V100l2 -96l2 96V100zM140 100V100h2V100z" {
		t.Errorf("%s, %s", c.Rate, c.Area)
	}
	if c.P95 != "M42 4h0" || c.Most != "1/s" || c.Latest != "962 ms" {
		t.Errorf("%+v", c)
	}
}

func TestTextsOfNumbers(t *testing.T) {
	for s, want := range map[float64]string{0.000_001: "1.0 µs", 0.0123: "12 ms", 0.9: "900 ms", 0.9996: "1.0 s", 42: "42 s", 120: "2 min", 7200: "2.0 h", 1e6: "12 days"} {
		if got := seconds(s); got != want {
			t.Errorf("%v s: %s", s, got)
		}
	}
	for n, want := range map[float64]string{0: "0", 0.02: "0.02", 1: "1", 2.55: "2.5", 12.4: "12", 12345: "12,345"} {
		if got := number(n); got != want {
			t.Errorf("%v: %s", n, got)
		}
	}
	if got := clip("aü", 2); !strings.HasPrefix(got, "a …") {
		t.Error(got)
	}
}

// The runner is observed, and a goroutine runs, only while somebody looks. Of
// two pages, one that is left does not blind the other.
func TestObservesOnlyWhileSomebodyLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := new(runtime.Runner)
		one, two := New(runner).(*dashboard), New(runner).(*dashboard)
		run := func() {
			runner.Do(context.Background(), func(bg *runtime.BackgroundTasks) error {
				bg.Add(func(context.Context) error { return nil }, runtime.Named("a"))
				return nil
			})
			runner.Idle(context.Background())
		}
		run()
		if len(one.rates.byName) != 0 || one.live.runs {
			t.Error("it observes, and nobody looks")
		}
		c1, _ := one.live.join()
		c2, _ := two.live.join()
		run()
		<-c1
		<-c2
		one.live.leave(c1)
		time.Sleep(2 * every) // of the bubble: it takes no time
		synctest.Wait()
		if one.live.runs {
			t.Error("it still observes")
		}
		run()
		if n := count(one, "a"); n != 1 {
			t.Errorf("one has counted %d", n)
		}
		if n := count(two, "a"); n != 2 {
			t.Errorf("two has counted %d", n)
		}
		two.live.leave(c2)
		time.Sleep(2 * every)
		synctest.Wait()
		run()
		if two.live.runs || count(two, "a") != 2 {
			t.Error("two still observes")
		}
		c1, _ = one.live.join()
		if !one.live.runs {
			t.Error("nobody can look again")
		}
		one.live.leave(c1)
		time.Sleep(2 * every)
	})
}

func count(d *dashboard, name string) (n int) {
	d.rates.mu.Lock()
	defer d.rates.mu.Unlock()
	if s := d.rates.byName[name]; s != nil {
		for _, x := range s.seconds {
			n += int(x.ended)
		}
	}
	return n
}
