package runtime

import (
	"context"
	"sync"
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
	ended  map[int32]outcome          // but done, in their turn
	moved  map[int32]*BackgroundTasks // those that have left the line
	cancel context.CancelFunc         // of the task that runs

	parent   *BackgroundTasks // whose line this one has left
	children int              // that have left and are not over
	due      time.Time
	timer    *time.Timer
}

// extra is b.rare, made if there is none. b.mu is held.
func (b *BackgroundTasks) extra() *rare {
	if b.rare == nil {
		b.rare = new(rare)
	}
	return b.rare
}

// A stage of a collector's life. Tasks added before it has ended join the line;
// those that come later begin a new one.
type stage uint8

const (
	collecting stage = iota
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
	case b.runner != nil && b.stage == ended:
		fresh, id := b.addLate(t)
		b.mu.Unlock()
		if fresh != nil {
			b.runner.acceptLate(fresh)
		}
		return id
	case b.stage == started && t.spec.leavesLine():
		n := b.push(task{})
		child := b.detach(t, n)
		b.mu.Unlock()
		b.runner.startChild(child)
		return TaskID{batch: b, n: n}
	}
	defer b.mu.Unlock()
	return TaskID{batch: b, n: b.push(t)}
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

// addLate adds t to the batch of those that came too late for b, and returns
// that batch if it is new. b.mu is held.
func (b *BackgroundTasks) addLate(t task) (fresh *BackgroundTasks, id TaskID) {
	if l := b.extra().late; l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.stage != ended {
			return nil, TaskID{batch: l, n: l.push(t)}
		}
	}
	late := &BackgroundTasks{stage: sealed, runner: b.runner, handler: b.handler, values: b.values, turn: b.turn}
	b.rare.late = late
	return late, TaskID{batch: late, n: late.push(t)}
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
	if b.busy {
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
			b.tasks[i] = task{}
		}
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
	if b.stage != collecting {
		return false
	}
	b.choose(failed)
	if b.first() == int32(len(b.tasks)) {
		return false
	}
	b.stage = sealed
	return true
}

// choose drops the tasks that do not run after a request that has failed, or
// has not. b.mu is held.
func (b *BackgroundTasks) choose(failed bool) {
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
// held: a log handler does not come back to a collector.
func (b *BackgroundTasks) abandon() {
	var names []string
	for _, t := range b.tasks[b.next:] {
		if t.run != nil {
			names = append(names, t.name())
		}
	}
	b.drop(func(task) bool { return true })
	b.stage, b.tasks, b.next = ended, nil, 0
	b.runner.logger().Error("background tasks left: the runner has shut down", "tasks", names, "handler", b.handler)
}

// A taken is what take says is to be done.
type taken struct {
	task
	ok     bool // or else the collector has ended
	placed bool // it was parked, and has a place among those of its kind
	rare   bool // the collector has something rare: its id may be known, say
	left   []*BackgroundTasks
}

// take ends the task that runs, and returns the one that is to run next. When
// there is none, or the runner's life is over, the collector has ended. What
// leaves the line now is to be started by the caller.
func (b *BackgroundTasks) take() (t taken) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.placed, b.parked = b.parked, false
	if t.placed {
		t.task = b.tasks[b.next]
		b.busy = b.runner.life.Err() == nil
	} else if b.busy {
		b.endBusy()
	}
	b.stage = started
	if b.rare != nil {
		t.rare, t.left = true, b.detachLeaving()
	}
	for int(b.next) < len(b.tasks) && b.tasks[b.next].run == nil {
		b.next++
	}
	switch {
	case int(b.next) == len(b.tasks):
		b.stage = ended
		return t
	case b.runner.life.Err() != nil:
		b.abandon()
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
		if _, noted := b.rare.ended[n]; !noted && b.rare.moved[n] == nil {
			b.note(n, b.tasks[b.next], Done, nil)
		}
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
	for i, t := range b.tasks[min(int(b.next), len(b.tasks)):] {
		if t.run == nil {
			continue
		}
		name := t.name()
		if b.busy && !b.parked && i == 0 {
			name += " (running" + b.age() + ")"
		}
		names = append(names, name)
	}
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
