package runtime

import (
	"context"
	"crypto/rand"
	"sync"
)

// A TaskID says which task one means. It is made when it is first written down,
// and costs nothing until then.
type TaskID struct {
	batch *BackgroundTasks // nil: it is known by its text
	n     int32            // in the line of the batch
	text  string
}

// ParseTaskID is the id that was written down as text.
func ParseTaskID(text string) TaskID { return TaskID{text: text} }

// String is the id as text of 26 letters and digits, "" for the zero value. A
// program that asks for it can ask for the task's status while it is one of the
// last 1,000 that have ended.
func (id TaskID) String() string {
	if id.batch == nil || id.batch.runner == nil {
		return id.text
	}
	return id.batch.nameID(id.n)
}

// MarshalText is String, for JSON.
func (id TaskID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is ParseTaskID.
func (id *TaskID) UnmarshalText(text []byte) error {
	*id = ParseTaskID(string(text))
	return nil
}

// TaskState is what has become of a task.
type TaskState string

const (
	Queued    TaskState = "queued" // it waits: for its turn, for its time, or for another attempt
	Running   TaskState = "running"
	Done      TaskState = "done"
	Failed    TaskState = "failed"    // in its last attempt
	Cancelled TaskState = "cancelled" // by Cancel, or since its request failed
)

// TaskStatus is what is known of a task.
type TaskStatus struct {
	Name    string
	Handler string // that added it, where that is known
	State   TaskState
	Attempt int   // the one that runs, or was the last; 0: none has begun
	Err     error // of the last one, where it failed
}

// outcome is how a task has ended.
type outcome struct {
	state TaskState
	err   error
}

// Status is what is known of a task: of those that were asked for by text, the
// last 1,000 that have ended.
func (r *Runner) Status(id TaskID) (TaskStatus, bool) {
	if id.batch != nil && id.batch.runner == r {
		return id.batch.status(id.n), true
	}
	if status, known := r.ids.status(id.text); known {
		return status, true
	}
	return r.engineStatus(id.text)
}

// Cancel keeps a task from running, or ends the context of one that runs and
// whose id was written down before it began. It reports whether it did.
func (r *Runner) Cancel(id TaskID) bool {
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
func (b *BackgroundTasks) nameID(n int32) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.extra()
	if text := x.ids[n]; text != "" {
		return text
	}
	text := rand.Text()
	if x.ids == nil {
		x.ids = map[int32]string{}
	}
	x.ids[n] = text
	where := TaskID{batch: b, n: n}
	if child := x.moved[n]; child != nil {
		child.mu.Lock()
		child.rare.ids = map[int32]string{0: text}
		child.mu.Unlock()
		where = TaskID{batch: child}
	}
	b.runner.ids.add(text, where)
	if status := b.statusLocked(n); status.State != Queued && status.State != Running && x.moved[n] == nil {
		b.runner.ids.end(text, status)
	}
	return text
}

// status is that of task n.
func (b *BackgroundTasks) status(n int32) TaskStatus {
	b.mu.Lock()
	if child := b.movedTo(n); child != nil {
		b.mu.Unlock()
		return child.status(0)
	}
	defer b.mu.Unlock()
	return b.statusLocked(n)
}

func (b *BackgroundTasks) movedTo(n int32) *BackgroundTasks {
	if b.rare == nil {
		return nil
	}
	return b.rare.moved[n]
}

func (b *BackgroundTasks) statusLocked(n int32) TaskStatus {
	status := TaskStatus{Handler: b.handler, State: Done}
	i := n
	if b.rare != nil {
		i -= b.rare.gone
		if out, ok := b.rare.ended[n]; ok {
			status.State, status.Err = out.state, out.err
			return status
		}
	}
	if i < b.next || int(i) >= len(b.tasks) || b.tasks[i].run == nil {
		return status
	}
	t := b.tasks[i]
	info := t.info(b)
	status.Name, status.State = info.Name, Queued
	if i == b.next && b.busy && !b.parked {
		status.State, status.Attempt = Running, info.Attempt
	}
	return status
}

// cancelled notes that the task at an index was dropped. b.mu is held.
func (b *BackgroundTasks) cancelled(i int32) {
	if b.runner == nil {
		return // a unit test
	}
	b.note(i+b.extra().gone, b.tasks[i], Cancelled, nil)
}

// note keeps how task n has ended. b.mu is held.
func (b *BackgroundTasks) note(n int32, t task, state TaskState, err error) {
	x := b.extra()
	if state != Done {
		if x.ended == nil {
			x.ended = map[int32]outcome{}
		}
		x.ended[n] = outcome{state, err}
	}
	if id := x.ids[n]; id != "" {
		info := t.info(b)
		b.runner.ids.end(id, TaskStatus{Name: info.Name, Handler: b.handler, State: state, Attempt: info.Attempt, Err: err})
	}
}

// failed notes that the task that runs has failed, and drops those after it if
// that was asked for.
func (b *BackgroundTasks) failed(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.extra()
	n, state := b.next+x.gone, Failed
	if out, ok := x.ended[n]; ok && out.state == Cancelled {
		state = Cancelled
	}
	b.note(n, b.tasks[b.next], state, err)
	if x.stop {
		b.drop(func(task) bool { return true })
	}
}

// cancelTask cancels task n, unless it has ended.
func (b *BackgroundTasks) cancelTask(n int32) bool {
	b.mu.Lock()
	if child := b.movedTo(n); child != nil {
		b.mu.Unlock()
		return child.cancelTask(0)
	}
	x := b.extra()
	i := n - x.gone
	if i < b.next || int(i) >= len(b.tasks) || b.tasks[i].run == nil {
		b.mu.Unlock()
		return false
	}
	if i == b.next && b.busy && !b.parked {
		cancel := x.cancel
		if cancel != nil {
			if x.ended == nil {
				x.ended = map[int32]outcome{}
			}
			x.ended[n] = outcome{Cancelled, context.Canceled}
			cancel()
		}
		b.mu.Unlock()
		return cancel != nil
	}
	b.cancelled(i)
	if b.parked && i == b.next { // somebody is to wake it: it has nothing to do then
		b.tasks[i] = task{func(context.Context) error { return nil }, &taskSpec{kind: b.tasks[i].spec.kind}}
	} else {
		b.tasks[i] = task{}
	}
	waits := x.timer != nil && x.timer.Stop()
	b.mu.Unlock()
	if waits {
		b.runner.waiting.Add(-1)
		b.runner.start(b) // it has nothing to do, and ends
	}
	return true
}

// wasCancelled reports whether the task that runs was.
func (b *BackgroundTasks) wasCancelled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare == nil {
		return false
	}
	out, ok := b.rare.ended[b.next+b.rare.gone]
	return ok && out.state == Cancelled
}

// knownID is the id of the task that runs, if it was written down.
func (b *BackgroundTasks) knownID() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.idLocked()
}

// idLocked is knownID. b.mu is held.
func (b *BackgroundTasks) idLocked() string {
	switch {
	case b.rare == nil:
		return ""
	case !b.busy:
		return b.rare.call
	}
	return b.rare.ids[b.next+b.rare.gone]
}

// noteCancel keeps what ends the context of the task that runs.
func (b *BackgroundTasks) noteCancel(cancel context.CancelFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rare.cancel = cancel
}

// history is the number of ended tasks whose status is kept.
const history = 1000

// ids is the tasks whose ids were written down: those that have not ended, and
// the last of those that have.
type ids struct {
	mu    sync.Mutex
	live  map[string]TaskID
	ended map[string]TaskStatus
	row   []string // keys of ended, oldest first from next on
	next  int
}

func (s *ids) add(text string, id TaskID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		s.live, s.ended = map[string]TaskID{}, map[string]TaskStatus{}
	}
	s.live[text] = id
}

// move notes that a task is in another batch now.
func (s *ids) move(text string, id TaskID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, live := s.live[text]; live {
		s.live[text] = id
	}
}

func (s *ids) end(text string, status TaskStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, live := s.live[text]; !live {
		return
	}
	delete(s.live, text)
	s.ended[text] = status
	if len(s.row) < history {
		s.row = append(s.row, text)
		return
	}
	delete(s.ended, s.row[s.next])
	s.row[s.next] = text
	s.next = (s.next + 1) % history
}

func (s *ids) get(text string) (TaskID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ended := s.ended[text]; ended {
		return TaskID{}, true
	}
	id, ok := s.live[text]
	return id, ok
}

func (s *ids) status(text string) (TaskStatus, bool) {
	s.mu.Lock()
	if status, ok := s.ended[text]; ok {
		s.mu.Unlock()
		return status, true
	}
	id, ok := s.live[text]
	s.mu.Unlock() // a batch is locked before the ids
	if !ok {
		return TaskStatus{}, false
	}
	return id.batch.status(id.n), true
}
