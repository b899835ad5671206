package enginetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/signal"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
)

const (
	tick = 500 * time.Millisecond // of the periodic task
	tock = "enginetest.tock"      // its name
)

type tockArgs struct {
	Due runtime.Due `json:"due"`
}

// runClock is a process that starts a periodic task, and runs none, until it is killed
// or told to stop.
func runClock(runner *runtime.Runner) error {
	adapter.NewTaskDef[tockArgs](tock).
		Periodic(func(due runtime.Due) tockArgs { return tockArgs{due} }, adapter.Every(tick).Overlap().Missed(10*time.Second)).
		Register(runner, func(context.Context, tockArgs) error { return nil })
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	fmt.Println("ready")
	runner.Core().RunPeriodics(ctx)
	return nil
}

// testKillClocks has three processes start a periodic task, and kills them at random,
// or tells them to stop. Each instant is run for once.
func testKillClocks(t *testing.T, o *Options) {
	p := newProcess(t, o)
	if _, ok := p.engine.(engine.Oncer); !ok {
		t.Skip("the engine stores no call once")
	}
	task := newProbe[tockArgs](p, tock, nil)
	p.work()
	var clocks []*child
	for range 3 {
		clocks = append(clocks, startChild(t, "clock", p.address, newLedger(t)))
	}
	began := time.Now()
	killed, stopped := 0, 0
	for i := 0; time.Since(began) < time.Duration(5*kills())*tick; i++ {
		time.Sleep(rand.N(tick))
		if c := clocks[i%3]; rand.N(2) == 0 {
			killed++
			c.kill()
		} else {
			stopped++
			c.stop(t)
		}
		clocks[i%3] = startChild(t, "clock", p.address, newLedger(t))
	}
	last := time.Now().Truncate(tick)
	time.Sleep(tick) // the run of the last instant is stored, or has been
	for _, c := range clocks {
		c.stop(t)
	}
	p.settle()
	var dues []time.Time
	for len(task.runs) > 0 {
		dues = append(dues, task.next().args.Due.Time)
	}
	slices.SortFunc(dues, time.Time.Compare)
	twice, missed := 0, 0
	for i, due := range dues[1:] {
		switch before := dues[i]; {
		case due.Equal(before):
			twice++
		case !due.Equal(before.Add(tick)):
			missed += int(due.Sub(before)/tick) - 1
			t.Errorf("nothing ran between %v and %v", before, due)
		}
	}
	t.Logf("%d killed, %d stopped; %d instants, %d twice, %d missed", killed, stopped, len(dues)-twice, twice, missed)
	if twice > 0 || len(dues) == 0 || dues[len(dues)-1].Before(last) {
		t.Errorf("it ran %d times, %d of them a second time; the last one for %v", len(dues), twice, dues[len(dues)-1:])
	}
}
