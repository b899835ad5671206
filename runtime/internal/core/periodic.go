package core

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A Schedule says when a periodic task is due.
type Schedule struct {
	Expr    string // as it is written: "every 24h", "cron 30 2 * * 1-5"
	Zone    *time.Location
	Next    func(time.Time) time.Time // the first instant after a time of that zone
	Jitter  time.Duration             // how much later than due a run may begin
	Missed  time.Duration             // how late a run may be that could not begin when it was due
	Overlap bool                      // a run begins though the one before has not ended
	Once    bool                      // there has to be an engine
}

// A Periodic is a task that runs when it is due. What is not a field of the first
// paragraph belongs to the runner.
type Periodic struct {
	Name      string
	Key       string // the name in the keys of its runs: the oldest that the task has had
	Schedules []*Schedule
	Engine    engine.Engine // nil: this process
	Add       func(u *Unit, due time.Time, opts ...func(*Spec)) ID

	runner *Runner
	now    func() time.Time // of the clock on the wall, which may be set

	mu      sync.Mutex
	last    time.Time // the last instant that was seen to here
	lastID  ID        // of its run
	open    []ID      // of runs that may not have ended
	runs    bool      // they are started here
	skipped uint64
}

// periodics are those of a runner, by their names.
type periodics struct {
	run  sync.Mutex // held while they are started
	mu   sync.Mutex
	list map[string]*Periodic
}

// AddPeriodic has the runner know a periodic task. An engine that cannot store its
// runs once is a mistake of the program, and so is none where the task has to have one:
// it panics.
func (r *Runner) AddPeriodic(p *Periodic) {
	if _, ok := p.Engine.(engine.Oncer); p.Engine != nil && !ok {
		panic(fmt.Sprintf("runtime: task %s is periodic, and its engine, a %T, does not store a call once: name another one with engine=", p.Name, p.Engine))
	}
	for _, s := range p.Schedules {
		if s.Once && p.Engine == nil {
			panic(fmt.Sprintf("runtime: task %s is to run once (%s once), and the runner has no engine, so each process would run it: set Runner.Engine", p.Name, s.Expr))
		}
	}
	p.runner, p.now = r, wall
	r.periodics.mu.Lock()
	defer r.periodics.mu.Unlock()
	if r.periodics.list == nil {
		r.periodics.list = map[string]*Periodic{}
	}
	r.periodics.list[p.Name] = p
}

// Periodics are the periodic tasks, sorted by their names.
func (r *Runner) Periodics() (all []*Periodic) {
	r.periodics.mu.Lock()
	defer r.periodics.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(r.periodics.list)) {
		all = append(all, r.periodics.list[name])
	}
	return all
}

// RunPeriodics starts the periodic tasks when they are due, until ctx ends. A second
// call does nothing while one runs.
func (r *Runner) RunPeriodics(ctx context.Context) {
	r.init()
	if !r.periodics.run.TryLock() {
		<-ctx.Done()
		return
	}
	defer r.periodics.run.Unlock()
	var all sync.WaitGroup
	for _, p := range r.Periodics() {
		all.Go(func() { p.run(ctx) })
	}
	all.Wait()
}

// Trigger starts a periodic task now, whether it is due or not.
func (r *Runner) Trigger(ctx context.Context, name string) (ID, error) {
	r.periodics.mu.Lock()
	p := r.periodics.list[name]
	r.periodics.mu.Unlock()
	if p == nil {
		return ID{}, fmt.Errorf("there is no periodic task %s", name)
	}
	var id ID
	err := r.do(ctx, "Runner.Trigger", func(u *Unit) error {
		id = p.Add(u, wall())
		return nil
	})
	return id, err
}

// wall is the time without the monotonic clock, which knows nothing of what was set.
func wall() time.Time { return time.Now().Round(0) }

// A dueRun is one run of a periodic task.
type dueRun struct {
	*Schedule
	at time.Time
}

// key is the same in all processes, also in those of a version in which the task has
// another name.
func (p *Periodic) key(at time.Time) string { return p.Key + "@" + at.UTC().Format(time.RFC3339Nano) }

// ID is the id of the run that is due at a time.
func (p *Periodic) ID(at time.Time) ID { return ParseID(idOf(p.key(at))) }

// idOf is the id of a call with Once.
func idOf(once string) string {
	sum := sha256.Sum256([]byte(once))
	return base32.StdEncoding.EncodeToString(sum[:])[:26]
}

// begins is when a run is to begin: so much later than due as its key says.
func (d dueRun) begins(key string) time.Time {
	if d.Jitter <= 0 {
		return time.Time{}
	}
	sum := sha256.Sum256([]byte("jitter of " + key))
	return d.at.Add(time.Duration(binary.BigEndian.Uint64(sum[:]) % uint64(d.Jitter)))
}

// window is how late a run may be.
func (p *Periodic) window(s *Schedule) time.Duration {
	if o, ok := p.Engine.(engine.Oncer); ok {
		return min(s.Missed, o.Remembers())
	}
	return s.Missed
}

// known is how long an engine has to know a run: twice as long as it may be late, and
// until the one after the next is due, so that the last one can be looked up.
func (p *Periodic) known(d dueRun) time.Duration {
	gap := p.next(d.at).Sub(d.at)
	return 2*max(gap, p.window(d.Schedule)) + d.Jitter + time.Minute
}

// next is the first instant after t.
func (p *Periodic) next(t time.Time) (first time.Time) {
	for _, s := range p.Schedules {
		if at := s.Next(t.In(s.Zone)); first.IsZero() || !at.IsZero() && at.Before(first) {
			first = at
		}
	}
	return first
}

// latest is the last run that was due after seen, until now, and is not too late.
func (p *Periodic) latest(seen, now time.Time) (d dueRun, ok bool) {
	for _, s := range p.Schedules {
		from := seen
		if early := now.Add(-p.window(s)); early.After(from) {
			from = early
		}
		for at := s.Next(from.In(s.Zone)); !at.IsZero() && !at.After(now); at = s.Next(at) {
			if !ok || at.After(d.at) {
				d, ok = dueRun{s, at}, true
			}
		}
	}
	return d, ok
}

// before are the last n instants before t, the last one first, as far as they are not
// long ago.
func (p *Periodic) before(t time.Time, n int) (list []time.Time) {
	const day = 24 * time.Hour
	for _, back := range []time.Duration{time.Hour, day, 31 * day, 366 * day} {
		list = nil
		for at := p.next(t.Add(-back)); !at.IsZero() && at.Before(t); at = p.next(at) {
			if list = append(list, at); len(list) > n {
				list = list[1:]
			}
		}
		if len(list) == n {
			break
		}
	}
	slices.Reverse(list)
	return list
}
