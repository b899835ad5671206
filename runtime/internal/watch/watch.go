// Package watch lets runtime/dashboard look into runners. Package runtime sets
// the variables.
package watch

import (
	"context"
	"time"
)

// A Task is one that has not ended.
type Task struct {
	ID      string // for Runner.Cancel, where it was asked for
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

var (
	// Tasks are those of a *runtime.Runner that have not ended, at most so many
	// of each state, and how many there are beyond: those that have run for
	// longest, and those that are due first. named has their ids made, which is
	// not free: a task whose id is known can be cancelled.
	Tasks func(runner any, most int, named bool) (tasks []Task, more map[string]int)

	// Observe has f called for each attempt that ends; with nil, nobody is. It
	// must return soon. While somebody observes, the beginnings of tasks are
	// noted.
	Observe func(runner any, f func(Ended))

	// KeepArgs keeps the arguments of portable tasks from now on, encoded: a
	// task may write to what its own point to.
	KeepArgs func(runner any)

	// Cancels lets the tasks that begin from now on be cancelled while they run,
	// though nobody knows their ids yet.
	Cancels func(runner any)

	// Failed is what is known of the task that has failed, by the context that
	// Runner.OnError was given: again has it run once more, as a task of its own.
	Failed func(ctx context.Context) (task Task, again func())
)
