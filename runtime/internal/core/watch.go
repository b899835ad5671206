package core

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A Seen is a task that has not ended, as a page shows it.
type Seen struct {
	ID      string // for Cancel, where it was asked for
	Name    string
	Handler string
	State   string        // running, queued or delayed
	Attempt int           // the one that runs, or is next
	Age     time.Duration // of one that runs; 0: it is not known
	Older   bool          // it has run for longer than Age
	Due     time.Time     // of one that is delayed
	Args    any           // of a portable task, where they are kept: json.RawMessage; nil: none
}

// An Ended is an attempt that has ended.
type Ended struct {
	Name string
	Took time.Duration
	Err  error // nil: it succeeded
}

// KeepArgs keeps the arguments of portable tasks from now on, encoded: a task may
// write to what its own point to.
func (r *Runner) KeepArgs() { r.keepsArgs.Store(true) }

// LetCancel lets the tasks that begin from now on be cancelled while they run,
// though nobody knows their ids yet.
func (r *Runner) LetCancel() { r.cancels.Store(true) }

// Observe has f called for each attempt that ends; with nil, nobody is. It must
// return soon. While somebody observes, the beginnings of tasks are noted.
func (r *Runner) Observe(f func(Ended)) {
	r.init()
	if f == nil {
		r.observer.Store(nil)
		r.timed.Store(false)
		if r.closing.Load() != nil {
			r.timed.Store(true) // a Shutdown wants it too
		}
		return
	}
	r.observer.Store(&f)
	r.timed.Store(true)
}

// observed tells who observes of an attempt that has ended.
func (r *Runner) observed(name string, took time.Duration, err error) {
	if f := r.observer.Load(); f != nil {
		(*f)(Ended{Name: name, Took: took, Err: err})
	}
}

// A seen is a task that has not ended, and where it is.
type seen struct {
	Seen
	batch *Unit // nil: an engine has it
	n     int32
}

// Watched returns the tasks that have not ended, at most so many of each state,
// and how many there are beyond: those that have run for longest, and those that
// are due first. named has their ids made, which is not free.
func (r *Runner) Watched(most int, named bool) (list []Seen, more map[string]int) {
	var all []seen
	for _, b := range slices.Backward(r.accepted.all()) {
		all = append(all, b.watched()...)
	}
	r.calls.Range(func(_, c any) bool {
		all = append(all, seen{Seen: c.(*runningCall).watched()})
		return true
	})
	slices.SortStableFunc(all, func(a, b seen) int {
		return cmp.Or(cmp.Compare(b.Age, a.Age), a.Due.Compare(b.Due))
	})
	listed, more := map[string]int{}, map[string]int{}
	for _, s := range all {
		if listed[s.State] == most {
			more[s.State]++
			continue
		}
		listed[s.State]++
		if named && s.batch != nil {
			s.ID = s.batch.nameID(s.n)
		}
		list = append(list, s.Seen)
	}
	return list, more
}

// watched is the tasks of b that have not ended.
func (b *Unit) watched() (list []seen) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := b.next; int(i) < len(b.tasks); i++ {
		if t := b.tasks[i]; t.run != nil {
			list = append(list, seen{b.watchedTask(i), b, i + b.shift()})
		}
	}
	return list
}

// shift is how many tasks were moved out of the slice. b.mu is held.
func (b *Unit) shift() int32 {
	if b.rare == nil {
		return 0
	}
	return b.rare.gone
}

// watchedTask is the task at an index. b.mu is held.
func (b *Unit) watchedTask(i int32) Seen {
	info := b.tasks[i].info(b)
	t := Seen{Name: info.Name, Handler: info.Handler, Attempt: info.Attempt, State: "queued"}
	if b.rare != nil {
		t.Args = b.rare.args[i+b.rare.gone]
		if b.rare.timer != nil && b.stage == sealed {
			t.State, t.Due = "delayed", b.rare.due
		}
	}
	if i == b.next && b.busy && !b.parked {
		t.State = "running"
		if b.began != 0 {
			t.Age, t.Older = now()-b.began, b.rare != nil && b.rare.older
		}
	}
	return t
}

// FailedTask returns what is known of the task that has failed, by the context
// that OnError was given. again has it run once more, as a task of its own.
func FailedTask(ctx context.Context) (Seen, func()) {
	b := FromContext(ctx)
	if b == nil {
		return Seen{}, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.busy || int(b.next) >= len(b.tasks) || b.tasks[b.next].run == nil {
		return Seen{}, nil
	}
	t := b.tasks[b.next]
	info := b.watchedTask(b.next)
	info.State = "failed"
	args := info.Args
	runner, handler, values := b.runner, b.handler, b.values
	return info, func() {
		spec := t.spec.clone()
		spec.attempt = 0
		again := &Unit{stage: sealed, runner: runner, handler: handler, values: values}
		again.tasks = append(again.inline[:0], task{t.run, spec})
		if spec.Name == "" {
			spec.Name = info.Name
		}
		if args != nil {
			again.rare = &rare{args: map[int32]any{0: args}}
		}
		runner.acceptLate(again)
	}
}

// A runningCall is a call of an engine that runs in this process.
type runningCall struct {
	engine.Call
	attempt int
	began   time.Duration
}

func (c *runningCall) watched() Seen {
	return Seen{ID: c.ID, Name: c.Name, Handler: c.Meta[engine.MetaHandler], State: "running", Attempt: c.attempt, Age: now() - c.began}
}
