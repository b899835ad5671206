package core

import (
	"context"
	"crypto/rand"

	"github.com/bggen/bggen/runtime/engine"
)

// An ID says which task one means. It is made when it is first written down,
// and costs nothing until then.
type ID struct {
	batch *Unit // nil: it is known by its text
	n     int32 // in the line of the batch
	text  string
}

// ParseID is the id that was written down as text.
func ParseID(text string) ID { return ID{text: text} }

// String is the id as text of 26 letters and digits, "" for the zero value. A
// program that asks for it can ask for the task's status while it is one of the
// last 1,000 that have ended.
func (id ID) String() string {
	if id.batch == nil || id.batch.runner == nil {
		return id.text
	}
	return id.batch.nameID(id.n)
}

// outcome is how a task has ended.
type outcome struct {
	state engine.State
	err   error
}

// Status is what is known of a task: of those that were asked for by text, the
// last 1,000 that have ended.
func (r *Runner) Status(id ID) (engine.Status, bool) {
	if id.batch != nil && id.batch.runner == r {
		return id.batch.status(id.n), true
	}
	if status, known := r.ids.status(id.text); known {
		return status, true
	}
	return r.engineStatus(id.text)
}

// Cancel keeps a task from running, or ends the context of one that runs and
// whose id was written down before it began, or that begins while there is a page
// with dashboard.Actions. It reports whether it did.
func (r *Runner) Cancel(id ID) bool {
	if id.batch == nil {
		found, known := r.ids.get(id.text)
		if !known {
			return r.engineCancel(id.text)
		}
		id = found
	}
	return id.batch != nil && id.batch.cancelTask(id.n)
}

// nameID is the text of the id of task n.
func (b *Unit) nameID(n int32) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.extra()
	if text := x.ids[n]; text != "" {
		return text
	}
	if to, moved := x.moved[n]; moved {
		return to.batch.nameID(to.n)
	}
	text := rand.Text()
	if x.ids == nil {
		x.ids = map[int32]string{}
	}
	x.ids[n] = text
	b.runner.ids.add(text, ID{batch: b, n: n})
	if status := b.statusLocked(n); status.State != engine.Queued && status.State != engine.Running {
		b.runner.ids.end(text, status)
	}
	return text
}

// nameRunning is the id of the task that runs: it has failed, and by that its
// reports are found, and its status.
func (b *Unit) nameRunning() string {
	b.mu.Lock()
	n := b.next + b.shift()
	b.mu.Unlock()
	return b.nameID(n)
}

// name gives a task the text that somebody has of its id already, if it has one.
func (id ID) name(text string) {
	if text == "" || id.batch == nil {
		return
	}
	id.batch.mu.Lock()
	defer id.batch.mu.Unlock()
	x := id.batch.extra()
	if x.ids == nil {
		x.ids = map[int32]string{}
	}
	x.ids[id.n] = text
	id.batch.runner.ids.move(text, id)
}

// status is that of task n.
func (b *Unit) status(n int32) engine.Status {
	b.mu.Lock()
	if to, moved := b.movedTo(n); moved {
		b.mu.Unlock()
		return to.batch.status(to.n)
	}
	defer b.mu.Unlock()
	return b.statusLocked(n)
}

func (b *Unit) movedTo(n int32) (to ID, moved bool) {
	if b.rare != nil {
		to, moved = b.rare.moved[n]
	}
	return to, moved
}

func (b *Unit) statusLocked(n int32) engine.Status {
	status := engine.Status{Handler: b.handler, State: engine.Done}
	i := n
	if b.rare != nil {
		i -= b.rare.gone
		if out, ok := b.rare.ended[n]; ok {
			status.State, status.Err = out.state, out.err
			return status
		}
	}
	if n < 0 || i < b.next || int(i) >= len(b.tasks) || b.tasks[i].run == nil {
		return status
	}
	t := b.tasks[i]
	info := t.info(b)
	status.Name, status.State, status.Attempt = info.Name, engine.Queued, info.Attempt-1
	if i == b.next && b.busy && !b.parked {
		status.State, status.Attempt = engine.Running, info.Attempt
	}
	return status
}

// cancelled notes that the task at an index was dropped. b.mu is held.
func (b *Unit) cancelled(i int32) {
	if b.runner == nil {
		return // a unit test
	}
	b.note(i+b.extra().gone, b.tasks[i], engine.Cancelled, nil)
}

// note keeps how task n has ended. b.mu is held.
func (b *Unit) note(n int32, t task, state engine.State, err error) {
	x := b.extra()
	if state != engine.Done {
		x.noteEnded(n, outcome{state, err})
	}
	if id := x.ids[n]; id != "" {
		info := t.info(b)
		if !b.busy || b.parked || n != b.next+x.gone { // it has not begun
			info.Attempt--
		}
		b.runner.ids.end(id, engine.Status{Name: info.Name, Handler: b.handler, State: state, Attempt: info.Attempt, Err: err})
	}
}

// failed notes that the task that runs has failed, and drops those after it if
// that was asked for.
func (b *Unit) failed(err error) {
	b.mu.Lock()
	x := b.extra()
	n, state := b.next+x.gone, engine.Failed
	if out, ok := x.ended[n]; ok && out.state == engine.Cancelled {
		state = engine.Cancelled
	}
	b.note(n, b.tasks[b.next], state, err)
	stop, root := x.stop, x.from.batch
	if stop {
		b.drop(func(task) bool { return true })
	}
	b.mu.Unlock()
	if stop && root != nil {
		root.mu.Lock()
		defer root.mu.Unlock()
		root.drop(func(task) bool { return true })
	}
}

// cancelTask cancels task n, unless it has ended.
func (b *Unit) cancelTask(n int32) bool {
	b.mu.Lock()
	if to, moved := b.movedTo(n); moved {
		b.mu.Unlock()
		return to.batch.cancelTask(to.n)
	}
	x := b.extra()
	i := n - x.gone
	if n < 0 || i < b.next || int(i) >= len(b.tasks) || b.tasks[i].run == nil {
		b.mu.Unlock()
		return false
	}
	if i == b.next && b.busy && !b.parked {
		defer b.mu.Unlock()
		if x.own == nil && x.asked {
			return false // nothing ends the context that it has
		}
		b.makeOwn()
		x.noteEnded(n, outcome{engine.Cancelled, context.Canceled})
		x.cancel()
		return true
	}
	b.cancelled(i)
	b.vacate(i)
	waits := x.timer != nil && x.timer.Stop()
	b.mu.Unlock()
	if waits {
		b.runner.waiting.Add(-1)
		b.runner.start(b) // it has nothing to do, and ends
	}
	return true
}

// wasCancelled reports whether the task that runs was.
func (b *Unit) wasCancelled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare == nil {
		return false
	}
	out, ok := b.rare.ended[b.next+b.rare.gone]
	return ok && out.state == engine.Cancelled
}

// knownID is the id of the task that runs, if it was written down. b.mu is held.
func (b *Unit) knownID() string {
	if b.rare == nil {
		return ""
	}
	return b.rare.ids[b.next+b.rare.gone]
}
