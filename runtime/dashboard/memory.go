package dashboard

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// memory is the tasks that this process has in its memory, as if it were an engine.
type memory struct{ *dashboard }

// Browse returns tasks of this process. A cursor is how many have been shown.
func (m *memory) Browse(_ context.Context, f engine.Filter) (engine.Page, error) {
	if f.Queue != "" {
		return engine.Page{}, nil // there are none
	}
	if f.Stage == engine.StageFailed || f.Stage == engine.StageDone {
		items := m.failedItems()
		if f.Stage == engine.StageDone {
			items = m.doneItems()
		}
		return pageOf(slices.DeleteFunc(items, func(t engine.Item) bool { return !fits(t, f) }), f), nil
	}
	held := m.runner.Core().Held(f.Stage)
	held = slices.DeleteFunc(held, func(h core.Held) bool {
		if f.Name != "" && h.Name != f.Name {
			return true
		}
		return f.Text != "" && !fits(m.withFailures(engine.Item{Task: engine.Task{ID: h.Known()}}), f)
	})
	slices.SortStableFunc(held, func(a, b core.Held) int { return orderOf(f.Stage)(a.Item, b.Item) })
	from := offset(f.After, len(held))
	to := min(from+f.Most, len(held))
	items := []engine.Item{}
	for _, h := range held[from:to] {
		h.Identify()
		items = append(items, m.can(m.withFailures(h.Item)))
	}
	p := engine.Page{Items: items, Searched: to}
	if to < len(held) {
		p.Next = strconv.Itoa(to)
	}
	return p, nil
}

// offset is how many tasks have been shown.
func offset(after string, most int) int {
	n, _ := strconv.Atoi(after)
	return min(max(n, 0), most)
}

// pageOf is a page of a list.
func pageOf(items []engine.Item, f engine.Filter) engine.Page {
	from := offset(f.After, len(items))
	to := min(from+f.Most, len(items))
	p := engine.Page{Items: items[from:to], Searched: to}
	if to < len(items) {
		p.Next = strconv.Itoa(to)
	}
	return p
}

// fits reports whether a task is wanted.
func fits(t engine.Item, f engine.Filter) bool {
	if f.Name != "" && t.Name != f.Name || f.Queue != "" && t.Queue != f.Queue {
		return false
	}
	text := strings.ToLower(f.Text)
	if text == "" || strings.Contains(strings.ToLower(t.ID), text) {
		return true
	}
	if t.Err != nil && strings.Contains(strings.ToLower(t.Err.Error()), text) {
		return true
	}
	return slices.ContainsFunc(t.Failures, func(a engine.Attempt) bool { return strings.Contains(strings.ToLower(a.Error), text) })
}

// orderOf is the order of the tasks of a stage.
func orderOf(stage engine.Stage) func(a, b engine.Item) int {
	return func(a, b engine.Item) int {
		switch stage {
		case engine.StageRunning:
			return compare(a.Started, b.Started)
		case engine.StageDelayed, engine.StageRetrying:
			return compare(a.Due, b.Due)
		case engine.StageFailed, engine.StageDone:
			return compare(b.Ended, a.Ended)
		}
		return 0
	}
}

// compare has what is not known come last.
func compare(a, b time.Time) int {
	return cmp.Or(cmp.Compare(btoi(a.IsZero()), btoi(b.IsZero())), a.Compare(b))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// withFailures adds what has failed in this process before.
func (m *memory) withFailures(t engine.Item) engine.Item {
	if t.ID == "" {
		return t
	}
	for _, f := range m.attemptsOf(t.ID) {
		t.Failures = append(t.Failures, f.Attempt)
		t.Err = errors.New(f.Error)
	}
	return t
}

// can adds what can be done to a task that has not ended.
func (m *memory) can(t engine.Item) engine.Item {
	switch t.Stage {
	case engine.StageRunning, engine.StageWaiting:
		t.Can = []engine.Action{engine.ActionCancel}
	case engine.StageDelayed, engine.StageRetrying:
		t.Can = []engine.Action{engine.ActionRun, engine.ActionCancel}
	}
	return t
}

// keepsCalls reports whether calls of engines that failed here are listed here: where
// no engine lists them.
func (m *memory) keepsCalls() bool {
	return !slices.ContainsFunc(m.sources, func(s *source) bool { return s.name != "" && s.browser != nil })
}

// failedItems are the last tasks that have failed for good.
func (m *memory) failedItems() (items []engine.Item) {
	list, _ := m.failed.all()
	for _, f := range list {
		if !f.stored || m.keepsCalls() {
			items = append(items, m.failedItem(f))
		}
	}
	return items
}

func (m *memory) failedItem(f failure) engine.Item {
	t := engine.Item{Key: f.id, Stage: engine.StageFailed, Ended: f.At, Can: []engine.Action{engine.ActionDelete}}
	t.ID, t.Name, t.Handler, t.State, t.Args = f.id, f.name, f.handler, engine.Failed, f.args
	t = m.withFailures(t)
	t.Task.Attempt, t.Attempts = f.Number, f.Number
	if f.again != nil {
		t.Can = []engine.Action{engine.ActionRetry, engine.ActionDelete}
	}
	if f.ran {
		t.Meta = map[string]string{ranAgain: "yes"}
	}
	return t
}

// ranAgain is the key in Meta of a task that somebody had run again.
const ranAgain = "bggen-ran-again"

// doneItems are the last tasks that have succeeded. Nobody has asked for their ids.
func (m *memory) doneItems() (items []engine.Item) {
	for _, p := range m.runner.Core().Past() {
		t := engine.Item{Stage: engine.StageDone, Ended: p.At}
		t.Name, t.Handler, t.State, t.Task.Attempt = p.Name, p.Handler, engine.Done, p.Attempt
		if p.Took > 0 {
			t.Started = p.At.Add(-p.Took)
		}
		items = append(items, t)
	}
	return items
}

// Counts is exact.
func (m *memory) Counts(context.Context) (map[engine.Stage]engine.Count, error) {
	counts := map[engine.Stage]engine.Count{}
	for stage, n := range m.runner.Core().HeldCounts() {
		counts[stage] = engine.Count{N: n}
	}
	list, _ := m.failed.all()
	failed := 0
	for _, f := range list {
		if !f.stored || m.keepsCalls() {
			failed++
		}
	}
	counts[engine.StageFailed] = engine.Count{N: failed}
	counts[engine.StageDone] = engine.Count{N: len(m.runner.Core().Past())}
	return counts, nil
}

// Look returns the task with an id.
func (m *memory) Look(_ context.Context, id string) (engine.Item, bool, error) {
	list := m.failed.of(id)
	if n := len(list); n > 0 && (!list[n-1].stored || m.keepsCalls()) {
		return m.failedItem(list[n-1]), true, nil
	}
	h, known := m.runner.Core().HeldID(id)
	if !known {
		return engine.Item{}, false, nil
	}
	return m.can(m.withFailures(h.Item)), true, nil
}

// Act does something to the task with an id.
func (m *memory) Act(_ context.Context, do engine.Action, id string) (bool, error) {
	switch do {
	case engine.ActionRetry:
		again := m.failed.take(id)
		if again != nil {
			again()
		}
		return again != nil, nil
	case engine.ActionRun:
		return m.runner.Core().RunNow(core.ParseID(id)), nil
	case engine.ActionCancel:
		if _, known := m.runner.Core().HeldID(id); !known {
			return false, nil
		}
		return m.runner.Cancel(runtime.ParseTaskID(id)), nil
	case engine.ActionDelete:
		failed := m.failed.forget(id)
		return failed, nil
	}
	return false, nil
}
