package engine

import (
	"context"
	"time"
)

// A Stage is one of the lists in which a page shows tasks. Tasks that are
// [Queued] are in one of three, which tell what they wait for.
type Stage string

const (
	StageRunning  Stage = "running"
	StageWaiting  Stage = "waiting"  // for a worker
	StageDelayed  Stage = "delayed"  // for the time of its first attempt
	StageRetrying Stage = "retrying" // for the time of its next attempt, since one has failed
	StageFailed   Stage = "failed"   // for good
	StageDone     Stage = "done"     // it has succeeded
)

// Stages has all stages, in the order in which a page shows them.
var Stages = []Stage{StageRunning, StageWaiting, StageDelayed, StageRetrying, StageFailed, StageDone}

// A Filter selects tasks.
type Filter struct {
	Stage Stage
	Name  string // of the task; "": any
	Queue string // "": any
	Text  string // a part of the id, or of an error, whatever its case; "": any
	After string // [Page.Next] of the page before; "": the first page
	Most  int    // how many tasks are wanted, from 1 to 1,000
}

// A Page has some of the tasks that a [Filter] selects. Those that wait are in
// the order in which they will run; those that have ended are in reverse order.
type Page struct {
	Items []Item

	// Next is where the next page begins. It is "" if there is none. A page with
	// a Next may have fewer tasks than were wanted, or none: then the engine has
	// looked through Searched tasks, and there are more.
	Next     string
	Searched int
}

// An Item is a task with all that its engine knows about it. A field is zero if
// it is not known.
type Item struct {
	Task
	Key      string // by which the engine finds the task: the ID, or something that is found faster
	Stage    Stage  // "": the task was cancelled
	Queue    string
	Attempts int       // how often it may be tried in all
	Added    time.Time // when it was stored
	Started  time.Time // the last attempt
	Ended    time.Time // the last attempt
	Due      time.Time // the next attempt
	Process  string    // the Process.ID of the one that runs it, or was the last to
	Failures []Attempt // those that have failed, in their order, as far as they are kept
	Meta     map[string]string
	Can      []Action
}

// An Attempt is one attempt of a task, which has failed.
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

// A Count is a number of tasks: exactly N, or at least N if More is set.
type Count struct {
	N    int
	More bool
}

// A Browser shows all of its tasks, a page at a time. A page of millions of
// tasks should take no longer than one of a few.
type Browser interface {
	Browse(ctx context.Context, f Filter) (Page, error)

	// Counts returns how many tasks there are of each stage. A stage is missing if
	// the engine does not keep such tasks.
	Counts(ctx context.Context) (map[Stage]Count, error)

	// Look returns the task of a [Item.Key], or of an id.
	Look(ctx context.Context, key string) (item Item, known bool, err error)
}

// An Operator can do something to a task. Act reports whether it has.
type Operator interface {
	Act(ctx context.Context, do Action, key string) (bool, error)
}

// A QueueLister returns its queues.
type QueueLister interface {
	Queues(ctx context.Context) ([]Queue, error)
}

// A Queue is a queue of an engine.
type Queue struct {
	Name    string
	Waiting Count     // tasks that could run
	Running Count     // tasks
	Oldest  time.Time // since when the next task has waited; zero if none waits
	Paused  bool
}

// A Pauser can keep workers from taking tasks of a queue, in all processes.
type Pauser interface {
	Pause(ctx context.Context, queue string, pause bool) error
}

// A ProcessLister returns the processes that run its tasks.
type ProcessLister interface {
	Processes(ctx context.Context) ([]Process, error)

	// ProcessesNote returns a sentence that says which processes are missing in
	// what Processes returns, or "" if none is. The sentence begins after the name
	// of the engine, as "tells of ...".
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
	Most   int    // how many it runs at most; 0 if that is not known
	Note   string // anything else, such as that it is stopping
}
