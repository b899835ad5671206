package core

import (
	"slices"

	"github.com/bggen/bggen/runtime/engine"
)

// A Held is a task of this process that has not ended.
type Held struct {
	engine.Item
	unit *Unit
	n    int32
}

// Known is the text of the id of a task, if somebody has asked for it before.
func (h *Held) Known() string {
	h.unit.mu.Lock()
	defer h.unit.mu.Unlock()
	return h.unit.knownLocked(h.n)
}

// Identify gives the task an id, if it has none.
func (h *Held) Identify() {
	h.ID = h.unit.nameID(h.n)
	h.Key = h.ID
}

// Held is the tasks of this process that have not ended and are of a stage: not those
// of engines. They are in no order, and have no ids (see [Held.Identify]).
func (r *Runner) Held(stage engine.Stage) (all []Held) {
	for _, b := range slices.Backward(r.accepted.all()) {
		all = append(all, b.held(stage)...)
	}
	return all
}

func (b *Unit) held(stage engine.Stage) (all []Held) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if stage == engine.StageRunning && b.runsLocked() {
		all = append(all, b.listedLocked(b.next).held())
	}
	for i, t := range b.pendingLocked() {
		if b.pendingStageLocked(t) == stage {
			all = append(all, b.listedLocked(i).held())
		}
	}
	return all
}

// pendingStageLocked is the stage of a task that has not started.
func (b *Unit) pendingStageLocked(t Task) engine.Stage {
	switch {
	case b.rare == nil || b.rare.timer == nil || b.begunLocked():
		return engine.StageWaiting
	case t.spec != nil && t.spec.attempt > 0:
		return engine.StageRetrying
	}
	return engine.StageDelayed
}

// HeldCounts is how many tasks of each stage have not ended.
func (r *Runner) HeldCounts() map[engine.Stage]int {
	n := map[engine.Stage]int{}
	for _, b := range r.accepted.all() {
		b.mu.Lock()
		if b.runsLocked() {
			n[engine.StageRunning]++
		}
		for _, t := range b.pendingLocked() {
			n[b.pendingStageLocked(t)]++
		}
		b.mu.Unlock()
	}
	return n
}

// HeldID is the task with an id, or how one has ended that somebody knew the id of.
func (r *Runner) HeldID(text string) (Held, bool) {
	id, _ := r.ids.get(text)
	for id.unit != nil {
		b := id.unit
		b.mu.Lock()
		if to, moved := b.movedLocked(id.n); moved {
			id = to
			b.mu.Unlock()
			continue
		}
		i, there := b.indexLocked(id.n)
		if !there {
			b.mu.Unlock()
			break
		}
		h := b.listedLocked(i).held()
		values := b.values
		b.mu.Unlock()
		h.ID, h.Key = text, text
		if r.Propagator != nil && values != nil {
			h.Meta = r.Propagator.Inject(values)
		}
		return h, true
	}
	status, known := r.ids.status(text)
	h := Held{Item: engine.Item{Task: engine.Task{ID: text, Status: status}, Key: text}}
	switch status.State {
	case engine.Done:
		h.Stage = engine.StageDone
	case engine.Failed:
		h.Stage = engine.StageFailed
	}
	return h, known
}

// held is a task as a page shows it.
func (t listed) held() Held {
	h := Held{Item: engine.Item{Task: t.Task, Attempts: t.attempts}, unit: t.unit, n: t.n}
	switch {
	case t.State == engine.Running:
		h.Stage, h.Started = engine.StageRunning, t.At
	case t.At.IsZero():
		h.Stage = engine.StageWaiting
	case t.Attempt > 0:
		h.Stage, h.Due = engine.StageRetrying, t.At
	default:
		h.Stage, h.Due = engine.StageDelayed, t.At
	}
	return h
}

// Calls is the calls of engines that run in this process.
func (r *Runner) Calls() (all []engine.Task) {
	r.calls.Range(func(_, c any) bool {
		all = append(all, c.(*runningCall).listed())
		return true
	})
	slices.SortFunc(all, func(a, b engine.Task) int { return a.At.Compare(b.At) })
	return all
}

// RunNow runs a task now that waits for its time. It reports whether it did.
func (r *Runner) RunNow(id ID) bool {
	if id.unit == nil {
		id, _ = r.ids.get(id.text)
	}
	return id.unit != nil && id.unit.runNow(id.n)
}

func (b *Unit) runNow(n int32) bool {
	b.mu.Lock()
	if to, moved := b.movedLocked(n); moved {
		b.mu.Unlock()
		return to.unit.runNow(to.n)
	}
	_, there := b.indexLocked(n)
	waits := there && b.rare != nil && b.rare.timer != nil && b.rare.timer.Stop()
	b.mu.Unlock()
	if waits {
		b.runner.startDue(b)
	}
	return waits
}
