package engine

import (
	"encoding/json"
	"time"
)

// A State is the state of a task.
type State string

const (
	Queued    State = "queued" // waits: for its turn, for its time, or for another attempt
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"    // in its last attempt
	Cancelled State = "cancelled" // by Cancel, or because its request failed
)

// A Status is what is known about one task.
type Status struct {
	Name    string
	Handler string // that added the task, where that is known
	State   State
	Attempt int   // the one that runs, or was the last; 0: none has begun
	Err     error // of the last attempt, where it failed
}

// A Listing has the tasks of an engine at one moment.
type Listing struct {
	Tasks []Task
	Total map[State]int // of Queued, Running and Failed; more than Tasks, if those are not all
}

// A Task is a task in a [Listing].
type Task struct {
	ID string // "": the task can be neither cancelled nor retried from here
	Status
	Args json.RawMessage

	// At is when a task is due that is Queued, when the attempt of one began
	// that is Running, and when one that has Failed did. Zero: it is not known.
	At time.Time
}
