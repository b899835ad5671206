package runtime

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// BackgroundTasks collects the tasks of one request: they run after the
// response, one after the other, in the order in which they were added. Every
// handler and provider of a request is given the same collector.
//
// It may be used from several goroutines. The zero value collects and runs
// nothing, which is what unit tests of handlers need.
type BackgroundTasks struct {
	mu     sync.Mutex
	stage  stage
	busy   bool          // tasks[next] is running
	parked bool          // tasks[next] waits for others of its kind
	list   uint8         // of runner.accepted that holds it
	next   int32         // index of the task that runs or is to run next
	tasks  []task        // added; those that ended are zeroed
	inline [2]task       // first backing array of tasks: most requests add one or two
	rare   *rare         // what few collectors have
	began  time.Duration // of the task that runs, on the clock of now; 0: nobody wanted to know
	due    time.Duration // when it was queued for a worker, likewise

	runner  *Runner
	handler string          // name of the handler, for reports
	values  context.Context // the request's context
	turn    turn            // of the request; zero: its end cannot be seen

	prev, succ *BackgroundTasks // in runner.accepted
	behind     *BackgroundTasks // in a batchQueue
}

// rare is what few collectors have, apart so that the others are small.
type rare struct {
	err   error            // of an Enqueue that could not be: fails the request
	late  *BackgroundTasks // gets what is added when the collector has ended
	hold  []func()         // run when all tasks have ended, last in, first out
	over  bool             // they have run
	named bool             // Shutdown has named what is in it
	older bool             // the task that runs began before began

	calls    []engineCall // for engines
	leaving  int          // tasks that do not wait in the line, and are still in it
	selected bool         // tasks were taken out that run after other requests
	stop     bool         // after the first task that fails
	joined   bool         // by Collect: adapters add to it, and do not end it

	args   map[int32]any           // of portable tasks, in tests
	gone   int32                   // tasks that have ended and were moved out of the slice
	added  map[int32]time.Duration // those that came while others ran, on the clock of now
	call   string                  // the id of the engine's call that fills this collector
	ids    map[int32]string
	ended  map[int32]outcome  // but done, in their turn
	moved  map[int32]TaskID   // those that have left the line, and have not ended
	apart  int32              // tasks that were never in the line: their numbers are negative
	cancel context.CancelFunc // of the task that runs
	begun  bool               // that task: it is decided whether it can be cancelled
	again  bool               // that task: it is to be tried again, elsewhere

	afterFailure bool // the request has failed

	from     TaskID       // the task of a request's line that this one was made for; its batch is that of the request
	children atomic.Int32 // that have left and are not over
	due      time.Time
	timer    *time.Timer
}

// extra is b.rare, made if there is none. b.mu is held.
func (b *BackgroundTasks) extra() *rare {
	if b.rare == nil {
		b.rare = &rare{begun: b.busy}
	}
	return b.rare
}

// A stage of a collector's life. Tasks added before it has ended join the line;
// those that come later begin a new one.
type stage uint8

const (
	collecting stage = iota
	stored           // the calls of engines were taken: those that come now are stored at once
	sealed           // accepted by the runner: waits for the end of the response, or for a worker
	started          // a worker has it
	ended            // the request failed, or everything ran
)

type task struct {
	run  func(context.Context) error
	spec *taskSpec // nil: a closure without options
}

// Add has task run after the response. Its context keeps the values of the
// request's context and not its cancellation; it is cancelled when a
// [Runner.Shutdown] runs out of time. An error or a panic is reported, and
// stops nothing else.
//
// A task may add tasks: they run last. Tasks that are added when all others
// have ended run as a new batch.
func (b *BackgroundTasks) Add(task func(context.Context) error, opts ...TaskOption) {
	b.add(newTask(task, opts))
}

func newTask(run func(context.Context) error, opts []TaskOption) task {
	if run == nil {
		panic("runtime: a nil func as a task")
	}
	return task{run, specWith(nil, opts)}
}

func (b *BackgroundTasks) add(t task) TaskID {
	b.mu.Lock()
	switch {
	case b.runner == nil || b.stage < sealed:
	case b.tooLateFor(t):
		b.mu.Unlock()
		return TaskID{}
	case b.stage == ended:
		return b.addLate(t)
	case b.stage == started && t.spec.leavesLine():
		x := b.extra()
		x.apart--
		id := TaskID{batch: b, n: x.apart}
		child := b.detach(t, id.n)
		b.mu.Unlock()
		b.runner.startChild(child)
		return id
	}
	defer b.mu.Unlock()
	return TaskID{batch: b, n: b.push(t)}
}

// tooLateFor reports whether t is for a request that fails, and this one has
// not. b.mu is held.
func (b *BackgroundTasks) tooLateFor(t task) bool {
	return t.spec != nil && t.spec.when == afterFailure && (b.rare == nil || !b.rare.afterFailure)
}

// push appends t, and returns its number in the line. b.mu is held.
func (b *BackgroundTasks) push(t task) int32 {
	if b.tasks == nil {
		b.tasks = b.inline[:0]
	}
	if b.next > 0 && len(b.tasks) == cap(b.tasks) { // make room of what has ended
		n := copy(b.tasks, b.tasks[b.next:])
		clear(b.tasks[n:])
		b.extra().gone += b.next
		b.tasks, b.next = b.tasks[:n], 0
	}
	b.tasks = append(b.tasks, t)
	if t.spec.leavesLine() {
		b.extra().leaving++
	}
	if t.spec != nil && t.spec.when != afterSuccess {
		b.extra().selected = true
	}
	n := int32(len(b.tasks) - 1)
	if b.rare != nil {
		n += b.rare.gone
	}
	if b.stage == started && b.due != 0 {
		b.noteAdded(n)
	}
	return n
}

// noteAdded notes when task n came. b.mu is held.
func (b *BackgroundTasks) noteAdded(n int32) {
	x := b.extra()
	if x.added == nil {
		x.added = map[int32]time.Duration{}
	}
	x.added[n] = now()
}

// addLate adds t to the batch of those that came too late for b, which is a new
// one if there is none that still runs. b.mu is held, and released.
func (b *BackgroundTasks) addLate(t task) TaskID {
	if late := b.extra().late; late != nil && !late.isOver() {
		b.mu.Unlock()
		return late.add(t)
	}
	late := &BackgroundTasks{stage: sealed, runner: b.runner, handler: b.handler, values: b.values, turn: b.turn}
	if b.rare.afterFailure {
		late.extra().afterFailure = true
	}
	id := TaskID{batch: late, n: late.push(t)}
	b.rare.late = late
	b.mu.Unlock()
	b.runner.acceptLate(late)
	return id
}

// isOver reports whether the tasks of b have ended.
func (b *BackgroundTasks) isOver() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stage == ended
}

// Len is the number of tasks that have been added and have not started.
func (b *BackgroundTasks) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, t := range b.tasks[b.first():] {
		if t.run != nil {
			n++
		}
	}
	if b.rare != nil {
		n += len(b.rare.calls)
	}
	return n
}

// first is the index of the first task that has not started. b.mu is held.
func (b *BackgroundTasks) first() int32 {
	if b.busy && !b.parked {
		return b.next + 1
	}
	return b.next
}

// Clear discards the tasks that have not started.
func (b *BackgroundTasks) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(func(task) bool { return true })
	if b.rare != nil {
		b.rare.err, b.rare.calls = nil, nil
	}
}

// drop takes those tasks out of the line that have not started and for which
// which is true. b.mu is held.
func (b *BackgroundTasks) drop(which func(task) bool) {
	for i := b.first(); int(i) < len(b.tasks); i++ {
		if t := b.tasks[i]; t.run != nil && which(t) {
			b.cancelled(i)
			b.vacate(i)
		}
	}
}

// vacate takes the task at an index out of the line. One that is parked leaves
// its kind behind: it is to be given a place. b.mu is held.
func (b *BackgroundTasks) vacate(i int32) {
	if b.parked && i == b.next {
		b.tasks[i] = task{nil, &taskSpec{kind: b.tasks[i].spec.kind}}
	} else {
		b.tasks[i] = task{}
	}
}

// StopOnFailure has the first task that fails, in all its attempts, drop those
// after it, as Starlette does.
func (b *BackgroundTasks) StopOnFailure() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.extra().stop = true
}

// seal ends the collecting of a request, if there is anything to run, and
// reports that.
func (b *BackgroundTasks) seal(failed bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sealLocked(failed)
}

func (b *BackgroundTasks) sealLocked(failed bool) bool {
	if b.stage > stored {
		return false
	}
	b.choose(failed)
	if b.first() == int32(len(b.tasks)) {
		return false
	}
	b.stage = sealed
	return true
}

// sealOrEnd is seal; where there is nothing to run, b has ended.
func (b *BackgroundTasks) sealOrEnd() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sealLocked(false) {
		return true
	}
	b.discardLocked()
	return false
}

// choose drops the tasks that do not run after a request that has failed, or
// has not. b.mu is held.
func (b *BackgroundTasks) choose(failed bool) {
	if failed {
		b.extra().afterFailure = true
	}
	if !failed && (b.rare == nil || !b.rare.selected) {
		return
	}
	b.drop(func(t task) bool { return !t.spec.runsAfter(failed) })
	for int(b.next) < len(b.tasks) && b.tasks[b.next].run == nil {
		b.next++
	}
}

// keepFailed drops what does not run after a request that has failed, and keeps
// the rest whatever comes.
func (b *BackgroundTasks) keepFailed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.choose(true)
	for i, t := range b.tasks[b.next:] {
		if t.run != nil {
			spec := t.spec.clone()
			spec.when = afterBoth
			b.tasks[int(b.next)+i].spec = spec
		}
	}
	if b.rare != nil {
		b.rare.err = nil // it has failed the request
	}
}

// refused is the error of an Enqueue that fails the request, nil if there was
// none.
func (b *BackgroundTasks) refused() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare == nil {
		return nil
	}
	return b.rare.err
}

// discard drops everything: those are cancelled.
func (b *BackgroundTasks) discard() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.discardLocked()
}

func (b *BackgroundTasks) discardLocked() {
	b.drop(func(task) bool { return true })
	b.stage, b.tasks, b.next = ended, nil, 0
	if b.rare != nil {
		b.rare.calls = nil
	}
}

// hand ends the collecting too, for somebody else to run what there is.
func (b *BackgroundTasks) hand() ([]task, []engineCall, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	tasks := b.tasks
	b.stage, b.tasks = ended, nil
	if b.rare == nil {
		return tasks, nil, nil
	}
	calls := b.rare.calls
	b.rare.calls = nil
	return tasks, calls, b.rare.err
}

// abandon drops what was accepted and cannot run any more, and names it. b.mu is
// held.
func (b *BackgroundTasks) abandon() (names []string) {
	for _, t := range b.tasks[b.next:] {
		if t.run != nil {
			names = append(names, t.name())
		}
	}
	b.discardLocked()
	return names
}

// A taken is what take says is to be done.
type taken struct {
	task
	ok     bool  // or else the collector has ended
	placed bool  // it was parked, and has a place among those of its kind
	vacant *kind // where a place is to be given back: it is not needed any more
	rare   bool  // the collector has something rare: its id may be known, say
	left   []*BackgroundTasks
	lost   []string // names of those that cannot run any more
}

// take ends the task that runs, and returns the one that is to run next. When
// there is none, or the runner's life is over, the collector has ended. What
// leaves the line now is to be started by the caller.
func (b *BackgroundTasks) take() (t taken) {
	b.mu.Lock()
	defer b.mu.Unlock()
	over := b.runner.life.Err() != nil
	switch {
	case b.parked:
		b.parked = false
		if parked := b.tasks[b.next]; over || parked.run == nil {
			t.vacant = parked.spec.kind
			b.busy = false
		} else {
			t.placed = true
		}
	case b.busy:
		b.endBusy()
	}
	b.stage = started
	if b.rare != nil {
		t.rare, t.left = true, b.detachLeaving()
		b.rare.begun = false
	}
	for int(b.next) < len(b.tasks) && b.tasks[b.next].run == nil {
		b.next++
	}
	switch {
	case int(b.next) == len(b.tasks):
		b.stage = ended
		return t
	case over:
		t.lost = b.abandon()
		return t
	}
	t.task, t.ok = b.tasks[b.next], true
	b.busy, b.began = true, 0
	if b.runner.timed.Load() {
		b.began = now()
	}
	return t
}

// endBusy ends the task that runs. b.mu is held.
func (b *BackgroundTasks) endBusy() {
	if b.rare != nil {
		n := b.next + b.rare.gone
		delete(b.rare.added, n)
		if !b.rare.again {
			out, noted := b.rare.ended[n]
			if !noted {
				out.state = Done
			}
			b.note(n, b.tasks[b.next], out.state, out.err)
		}
		b.rare.cancel, b.rare.again = nil, false
	}
	b.tasks[b.next] = task{} // frees what it captured
	b.next++
	b.busy = false
}

// park has the task that was taken wait for others of its kind.
func (b *BackgroundTasks) park() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parked = true
}

// left names the tasks that have not ended, and says whether one is running,
// and since when.
func (b *BackgroundTasks) left() (names []string, busy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare != nil && b.rare.named {
		return nil, false
	}
	for i, t := range b.tasks[min(int(b.next), len(b.tasks)):] {
		if t.run == nil {
			continue
		}
		name := t.name()
		if b.busy && i == 0 && b.rare != nil && b.rare.again {
			continue // another batch has it
		}
		if b.busy && !b.parked && i == 0 {
			name += " (running" + b.age() + ")"
		}
		names = append(names, name)
	}
	b.extra().named = true
	return names, b.busy && !b.parked
}

// took is for how long the task that runs has done so, 0 if that is not known.
func (b *BackgroundTasks) took() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.began == 0 {
		return 0
	}
	return now() - b.began
}

// age says for how long the task that runs has done so, as far as that is known.
// b.mu is held.
func (b *BackgroundTasks) age() string {
	switch d := now() - b.began; {
	case b.began == 0:
		return ""
	case b.rare != nil && b.rare.older:
		return " for over " + rounded(d)
	default:
		return " for " + rounded(d)
	}
}

func rounded(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// beginAge notes when the task that runs was seen running, for one whose
// beginning was not.
func (b *BackgroundTasks) beginAge() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy && b.began == 0 {
		b.began = now()
		b.extra().older = true
	}
}

// holdUntilEnd has f run when all tasks have ended.
func (b *BackgroundTasks) holdUntilEnd(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.extra().hold = append(b.rare.hold, f)
}
