package core

import (
	"context"
	goruntime "runtime"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

func TestHeldTasksAndRunNow(t *testing.T) {
	r := new(Runner)
	ctx := context.Background()
	ran, release := make(chan string, 3), make(chan bool)
	add := func(name string, run func(context.Context) error, opts ...func(*Spec)) (id ID) {
		opts = append(opts, func(s *Spec) { s.Name = name })
		if err := r.Do(ctx, func(u *Unit) error { id = u.Add(NewTask(run, opts)); return nil }); err != nil {
			t.Fatal(err)
		}
		return id
	}
	delay := func(s *Spec) { s.At, s.Attempts = time.Now().Add(time.Hour), 3 }
	later := add("later", func(context.Context) error { ran <- "later"; return nil }, delay)
	begun := make(chan bool)
	running := add("running", func(context.Context) error { close(begun); <-release; return nil })
	<-begun
	for r.HeldCounts()[engine.StageDelayed] == 0 { // it is on its way to wait for its time
		goruntime.Gosched()
	}
	stages := map[engine.Stage]Held{}
	for _, stage := range engine.Stages {
		for _, h := range r.Held(stage) {
			stages[h.Stage] = h
		}
	}
	if n := r.HeldCounts(); len(n) != 2 || n[engine.StageRunning] != 1 || n[engine.StageDelayed] != 1 {
		t.Errorf("%v", n)
	}
	if h := stages[engine.StageDelayed]; len(stages) != 2 || h.Name != "later" || h.Attempts != 3 || time.Until(h.Due) < time.Minute || h.Known() != "" {
		t.Errorf("%+v", stages)
	}
	if h := stages[engine.StageRunning]; h.Name != "running" || h.Started.IsZero() {
		t.Errorf("%+v", h)
	}
	h := stages[engine.StageDelayed]
	if h.Identify(); h.ID != later.String() || h.Known() != h.ID {
		t.Errorf("%s is not %s", h.ID, later)
	}
	if h, known := r.HeldID(h.ID); !known || h.Name != "later" || h.Stage != engine.StageDelayed {
		t.Errorf("%+v, %t", h, known)
	}
	if r.RunNow(running) || r.RunNow(ParseID("none")) {
		t.Error("a task that runs, or is not known, runs now")
	}
	if !r.RunNow(ParseID(later.String())) || <-ran != "later" || r.RunNow(later) {
		t.Error("a task that is delayed does not run now, once")
	}
	close(release)
	if err := r.Idle(ctx); err != nil {
		t.Fatal(err)
	}
	if left := r.HeldCounts(); len(left) != 0 || r.Stats().Delayed != 0 {
		t.Errorf("%+v, %+v", left, r.Stats())
	}
	if h, known := r.HeldID(later.String()); !known || h.Stage != engine.StageDone {
		t.Errorf("%+v, %t", h, known)
	}
	if _, known := r.HeldID("none"); known {
		t.Error("a task that nobody has added is known")
	}
}
