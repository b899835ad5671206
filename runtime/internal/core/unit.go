package core

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A Unit is a unit of work, with the tasks that it adds. The work is a request, what
// Collect wraps, the function that Do is given, or a call that an engine has stored.
// Each begins a unit, and says with Commit or Fail how the work has gone and with End
// that nothing is to be waited for any more. From then on the unit is what runs its
// tasks, one after the other.
//
// A task that leaves the line, because it is delayed, unordered, or tried again,
// goes on in a unit of its own, whose root is the unit that it has left.
//
// Locks are taken in this order: that of a Kind, that of a unit, that of a second unit,
// and last that of ids or of a list of accepted units. The locks of Runner, slots, conn
// and registry are leaves: no other lock is taken while one of them is held. A method
// whose name ends in Locked wants the lock of its receiver to be held.
type Unit struct {
	mu     sync.Mutex
	state  state
	busy   bool          // tasks[next] has been taken: it runs, or waits for others of its kind
	exact  bool          // began is
	shard  uint8         // of runner.accepted that holds it
	next   int32         // index of the task that runs or is to run next
	tasks  []Task        // added; those that ended are zeroed
	inline [2]Task       // first backing array of tasks: most requests add one or two
	rare   *rare         // what few units have
	began  time.Duration // of the task that runs, on the clock of now
	due    time.Duration // when it was queued for a worker; 0: nobody wants to know

	runner  *Runner
	handler string          // name of the handler, for reports
	values  context.Context // the request's context
	turn    Turn            // of the request; zero: its end cannot be seen

	prev, succ *Unit // in runner.accepted
	behind     *Unit // in a unitQueue
}

// A state of a unit. It only goes forward, but that a unit which runs may wait for
// a place among the tasks of a Kind, and then runs again.
type state uint8

const (
	collecting state = iota // the work goes on, and may still fail
	committed               // it has succeeded, and added no task of this process yet
	sealed                  // its tasks are accepted: they run when the response has ended and a worker is free
	waiting                 // for its time, or for a place among the tasks of a Kind
	running                 // a worker has it
	ended                   // everything has run or was dropped
)

// rare is what few units have, apart so that the others are small.
type rare struct {
	// The work.
	err      error        // of an Enqueue that could not be: fails the work
	calls    []engineCall // for engines
	shared   bool         // by Collect: adapters add to it, and do not end it
	failed   bool         // the work has failed
	selected bool         // there are tasks that run after other work

	// The line. Tasks are numbered in the order in which they came; those that were
	// never in it have negative numbers.
	gone    int32 // tasks that have ended and were moved out of the slice
	leaving int   // tasks that do not wait in the line, and are still in it
	apart   int32 // the last number of those that were never in it
	records map[int32]*record
	stop    bool // after the first task that fails
	named   bool // Shutdown has named what is in it

	// The attempt that runs.
	own    context.Context // of a task that has asked when it is to end, or is to
	cancel context.CancelFunc
	again  bool // it is to be tried again, elsewhere

	// The units that have left the line.
	root     ID           // the task of another unit that this one was made for; the zero ID: it has a line of its own
	children atomic.Int32 // that have left and are not over
	due      time.Time
	timer    *time.Timer
	late     *Unit    // gets what is added when the unit has ended
	hold     []func() // run when all tasks have ended, last in, first out
	over     bool     // they have run
}

// A record is what few tasks have.
type record struct {
	id    string        // once somebody has asked for it
	args  any           // of a portable one, where they are kept
	added time.Duration // when it came, while others ran, where that is noted
	end   outcome       // unless it is done
	moved ID            // where it is, when it has left the line and has not ended
}

// extraLocked is b.rare, made if there is none.
func (b *Unit) extraLocked() *rare {
	if b.rare == nil {
		b.rare = new(rare)
	}
	return b.rare
}

// recordLocked is the record of task n, nil if it has none.
func (b *Unit) recordLocked(n int32) *record {
	if b.rare == nil {
		return nil
	}
	return b.rare.records[n]
}

// noteLocked is the record of task n, made if there is none.
func (b *Unit) noteLocked(n int32) *record {
	x := b.extraLocked()
	r := x.records[n]
	if r == nil {
		if x.records == nil {
			x.records = map[int32]*record{}
		}
		x.forget(n)
		r = new(record)
		x.records[n] = r
	}
	return r
}

// forget drops old records of tasks that have ended, before that of n is made: a
// line may go on for ever.
func (x *rare) forget(n int32) {
	if len(x.records) < history {
		return
	}
	for old, r := range x.records { // numbers of tasks that were never in the line fall
		if r.end.state != "" && (old < n-history/2 || old > n && n < 0) {
			delete(x.records, old)
		}
	}
}

// parkedLocked reports whether the unit waits for a place among the tasks of a Kind.
func (b *Unit) parkedLocked() bool { return b.busy && b.state == waiting }

// runsLocked reports whether a task runs.
func (b *Unit) runsLocked() bool { return b.busy && b.state != waiting }

// begunLocked reports whether a worker has begun with the tasks.
func (b *Unit) begunLocked() bool { return b.state == running || b.parkedLocked() }

// goneLocked is how many tasks were moved out of the slice.
func (b *Unit) goneLocked() int32 {
	if b.rare == nil {
		return 0
	}
	return b.rare.gone
}

// currentLocked is the number of the task that runs, or is to run next.
func (b *Unit) currentLocked() int32 { return b.next + b.goneLocked() }

// firstLocked is the index of the first task that has not started.
func (b *Unit) firstLocked() int32 {
	if b.runsLocked() {
		return b.next + 1
	}
	return b.next
}

// pendingLocked are the tasks that have not started, by their indexes.
func (b *Unit) pendingLocked() func(yield func(int32, Task) bool) {
	return func(yield func(int32, Task) bool) {
		for i := b.firstLocked(); int(i) < len(b.tasks); i++ {
			if t := b.tasks[i]; t.run != nil && !yield(i, t) {
				return
			}
		}
	}
}

// Runner returns the runner of the unit; nil: it is one of a unit test.
func (b *Unit) Runner() *Runner { return b.runner }

// Handler returns the name of the handler that the reports of b name.
func (b *Unit) Handler() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.handler
}
