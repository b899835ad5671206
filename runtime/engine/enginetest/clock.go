package enginetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

const (
	tick = 500 * time.Millisecond // of the periodic task
	tock = "enginetest.tock"      // its name
)

type tockArgs struct {
	Due runtime.Due `json:"due"`
}

// newTock is the periodic task. Where it is stored again and again, it is not to be
// left out for a run that goes on.
func newTock(name string) *adapter.TaskDef[tockArgs] {
	return adapter.NewTaskDef[tockArgs](name).
		Periodic(func(due runtime.Due) tockArgs { return tockArgs{due} }, adapter.Every(tick).Overlap().Missed(10*time.Second))
}

// noteTock notes for which instant a run has begun, and in which process.
func noteTock(l ledger) func(context.Context, tockArgs) error {
	return func(_ context.Context, args tockArgs) error {
		err := l.note(fmt.Sprint(args.Due.UTC().Format(time.RFC3339Nano), " ", os.Getpid()))
		time.Sleep(rand.N(40 * time.Millisecond)) // so that there is a middle of it
		return err
	}
}

// runClock is a process that starts the periodic task until it is killed or told to
// stop, and works as well or not.
func runClock(runner *runtime.Runner, l ledger, works bool) error {
	newTock(tock).Register(runner, noteTock(l))
	fmt.Println("ready")
	if works {
		return runtime.Work(context.Background(), runner)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	runner.Core().RunPeriodics(ctx)
	return nil
}

// testKillClocks has three processes start a periodic task, which this one runs.
func testKillClocks(t *testing.T, o *Options) { killClocks(t, o, "clock") }

// testKillWorkingClocks has three processes start a periodic task, and run it.
func testKillWorkingClocks(t *testing.T, o *Options) { killClocks(t, o, "working clock") }

// killClocks has three processes of a role go on, and kills them at random or tells them
// to stop. Each instant is run for, and again only where the process was killed that did.
func killClocks(t *testing.T, o *Options, role string) {
	p := newProcess(t, o)
	if _, ok := p.engine.(engine.Oncer); !ok {
		t.Skip("the engine stores no call once")
	}
	l := newLedger(t)
	adapter.NewTaskDef[tockArgs](tock).Register(p.runner, noteTock(l))
	if role == "clock" {
		p.work()
	}
	var clocks []*child
	for range 3 {
		clocks = append(clocks, startChild(t, role, p.address, l))
	}
	began := time.Now()
	killed, stopped := map[string]bool{}, 0
	for i := 0; time.Since(began) < time.Duration(2*kills())*tick; i++ {
		time.Sleep(rand.N(tick))
		if c := clocks[i%3]; rand.N(2) == 0 {
			killed[fmt.Sprint(c.cmd.Process.Pid)] = true
			c.kill()
		} else {
			stopped++
			c.stop(t)
		}
		clocks[i%3] = startChild(t, role, p.address, l)
	}
	last := time.Now().Truncate(tick)
	time.Sleep(tick) // the run of the last instant is stored, or has been
	for _, c := range clocks {
		c.stop(t)
	}
	if role != "clock" {
		p.work() // what killed processes have left
	}
	runs := p.awaitInstants(l, tock, last)
	again := 0
	for due, by := range runs {
		again += len(by) - 1
		for _, pid := range by[:len(by)-1] {
			if !killed[pid] {
				t.Errorf("it ran for %v in the processes %v, and %s was not killed", due, by, pid)
			}
		}
	}
	t.Logf("%d killed, %d stopped; %d instants, %d times one ran again", len(killed), stopped, len(runs), again)
}

// testRenamed has two versions of a program start a periodic task that the newer one has
// renamed, and run it. Each instant is run for once.
func testRenamed(t *testing.T, o *Options) {
	p := newProcess(t, o)
	if _, ok := p.engine.(engine.Oncer); !ok {
		t.Skip("the engine stores no call once")
	}
	newer, l := openProcess(t, o, p.address), newLedger(t)
	newTock("enginetest.oldest").Register(p.runner, noteTock(l))
	newTock("enginetest.newest").Was("enginetest.oldest", "enginetest.middle").Register(newer.runner, noteTock(l))
	p.work()
	newer.work()
	last := time.Now().Truncate(tick).Add(4 * tick)
	time.Sleep(time.Until(last.Add(2 * tick)))
	for due, by := range p.awaitInstants(l, "enginetest.oldest", last) {
		if len(by) != 1 {
			t.Errorf("it ran %d times for %v", len(by), due)
		}
	}
}

// awaitInstants waits until the task with a key has run for all instants from the first
// one to last for which a run was stored, and returns the processes in which it did. Of
// instants that were due while all processes were late, the latest one alone is stored:
// where there is much else to do, some may be missing.
func (p *process) awaitInstants(l ledger, key string, last time.Time) map[time.Time][]string {
	p.t.Helper()
	task := &core.Periodic{Key: key}
	for deadline := time.Now().Add(p.o.Recovery); ; time.Sleep(20 * time.Millisecond) {
		runs := l.instants(p.t)
		var waiting, skipped []time.Time
		for at := first(runs, last); !at.After(last); at = at.Add(tick) {
			if runs[at] != nil {
				continue
			}
			if _, stored := p.runner.Core().Status(task.ID(at)); stored {
				waiting = append(waiting, at)
			} else {
				skipped = append(skipped, at)
			}
		}
		switch total := len(waiting) + len(skipped) + len(runs); {
		case len(skipped) > total/5:
			p.t.Fatalf("no run was stored for %d of %d instants: %v", len(skipped), total, skipped)
		case len(waiting) == 0:
			p.t.Logf("no run was stored for %d of %d instants, for which all were late", len(skipped), total)
			return runs
		case time.Now().After(deadline):
			p.t.Fatalf("nothing has run for %d of %d instants within %v: %v", len(waiting), total, p.o.Recovery, waiting)
		}
	}
}

// instants are those that noteTock has noted, with the processes that did.
func (l ledger) instants(t testing.TB) map[time.Time][]string {
	runs := map[time.Time][]string{}
	for _, line := range l.lines() {
		due, pid, _ := strings.Cut(line, " ")
		at, err := time.Parse(time.RFC3339Nano, due)
		if err != nil {
			t.Fatal(err)
		}
		runs[at] = append(runs[at], pid)
	}
	return runs
}

// first is the first instant for which there was a run, last if there was none.
func first(runs map[time.Time][]string, last time.Time) time.Time {
	first := last.UTC()
	for at := range runs {
		if at.Before(first) {
			first = at
		}
	}
	return first
}
