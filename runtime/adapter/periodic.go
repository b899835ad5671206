package adapter

import (
	"fmt"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/cron"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A Schedule says when a task runs by itself. Its methods change it and return it.
type Schedule struct {
	core.Schedule
	zone string
}

// mostMissed is how late a run of a schedule may be that says nothing of it.
const mostMissed = time.Hour

// Every returns a schedule for a period that begins anew at midnight UTC.
func Every(period time.Duration) *Schedule {
	return &Schedule{core.Schedule{Expr: "every " + shortDuration(period), Next: cron.Every(period).Next, Missed: min(period, 24*time.Hour)}, "UTC"}
}

// Cron returns a schedule for a cron expression, and for what it was parsed to.
func Cron(expr string, s cron.Schedule) *Schedule {
	return &Schedule{core.Schedule{Expr: "cron " + expr, Next: s.Next, Missed: mostMissed}, "UTC"}
}

// In sets the time zone.
func (s *Schedule) In(zone string) *Schedule { s.zone = zone; return s }

// Jitter sets how much later than due a run may begin.
func (s *Schedule) Jitter(d time.Duration) *Schedule { s.Schedule.Jitter = d; return s }

// Missed sets how late a run may begin that could not begin when it was due.
func (s *Schedule) Missed(d time.Duration) *Schedule { s.Schedule.Missed = d; return s }

// Overlap lets a run begin before the one before it has ended.
func (s *Schedule) Overlap() *Schedule { s.Schedule.Overlap = true; return s }

// Once requires an engine, so that only one process runs the task.
func (s *Schedule) Once() *Schedule { s.Schedule.Once = true; return s }

// schedule is s for a runner. A time zone that this machine does not know is a
// mistake: it panics.
func (s *Schedule) schedule(task string) *core.Schedule {
	zone, err := time.LoadLocation(s.zone)
	if err != nil {
		panic(fmt.Sprintf("runtime: task %s runs by the clock of %s, which this machine does not know (%v): import _ \"time/tzdata\" in package main", task, s.zone, err))
	}
	own := s.Schedule
	own.Zone = zone
	return &own
}

// shortDuration is a duration as one writes it: 24h and not 24h0m0s.
func shortDuration(d time.Duration) string {
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		if d%unit.size == 0 {
			return fmt.Sprint(int64(d/unit.size), unit.name)
		}
	}
	return d.String()
}

// Periodic has the task run by itself. args are the arguments of a run that is due at
// an instant.
func (d *TaskDef[A]) Periodic(args func(runtime.Due) A, schedules ...*Schedule) *TaskDef[A] {
	d.periodic = func(t *registered[A]) {
		p := &core.Periodic{Name: d.spec.Task, Key: append(d.was, d.spec.Task)[0], Engine: t.engine}
		p.Add = func(u *core.Unit, due time.Time, opts ...func(*core.Spec)) core.ID {
			return t.add(u, args(runtime.Due{Time: due}), core.SpecWith(&t.spec, opts))
		}
		for _, s := range schedules {
			p.Schedules = append(p.Schedules, s.schedule(d.spec.Task))
		}
		t.runner.AddPeriodic(p)
	}
	return d
}
