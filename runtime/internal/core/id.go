package core

import (
	"context"
	"crypto/rand"

	"github.com/bggen/bggen/runtime/engine"
)

// An ID says which task one means. It is made when it is first written down,
// and costs nothing until then.
type ID struct {
	unit *Unit // nil: it is known by its text
	n    int32 // in the line of the unit
	text string
}

// ParseID is the id that was written down as text.
func ParseID(text string) ID { return ID{text: text} }

// String is the id as text of 26 letters and digits, "" for the zero value. A
// program that asks for it can ask for the task's status while it is one of the
// last 1,000 that have ended.
func (id ID) String() string {
	if id.unit == nil || id.unit.runner == nil {
		return id.text
	}
	return id.unit.nameID(id.n)
}

// outcome is how a task has ended.
type outcome struct {
	state engine.State
	err   error
}

// Status is what is known of a task: of those that were asked for by text, the
// last 1,000 that have ended.
func (r *Runner) Status(id ID) (engine.Status, bool) {
	if id.unit != nil && id.unit.runner == r {
		return id.unit.status(id.n), true
	}
	if status, known := r.ids.status(id.text); known {
		return status, true
	}
	return r.engineStatus(id.text)
}

// Cancel keeps a task from running, or ends the context of one that runs. It reports
// whether it did.
func (r *Runner) Cancel(id ID) bool {
	if id.unit == nil {
		found, known := r.ids.get(id.text)
		if !known {
			return r.engineCancel(id.text)
		}
		id = found
	}
	return id.unit != nil && id.unit.cancelTask(id.n)
}

// nameID is the text of the id of task n.
func (b *Unit) nameID(n int32) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.noteLocked(n)
	if r.id != "" {
		return r.id
	}
	if r.moved.unit != nil {
		return r.moved.unit.nameID(r.moved.n)
	}
	r.id = rand.Text()
	b.runner.ids.add(r.id, ID{unit: b, n: n})
	if status := b.statusLocked(n); status.State != engine.Queued && status.State != engine.Running {
		r.end.state = status.State
		b.runner.ids.end(r.id, status)
	}
	return r.id
}

// nameRunning is the id of the task that runs: it has failed, and by that its
// reports are found, and its status.
func (b *Unit) nameRunning() string {
	b.mu.Lock()
	n := b.currentLocked()
	b.mu.Unlock()
	return b.nameID(n)
}

// name gives a task the text that somebody has of its id already, if it has one.
func (id ID) name(text string) {
	if text == "" || id.unit == nil {
		return
	}
	id.unit.mu.Lock()
	defer id.unit.mu.Unlock()
	id.unit.noteLocked(id.n).id = text
	id.unit.runner.ids.move(text, id)
}

// status is that of task n.
func (b *Unit) status(n int32) engine.Status {
	b.mu.Lock()
	if to, moved := b.movedLocked(n); moved {
		b.mu.Unlock()
		return to.unit.status(to.n)
	}
	defer b.mu.Unlock()
	return b.statusLocked(n)
}

// movedLocked is where task n is, if it has left the line and has not ended.
func (b *Unit) movedLocked(n int32) (ID, bool) {
	r := b.recordLocked(n)
	if r == nil || r.moved.unit == nil {
		return ID{}, false
	}
	return r.moved, true
}

func (b *Unit) statusLocked(n int32) engine.Status {
	status := engine.Status{Handler: b.handler, State: engine.Done}
	if r := b.recordLocked(n); r != nil && r.end.state != "" {
		status.State, status.Err = r.end.state, r.end.err
		return status
	}
	i, there := b.indexLocked(n)
	if !there {
		return status
	}
	info := b.tasks[i].info(b)
	status.Name, status.State, status.Attempt = info.Name, engine.Queued, info.Attempt-1
	if i == b.next && b.runsLocked() {
		status.State, status.Attempt = engine.Running, info.Attempt
	}
	return status
}

// indexLocked is the index of task n, if it is in the line and has not ended.
func (b *Unit) indexLocked(n int32) (i int32, there bool) {
	i = n - b.goneLocked()
	return i, n >= 0 && i >= b.next && int(i) < len(b.tasks) && b.tasks[i].run != nil
}

// cancelledLocked notes that the task at an index was dropped.
func (b *Unit) cancelledLocked(i int32) {
	if b.runner == nil {
		return // a unit test
	}
	b.endedLocked(i+b.goneLocked(), b.tasks[i], outcome{state: engine.Cancelled})
}

// endedLocked keeps how task n has ended.
func (b *Unit) endedLocked(n int32, t Task, out outcome) {
	r := b.recordLocked(n)
	if r == nil && out.state != engine.Done {
		r = b.noteLocked(n)
	}
	if r == nil {
		return
	}
	r.end = out
	if r.id == "" {
		return
	}
	info := t.info(b)
	if !b.runsLocked() || n != b.currentLocked() { // it has not begun
		info.Attempt--
	}
	b.runner.ids.end(r.id, engine.Status{Name: info.Name, Handler: b.handler, State: out.state, Attempt: info.Attempt, Err: out.err})
}

// failed notes that the task that runs has failed, and drops those after it if
// that was asked for.
func (b *Unit) failed(err error) {
	b.mu.Lock()
	n, out := b.currentLocked(), outcome{engine.Failed, err}
	if b.cancelledRunningLocked() {
		out.state = engine.Cancelled
	}
	b.endedLocked(n, b.tasks[b.next], out)
	stop, root := b.rare.stop, b.rare.root.unit
	if stop {
		b.dropLocked(func(Task) bool { return true })
	}
	b.mu.Unlock()
	if stop && root != nil {
		root.mu.Lock()
		defer root.mu.Unlock()
		root.dropLocked(func(Task) bool { return true })
	}
}

// cancelTask cancels task n, unless it has ended.
func (b *Unit) cancelTask(n int32) bool {
	b.mu.Lock()
	if to, moved := b.movedLocked(n); moved {
		b.mu.Unlock()
		return to.unit.cancelTask(to.n)
	}
	i, there := b.indexLocked(n)
	if !there {
		b.mu.Unlock()
		return false
	}
	if i == b.next && b.runsLocked() {
		defer b.mu.Unlock()
		b.makeOwnLocked()
		b.noteLocked(n).end = outcome{engine.Cancelled, context.Canceled}
		b.rare.cancel()
		return true
	}
	b.cancelledLocked(i)
	b.vacateLocked(i)
	waits := b.rare.timer != nil && b.rare.timer.Stop()
	b.mu.Unlock()
	if waits {
		b.runner.startDue(b) // it has nothing to do, and ends
	}
	return true
}

// wasCancelled reports whether the task that runs was.
func (b *Unit) wasCancelled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cancelledRunningLocked()
}

func (b *Unit) cancelledRunningLocked() bool {
	r := b.recordLocked(b.currentLocked())
	return r != nil && r.end.state == engine.Cancelled
}

// knownIDLocked is the id of the task that runs, if it was written down.
func (b *Unit) knownIDLocked() string {
	if r := b.recordLocked(b.currentLocked()); r != nil {
		return r.id
	}
	return ""
}
