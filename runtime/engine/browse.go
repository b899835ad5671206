package engine

import (
	"context"
	"time"
)

// A Stage is one of the lists in which a page shows tasks. It divides what is
// [Queued] by what the task waits for.
type Stage string

const (
	StageRunning  Stage = "running"
	StageWaiting  Stage = "waiting"  // for a worker
	StageDelayed  Stage = "delayed"  // for the time of its first attempt
	StageRetrying Stage = "retrying" // for the time of its next attempt, since one has failed
	StageFailed   Stage = "failed"   // for good
	StageDone     Stage = "done"     // it has succeeded
)

// Stages are all of them.
var Stages = []Stage{StageRunning, StageWaiting, StageDelayed, StageRetrying, StageFailed, StageDone}

// A Filter says which tasks are wanted.
type Filter struct {
	Stage Stage
	Name  string // of the task; "": any
	Queue string // "": any
	Text  string // a part of the id, or of an error, whatever its case; "": any
	After string // [Page.Next] of the page before; "": the first page
	Most  int    // how many tasks are wanted, from 1 to 1,000
}

// A Page is some of the tasks that a [Filter] is met by: of those that wait, the
// ones that are next come first; of those that have ended, the last ones.
type Page struct {
	Items []Item

	// Next is where the next page begins. It is "" if there is none. A page with
	// a Next may have fewer tasks than were wanted, or none: then the engine has
	// looked through Searched tasks, and there are more.
	Next     string
	Searched int
}

// An Item is a task with all that its engine knows of it. What is not known is
// zero.
type Item struct {
	Task
	Key      string // what the engine finds it by; it may be the ID, or what finds it faster
	Stage    Stage  // "": the task was cancelled
	Queue    string
	Attempts int       // how often it may be tried in all
	Added    time.Time // when it was stored
	Started  time.Time // the last attempt
	Ended    time.Time // the last attempt
	Due      time.Time // the next attempt
	Process  string    // that runs it, or has last: [Process.ID]
	Failures []Attempt // that have failed, the first one first, as far as they are kept
	Meta     map[string]string
	Can      []Action
}

// An Attempt is one that has failed.
type Attempt struct {
	At     time.Time
	Number int
	Error  string
	Stack  string
}

// An Action is what can be done to a task.
type Action string

const (
	ActionRetry  Action = "retry"  // tries it again, which has failed
	ActionCancel Action = "cancel" // keeps it from running, or ends its context
	ActionDelete Action = "delete" // forgets it
	ActionRun    Action = "run"    // runs it now, though its time has not come
)

// A Count is how many tasks there are, or that there are at least so many.
type Count struct {
	N    int
	More bool
}

// A Browser tells of all its tasks, a page at a time. It takes no longer where it
// has millions of them.
type Browser interface {
	Browse(ctx context.Context, f Filter) (Page, error)

	// Counts returns how many tasks there are of each stage. A stage that is not
	// in it is not known: the engine does not keep such tasks.
	Counts(ctx context.Context) (map[Stage]Count, error)

	// Look returns the task of a [Item.Key], or of an id.
	Look(ctx context.Context, key string) (item Item, known bool, err error)
}

// An Operator does something to a task. It reports whether it did.
type Operator interface {
	Act(ctx context.Context, do Action, key string) (bool, error)
}

// A QueueLister tells of its queues.
type QueueLister interface {
	Queues(ctx context.Context) ([]Queue, error)
}

// A Queue is one of an engine.
type Queue struct {
	Name    string
	Waiting Count     // tasks that could run
	Running Count     // tasks
	Oldest  time.Time // since when the one has waited that is next; zero: none waits
	Paused  bool
}

// A Pauser can keep workers from taking tasks of a queue, in all processes.
type Pauser interface {
	Pause(ctx context.Context, queue string, pause bool) error
}

// A ProcessLister tells of the processes that work for it.
type ProcessLister interface {
	Processes(ctx context.Context) ([]Process, error)

	// ProcessesNote says in a sentence which processes it does not tell of; "" if
	// it tells of all.
	ProcessesNote() string
}

// A Process is one that runs tasks of an engine.
type Process struct {
	ID     string
	Host   string
	PID    int       // 0: it is not known
	Since  time.Time // zero: it is not known
	Queues []string
	Tasks  []Item // that it runs; of these, the Key, the Name, the ID and Started may be all that there is
	Most   int    // how many it runs at most; 0: it is not known
	Note   string // what else is to say: it stops, it leads
}
