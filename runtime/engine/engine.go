package engine

import (
	"context"
	"encoding/json"
	"time"
)

// An Engine stores calls of portable tasks durably. After a crash a task may run
// a second time. The type of an engine must be comparable; most are pointers.
type Engine interface {
	// Enqueue stores all of the calls or, when it returns an error, none. It
	// should take one round trip where that is possible.
	Enqueue(ctx context.Context, calls []Call) error
}

// A Call is one call of a portable task, as an engine stores it.
type Call struct {
	ID       string          // 26 letters and digits
	Name     string          // of the task: import path and function, or what name= says
	Args     json.RawMessage // an object: the arguments by the names of their parameters
	At       time.Time       // when the task may run; zero: at once
	Timeout  time.Duration   // of one attempt; 0: none
	Attempts int             // how often the task may be tried in all, at least 1
	Backoff  time.Duration   // the longest wait before the second attempt; 0: one second
	Queue    string          // "": the engine's own default
	Unique   string          // a key; no second call with it is stored while one waits or runs; "": any number

	// Once is a key, too: no second call with it is stored, even after the first
	// has ended, and whatever its Name. Calls with the same Once have the same ID, the
	// same Queue, and no Unique. Only an
	// [Oncer] is given any. It need not be there when the call runs. "": any number.
	Once string

	// OnceFor is how long the engine has to know Once, after the call was stored. An
	// engine that keeps something for it need not keep it for longer. 0: as long as
	// [Oncer.Remembers] says.
	OnceFor time.Duration

	// Meta belongs to the call and not to its arguments: [MetaHandler], and what
	// Runner.Propagator adds, such as the identity of a trace.
	Meta map[string]string
}

// MetaHandler is the key in Call.Meta under which the name of the handler that
// added the task is found.
const MetaHandler = "bggen-handler"

// A TxEnqueuer can store calls in a transaction of the caller's.
type TxEnqueuer interface {
	// EnqueueTx stores the calls in tx, and reports whether tx is of a kind that
	// it knows. The tasks run if tx is committed, and only then.
	EnqueueTx(ctx context.Context, tx any, calls []Call) (bool, error)
}

// An Oncer observes Call.Once. Periodic tasks can be stored in it.
type Oncer interface {
	// Remembers returns how long a call with Once keeps others of its key out, after
	// it was stored. It is a day at least.
	Remembers() time.Duration
}

// OnceFor returns how long an engine has to know the Once of a call, if it can for that
// time at most.
func OnceFor(c Call, most time.Duration) time.Duration {
	if c.OnceFor <= 0 {
		return most
	}
	return min(c.OnceFor.Truncate(time.Second)+time.Second, most)
}

// A Worker runs, in this process, what the engine has stored.
type Worker interface {
	// Work calls run for stored calls of the tasks with these names until ctx
	// ends. Then it takes no more calls, and returns when those that run have
	// ended. When drain ends before that, Work cancels the context of the calls
	// that still run, with the cause [ErrStopped]; they run again later.
	Work(ctx, drain context.Context, names []string, run func(context.Context, Call) error) error
}

// A Statuser knows the states of its calls.
type Statuser interface {
	Status(ctx context.Context, id string) (status Status, known bool, err error)
}

// A Canceler can keep a call from running. Cancel reports whether it has.
type Canceler interface {
	Cancel(ctx context.Context, id string) (bool, error)
}

// A Lister returns its tasks, whichever process has stored them or runs them.
type Lister interface {
	// List returns tasks that wait, run, or have failed for good: at most so many
	// of each state, from 1 to 1,000. Of those that wait, the ones due first come
	// first; of those that run, the ones that have run for longest; of those that
	// have failed, the last ones.
	List(ctx context.Context, most int) (Listing, error)
}

// A Retrier can try a task again that has failed for good: at least once, and at
// most as often as it was to be tried at first.
type Retrier interface {
	// Retry reports whether the task is tried again. It is not if it has not
	// failed, or is not known.
	Retry(ctx context.Context, id string) (bool, error)
}
