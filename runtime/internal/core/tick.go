package core

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

const (
	// look is how often the clock on the wall is looked at, though nothing is due: it
	// may have been set, or the machine have slept.
	look = time.Minute

	// setBack is how much earlier it has to be than it was before, so that runs are due
	// again which were before. By less, a clock is put right.
	setBack = 3 * time.Hour

	// firstWait and longestWait are between attempts to start a run that cannot be.
	firstWait   = time.Second
	longestWait = 30 * time.Second
)

// run starts the task when it is due, until ctx ends.
func (p *Periodic) run(ctx context.Context) {
	seen := p.now()
	p.mu.Lock()
	p.runs = true
	p.mu.Unlock()
	if p.Engine != nil { // which knows what other processes have started
		if at, id, ok := p.recall(seen); ok {
			p.note(at, id)
		}
		seen = seen.Add(-p.longestWindow())
	}
	for ctx.Err() == nil {
		now := p.now()
		if seen.Sub(now) > setBack {
			seen = now
		}
		if d, ok := p.latest(seen, now); ok {
			p.start(ctx, d)
		}
		if now.After(seen) {
			seen = now
		}
		pause := look
		if next := p.next(seen); !next.IsZero() {
			pause = min(pause, next.Sub(p.now()))
		}
		wait(ctx, pause)
	}
}

func (p *Periodic) longestWindow() (longest time.Duration) {
	for _, s := range p.Schedules {
		longest = max(longest, p.window(s))
	}
	return longest
}

// wait waits, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// start starts a run. It tries again until it can, or the run is too late, or another
// one is due.
func (p *Periodic) start(ctx context.Context, d dueRun) {
	last := d.at.Add(max(p.window(d.Schedule), look))
	if next := p.next(d.at); next.Before(last) {
		last = next
	}
	for pause := firstWait; ; pause = min(2*pause, longestWait) {
		err := p.try(ctx, d)
		switch {
		case err == nil || errors.Is(err, ErrClosed):
			return
		case ctx.Err() != nil || !p.now().Add(pause).Before(last):
			p.runner.LogError("a periodic task was due and could not be started", "task", p.Name, "due", d.at, "error", err)
			return
		case pause == firstWait:
			p.runner.Log().Warn("a periodic task is due and cannot be started, which is tried again", "task", p.Name, "due", d.at, "error", err)
		}
		wait(ctx, pause)
	}
}

// try starts a run, unless the one before has not ended.
func (p *Periodic) try(ctx context.Context, d dueRun) error {
	key := p.key(d.at)
	if !d.Overlap {
		own := p.ID(d.at)
		switch open := p.stillOpen(); {
		case slices.Contains(open, own): // another process has stored it
			p.note(d.at, own)
			return nil
		case len(open) > 0:
			p.skip(own)
			p.runner.Log().Info("a periodic task is due while the run before has not ended, and is skipped", "task", p.Name, "due", d.at)
			return nil
		}
	}
	var id ID
	err := p.runner.do(ctx, d.Expr, func(u *Unit) error {
		id = p.Add(u, d.at, func(s *Spec) {
			s.At = d.begins(key)
			if p.Engine != nil {
				s.Once, s.OnceFor = key, p.known(d)
			}
		})
		return nil
	})
	if err == nil {
		p.note(d.at, id)
	}
	return err
}

// note keeps the run of an instant.
func (p *Periodic) note(at time.Time, id ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.lastID = at, id
	if !slices.Contains(p.open, id) && len(p.open) < recalled { // with Overlap nobody asks for them
		p.open = append(p.open, id)
	}
}

// skip counts a run that does not begin, as far as this process can tell: another one
// may start it a moment later, when the run before has ended.
func (p *Periodic) skip(id ID) {
	p.runner.skipped.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skipped++
	p.open = append(p.open, id)
}

// stillOpen are the runs that wait or go on, in any process.
func (p *Periodic) stillOpen() (open []ID) {
	p.mu.Lock()
	known := p.open
	p.mu.Unlock()
	for _, id := range known {
		if status, known := p.runner.Status(id); known && (status.State == engine.Queued || status.State == engine.Running) {
			open = append(open, id)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = slices.Clone(open)
	return open
}

// recalled is how many instants recall looks back: runs may have been skipped.
const recalled = 20

// recall asks the engine for the last run before now, which another process may have
// started.
func (p *Periodic) recall(now time.Time) (at time.Time, id ID, ok bool) {
	for _, at := range p.before(now, recalled) {
		id := p.ID(at)
		if _, known := p.runner.Status(id); known {
			return at, id, true
		}
	}
	return time.Time{}, ID{}, false
}

// A ScheduleState is what is known of a schedule.
type ScheduleState struct {
	*Schedule
	Task    string
	Next    time.Time
	Last    time.Time
	LastID  ID
	Skipped uint64
}

// ScheduleStates says of each schedule when it is due next, and of its task when it ran
// last. Where other processes start the runs, the engine is asked.
func (r *Runner) ScheduleStates() (list []ScheduleState) {
	r.init()
	now := wall()
	for _, p := range r.Periodics() {
		p.mu.Lock()
		last, id, skipped, here := p.last, p.lastID, p.skipped, p.runs
		p.mu.Unlock()
		if !here && p.Engine != nil {
			last, id, _ = p.recall(now)
		}
		for _, s := range p.Schedules {
			list = append(list, ScheduleState{s, p.Name, s.Next(now.In(s.Zone)), last, id, skipped})
		}
	}
	return list
}
