package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/cron"
	"github.com/bggen/bggen/runtime/engine"
)

// dueArgs are the arguments of a periodic task.
type dueArgs struct {
	Due runtime.Due `json:"due"`
}

// periodic registers a task with schedules.
func periodic(runner *runtime.Runner, run func(context.Context, runtime.Due) error, schedules ...*adapter.Schedule) {
	adapter.NewTaskDef[dueArgs]("test.periodic").
		Periodic(func(due runtime.Due) dueArgs { return dueArgs{due} }, schedules...).
		Register(runner, func(ctx context.Context, args dueArgs) error { return run(ctx, args.Due) })
}

// parsed is a schedule of a cron expression.
func parsed(t testing.TB, expr string) *adapter.Schedule {
	t.Helper()
	s, err := cron.Parse(expr)
	if err != nil {
		t.Fatal(err)
	}
	return adapter.Cron(expr, s)
}

// works does what Work does, which cannot be called in a bubble since it listens to
// signals. The returned function is to be called in the end.
func works(t *testing.T, runner *runtime.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { runner.Core().RunPeriodics(ctx) })
	if m, ok := runner.Engine.(*memory); ok {
		all.Go(func() { m.Work(ctx, ctx, nil, runner.RunCall) })
	}
	synctest.Wait()
	return func() {
		t.Helper()
		cancel()
		all.Wait()
		idle(t, runner)
	}
}

// dues is the instants at which a task was due, and checks when it runs.
type dues struct {
	mu   sync.Mutex
	list []time.Time
}

func (d *dues) add(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = append(d.list, at)
}

func (d *dues) len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.list)
}

// A day passes, in which a task runs by two schedules.
func TestPeriodicForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runner runtime.Runner
		var ran dues
		periodic(&runner, func(_ context.Context, due runtime.Due) error {
			if late := time.Since(due.Time); late != 0 {
				t.Errorf("due at %v, it runs %v later", due, late)
			}
			ran.add(due.Time)
			return nil
		}, adapter.Every(6*time.Hour), parsed(t, "30 2 * * *").In("Europe/Berlin"))
		defer works(t, &runner)()
		time.Sleep(24*time.Hour + time.Second)
		synctest.Wait()
		var got []string
		for _, at := range ran.list {
			got = append(got, at.Format("02 15:04 MST"))
		}
		if want := "[01 02:30 CET 01 06:00 UTC 01 12:00 UTC 01 18:00 UTC 02 00:00 UTC]"; fmt.Sprint(got) != want {
			t.Errorf("it ran at %v, want %s", got, want)
		}
		s := runner.Schedules()
		if len(s) != 2 || s[0].Expr != "every 6h" || s[1].Expr != "cron 30 2 * * *" || s[1].Zone != "Europe/Berlin" || s[0].Task != "test.periodic" ||
			!s[0].Last.Equal(time.Now().Truncate(time.Hour)) || !s[0].Next.Equal(s[0].Last.Add(6*time.Hour)) || s[1].Next.Format("02 15:04") != "02 02:30" {
			t.Errorf("%+v", s)
		}
		if status, known := runner.Status(s[0].LastID); !known || status.State != runtime.Done {
			t.Errorf("the last run is %+v, %t", status, known)
		}
	})
}

// A run that is due while the one before goes on is skipped and counted, or not.
func TestPeriodicOverlap(t *testing.T) {
	for _, overlap := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			runner := runtime.Runner{Logger: quiet}
			var ran dues
			schedule := adapter.Every(time.Hour)
			if overlap {
				schedule.Overlap()
			}
			periodic(&runner, func(_ context.Context, due runtime.Due) error {
				ran.add(due.Time)
				time.Sleep(150 * time.Minute)
				return nil
			}, schedule)
			stop := works(t, &runner)
			time.Sleep(9*time.Hour + time.Minute)
			n, skipped := ran.len(), runner.Stats().Skipped
			if overlap && (n != 9 || skipped != 0) || !overlap && (n != 3 || skipped != 6 || runner.Schedules()[0].Skipped != 6) {
				t.Errorf("overlap %t: it ran %d times, and %d were skipped", overlap, n, skipped)
			}
			time.Sleep(3 * time.Hour)
			stop()
		})
	}
}

// Jitter is the same for all processes, and no longer than it may be.
func TestPeriodicJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var both [2]map[time.Time]time.Duration
		for i := range both {
			both[i] = map[time.Time]time.Duration{}
			var runner runtime.Runner
			var mu sync.Mutex
			periodic(&runner, func(_ context.Context, due runtime.Due) error {
				mu.Lock()
				defer mu.Unlock()
				both[i][due.Time] = time.Since(due.Time)
				return nil
			}, adapter.Every(time.Hour).Jitter(10*time.Minute))
			defer works(t, &runner)()
		}
		time.Sleep(24*time.Hour + 30*time.Minute)
		synctest.Wait()
		shortest, longest := time.Hour, time.Duration(0)
		for due, late := range both[0] {
			if late < 0 || late >= 10*time.Minute || both[1][due] != late {
				t.Errorf("due at %v, one is %v late and the other %v", due, late, both[1][due])
			}
			shortest, longest = min(shortest, late), max(longest, late)
		}
		if len(both[0]) != 24 || shortest > 2*time.Minute || longest < 8*time.Minute {
			t.Errorf("%d runs, %v to %v late", len(both[0]), shortest, longest)
		}
	})
}

// A memory is an engine that several processes of a test share.
type memory struct {
	mu    sync.Mutex
	calls map[string]engine.Call // that wait, by their ids
	state map[string]engine.State
	once  map[string]bool
	down  bool
	added chan struct{}
}

func newMemory() *memory {
	return &memory{calls: map[string]engine.Call{}, state: map[string]engine.State{}, once: map[string]bool{}, added: make(chan struct{}, 1000)}
}

func (m *memory) Remembers() time.Duration { return 24 * time.Hour }

func (m *memory) Enqueue(_ context.Context, calls []engine.Call) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return errors.New("the engine is down")
	}
	for _, c := range calls {
		if c.Once != "" && m.once[c.Once] {
			continue
		}
		m.once[c.Once], m.calls[c.ID], m.state[c.ID] = true, c, engine.Queued
		m.added <- struct{}{}
	}
	return nil
}

func (m *memory) setDown(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

func (m *memory) Status(_ context.Context, id string) (engine.Status, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	state, known := m.state[id]
	return engine.Status{State: state}, known, nil
}

func (m *memory) Work(ctx, _ context.Context, _ []string, run func(context.Context, engine.Call) error) error {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-m.added:
			all.Go(func() { m.runOne(run) })
		}
	}
}

func (m *memory) runOne(run func(context.Context, engine.Call) error) {
	m.mu.Lock()
	var c engine.Call
	for _, c = range m.calls {
		break
	}
	delete(m.calls, c.ID)
	m.state[c.ID] = engine.Running
	m.mu.Unlock()
	time.Sleep(time.Until(c.At))
	state := engine.Done
	if run(context.Background(), c) != nil {
		state = engine.Failed
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state[c.ID] = state
}

// withEngine is a process with a periodic task.
func withEngine(m *memory, run func(context.Context, runtime.Due) error, schedules ...*adapter.Schedule) *runtime.Runner {
	runner := &runtime.Runner{Engine: m, Logger: quiet}
	periodic(runner, run, schedules...)
	return runner
}

// wantOnce expects that each instant of a span was due once, with the given gaps.
func (d *dues) wantOnce(t *testing.T, from, to time.Time, every time.Duration, missed ...time.Time) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	times := map[int64]int{}
	for _, at := range d.list {
		times[at.Unix()]++
	}
	for _, at := range missed {
		times[at.Unix()]++
	}
	n := 0
	for at := from; !at.After(to); at = at.Add(every) {
		n++
		if times[at.Unix()] != 1 {
			t.Errorf("due at %v, it ran %d times", at, times[at.Unix()])
		}
	}
	if len(times) != n {
		t.Errorf("it ran for %d instants, want %d", len(times), n)
	}
}

// Of several processes that come and go, one starts each run.
func TestPeriodicOnceOverProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		var ran dues
		run := func(_ context.Context, due runtime.Due) error { ran.add(due.Time); return nil }
		begin := time.Now()
		defer works(t, withEngine(m, run, adapter.Every(10*time.Minute)))()
		for i := range 60 { // restarts oftener than the period, at all moments
			stop := works(t, withEngine(m, run, adapter.Every(10*time.Minute)))
			time.Sleep(time.Duration(i) * 7 * time.Second)
			stop()
		}
		synctest.Wait()
		// The instant of the start is one that the first process may have missed.
		ran.wantOnce(t, begin, time.Now().Truncate(10*time.Minute), 10*time.Minute)
	})
}

// A process that starts late runs the last instant that nobody has, if that is not too
// long ago; those before are not made up for.
func TestPeriodicMissed(t *testing.T) {
	for _, c := range []struct {
		schedule func() *adapter.Schedule
		down     time.Duration
		want     int
	}{
		{func() *adapter.Schedule { return adapter.Every(time.Hour) }, 5*time.Hour + 50*time.Minute, 1},
		{func() *adapter.Schedule { return adapter.Every(24 * time.Hour) }, 47 * time.Hour, 1},
		{func() *adapter.Schedule { return adapter.Every(7 * 24 * time.Hour) }, 20 * 24 * time.Hour, 0},
		{func() *adapter.Schedule { return parsed(t, "0 3 * * *") }, 3*time.Hour + 59*time.Minute, 1},
		{func() *adapter.Schedule { return parsed(t, "0 3 * * *") }, 4*time.Hour + time.Minute, 0},
		{func() *adapter.Schedule { return parsed(t, "0 3 * * *").Missed(6 * time.Hour) }, 8*time.Hour + 59*time.Minute, 1},
		{func() *adapter.Schedule { return parsed(t, "0 3 * * *").Missed(6 * time.Hour) }, 9*time.Hour + time.Minute, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory()
			var ran dues
			run := func(_ context.Context, due runtime.Due) error { ran.add(due.Time); return nil }
			time.Sleep(c.down)
			for range 3 { // and none runs twice, however often it is restarted
				works(t, withEngine(m, run, c.schedule()))()
			}
			if n := ran.len(); n != c.want {
				t.Errorf("%s, after %v: it ran %d times, want %d", withEngine(m, run, c.schedule()).Schedules()[0].Expr, c.down, n, c.want)
			}
		})
	}
}

// An engine that is down at the instant gets the run when it is there again.
func TestPeriodicEngineDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		var ran dues
		stop := works(t, withEngine(m, func(_ context.Context, due runtime.Due) error {
			ran.add(due.Time)
			return nil
		}, parsed(t, "0 1,2,3 * * *").Missed(30*time.Minute)))
		time.Sleep(55 * time.Minute)
		m.setDown(true)
		time.Sleep(15 * time.Minute)
		m.setDown(false)
		time.Sleep(35 * time.Minute)
		if ran.len() != 1 || ran.list[0].Hour() != 1 {
			t.Errorf("it ran at %v", ran.list)
		}
		time.Sleep(10 * time.Minute)
		m.setDown(true)
		time.Sleep(50 * time.Minute) // it is down for too long
		m.setDown(false)
		time.Sleep(20 * time.Minute)
		if ran.len() != 2 || ran.list[1].Hour() != 3 {
			t.Errorf("it ran at %v", ran.list)
		}
		stop()
	})
}

// A run of another process that goes on keeps the next one from beginning, also for a
// process that starts in between. What goes on is not counted as skipped.
func TestPeriodicOverlapOverProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		var ran dues
		run := func(_ context.Context, due runtime.Due) error {
			ran.add(due.Time)
			time.Sleep(150 * time.Minute)
			return nil
		}
		time.Sleep(30 * time.Minute)
		first := withEngine(m, run, adapter.Every(time.Hour).Missed(time.Minute))
		stop := works(t, first)
		time.Sleep(40 * time.Minute) // it runs since 1:00, until 3:30
		second := withEngine(m, run, adapter.Every(time.Hour).Missed(30*time.Minute))
		stopSecond := works(t, second)
		if n := second.Stats().Skipped; n != 0 {
			t.Errorf("the run that goes on is counted as skipped %d times", n)
		}
		time.Sleep(60 * time.Minute) // 2:10
		third := withEngine(m, run, adapter.Every(time.Hour).Missed(time.Minute))
		stopThird := works(t, third)
		time.Sleep(3 * time.Hour) // 5:10
		if ran.len() != 2 || ran.list[0].Hour() != 1 || ran.list[1].Hour() != 4 {
			t.Errorf("it ran at %v", ran.list)
		}
		for i, want := range []uint64{3, 3, 2} { // 2:00, 3:00 and 5:00
			if n := []*runtime.Runner{first, second, third}[i].Stats().Skipped; n != want {
				t.Errorf("process %d has skipped %d, want %d", i, n, want)
			}
		}
		idle := withEngine(m, run, adapter.Every(time.Hour)) // it only looks
		if s := idle.Schedules()[0]; s.Last.Hour() != 4 || s.Next.Hour() != 6 {
			t.Errorf("%+v", s)
		} else if status, known := idle.Status(s.LastID); !known || status.State != runtime.Running {
			t.Errorf("the last run is %+v, %t", status, known)
		}
		stop()
		stopSecond()
		stopThird()
	})
}

func TestTrigger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran dues
		run := func(_ context.Context, due runtime.Due) error { ran.add(due.Time); return nil }
		inProcess := &runtime.Runner{}
		periodic(inProcess, run, adapter.Every(24*time.Hour))
		for _, runner := range []*runtime.Runner{inProcess, withEngine(newMemory(), run, adapter.Every(24*time.Hour).Missed(time.Hour))} {
			time.Sleep(90 * time.Minute)
			stop := works(t, runner)
			for range 2 {
				id, err := runner.Trigger(t.Context(), "test.periodic")
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if status, known := runner.Status(id); !known || status.State != runtime.Done {
					t.Errorf("%+v, %t", status, known)
				}
			}
			if _, err := runner.Trigger(t.Context(), "test.other"); err == nil || !strings.Contains(err.Error(), "no periodic task test.other") {
				t.Errorf("of no such task the error is %v", err)
			}
			stop()
		}
		if ran.len() != 4 || !ran.list[3].Equal(time.Now()) {
			t.Errorf("it ran at %v", ran.list)
		}
	})
}

// enqueuer is an engine that does nothing else.
type enqueuer struct{}

func (enqueuer) Enqueue(context.Context, []engine.Call) error { return nil }

// What cannot be is said when tasks are registered.
func TestPeriodicMistakes(t *testing.T) {
	for want, register := range map[string]func(){
		"does not store a call once":             func() { periodic(&runtime.Runner{Engine: enqueuer{}}, nil, adapter.Every(time.Hour)) },
		"(every 1h once), and the runner has no": func() { periodic(&runtime.Runner{}, nil, adapter.Every(time.Hour).Once()) },
		"import _ \"time/tzdata\"":               func() { periodic(&runtime.Runner{}, nil, adapter.Every(time.Hour).In("Europe/Atlantis")) },
	} {
		func() {
			defer func() {
				if r := fmt.Sprint(recover()); !strings.Contains(r, want) {
					t.Errorf("%s: %s", want, r)
				}
			}()
			register()
		}()
	}
}
