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
	if r := h.unit.recordLocked(h.n); r != nil {
		return r.id
	}
	return ""
}

// Identify gives the task an id, if it has none.
func (h *Held) Identify() {
	h.ID = h.unit.nameID(h.n)
	h.Key = h.ID
}

// Held is all tasks of this process that have not ended: not those of engines.
// They are in no order, and have no ids (see [Held.Identify]).
func (r *Runner) Held() (all []Held) {
	for _, b := range slices.Backward(r.accepted.all()) {
		for _, t := range b.list() {
			all = append(all, t.held())
		}
	}
	return all
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
