package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// An Engine stores calls of portable tasks durably: a queue in a database or a
// broker. A task may run more than once: after a crash, for one. Its type is
// comparable: a pointer, most likely.
type Engine interface {
	// Enqueue stores the calls, all or none, in one round trip where that can
	// be.
	Enqueue(ctx context.Context, calls []Call) error
}

// A Call is a call of a portable task, as an engine stores it.
type Call struct {
	ID       string          // of 26 letters and digits
	Name     string          // of the task: import path and function, or name=
	Args     json.RawMessage // an object: the arguments by the names of their parameters
	At       time.Time       // not before; zero: at once
	Timeout  time.Duration   // of an attempt; 0: none
	Attempts int             // in all, at least 1
	Backoff  time.Duration   // before the second attempt, at most; 0: as Backoff says
	Queue    string          // "": the engine's own default
	Unique   string          // no second one with this key while one waits, or runs; "": any number

	// Meta belongs to the call and not to its arguments: [MetaHandler], and what
	// Runner.Propagator adds, for a trace for one.
	Meta map[string]string
}

// MetaHandler is the key in Call.Meta of the handler that has added the task.
const MetaHandler = "bggen-handler"

// A TxEngine can store calls in a transaction of the caller's.
type TxEngine interface {
	Engine

	// EnqueueTx stores the calls in tx, and reports whether tx is of a kind
	// that it knows. They run if it is committed, and only then.
	EnqueueTx(ctx context.Context, tx any, calls []Call) (bool, error)
}

// A Worker is an engine that runs what it has stored, in this process too.
type Worker interface {
	Engine

	// Work runs calls of the tasks of these names until ctx ends. Then it
	// takes no more, and returns when those that run have ended, or drain
	// does: that cancels what is left, which runs again later.
	Work(ctx, drain context.Context, names []string, run func(context.Context, Call) error) error
}

// A StatusEngine knows what has become of its calls.
type StatusEngine interface {
	Engine
	Status(ctx context.Context, id string) (status TaskStatus, known bool, err error)
}

// A CancelEngine can keep a call from running.
type CancelEngine interface {
	Engine
	Cancel(ctx context.Context, id string) (bool, error)
}

// A Propagator carries what belongs to a trace from one process to another.
type Propagator interface {
	Inject(context.Context) map[string]string
	Extract(context.Context, map[string]string) context.Context
}

// An engineCall is a call that a collector holds for an engine.
type engineCall struct {
	engine Engine
	Call
	when when
}

// allEngines is every engine of r once, the default one first.
func (r *Runner) allEngines() (list []Engine) {
	add := func(e Engine) {
		if e != nil && !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	add(r.Engine)
	for _, name := range slices.Sorted(maps.Keys(r.Engines)) {
		add(r.Engines[name])
	}
	return list
}

// askEngine is how long each engine may take to say something of a task.
const askEngine = 5 * time.Second

func (r *Runner) engineStatus(id string) (TaskStatus, bool) {
	for _, e := range r.allEngines() {
		if e, ok := e.(StatusEngine); ok {
			ctx, cancel := context.WithTimeout(context.Background(), askEngine)
			status, known, err := e.Status(ctx, id)
			cancel()
			if err != nil {
				r.logger().Warn("an engine cannot say what has become of a task", "id", id, "error", err)
			} else if known {
				return status, true
			}
		}
	}
	return TaskStatus{}, false
}

func (r *Runner) engineCancel(id string) bool {
	for _, e := range r.allEngines() {
		if e, ok := e.(CancelEngine); ok {
			ctx, cancel := context.WithTimeout(context.Background(), askEngine)
			cancelled, err := e.Cancel(ctx, id)
			cancel()
			if err != nil {
				r.logger().Warn("an engine cannot cancel a task", "id", id, "error", err)
			} else if cancelled {
				return true
			}
		}
	}
	return false
}

// takeCalls takes the calls out that run after a request that has failed, or
// has not.
func (b *BackgroundTasks) takeCalls(failed bool) (calls []engineCall) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if failed {
		b.extra().afterFailure = true
	}
	if b.stage == collecting && (b.rare == nil || !b.rare.joined) {
		b.stage = stored
	}
	if b.rare == nil {
		return nil
	}
	var rest []engineCall
	for _, c := range b.rare.calls {
		if (&taskSpec{when: c.when}).runsAfter(failed) {
			calls = append(calls, c)
		} else if !failed {
			rest = append(rest, c) // the request may still fail
		}
	}
	b.rare.calls = rest
	return calls
}

// StoreIn has the engine tasks that were added so far stored in tx, a
// transaction of the caller's: call it in a settling provider, before it
// commits. Tasks of an engine that knows nothing of such transactions are stored
// after settling, as if it had not been called.
func (b *BackgroundTasks) StoreIn(ctx context.Context, tx any) error {
	b.mu.Lock()
	if b.rare == nil || len(b.rare.calls) == 0 {
		b.mu.Unlock()
		return nil
	}
	var now, later []engineCall
	for _, c := range b.rare.calls {
		if _, ok := c.engine.(TxEngine); ok && c.when == afterSuccess {
			now = append(now, c)
		} else {
			later = append(later, c)
		}
	}
	b.rare.calls = later
	b.mu.Unlock()
	return eachEngine(now, func(e Engine, calls []Call) error {
		known, err := e.(TxEngine).EnqueueTx(ctx, tx, calls)
		if err == nil && !known {
			b.putBack(e, calls)
		}
		return err
	})
}

// putBack leaves calls for later.
func (b *BackgroundTasks) putBack(e Engine, calls []Call) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range calls {
		b.rare.calls = append(b.rare.calls, engineCall{engine: e, Call: c})
	}
}

// eachEngine calls f once for each engine, with its calls.
func eachEngine(all []engineCall, f func(Engine, []Call) error) error {
	var errs []error
	for len(all) > 0 {
		engine := all[0].engine
		var calls []Call
		all = slices.DeleteFunc(all, func(c engineCall) bool {
			if c.engine == engine {
				calls = append(calls, c.Call)
			}
			return c.engine == engine
		})
		errs = append(errs, catch(func() error { return f(engine, calls) }))
	}
	return errors.Join(errs...)
}

// storing is how long an engine may take to store the tasks of a request.
const storing = 10 * time.Second

// store stores calls. A client that has gone does not keep them from it: what
// they are about may be settled.
func (r *Runner) store(ctx context.Context, all []engineCall) error {
	if len(all) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storing)
	defer cancel()
	return eachEngine(all, func(e Engine, calls []Call) error {
		if err := catch(func() error { return e.Enqueue(ctx, calls) }); err != nil {
			names := make([]string, len(calls))
			for i, c := range calls {
				names[i] = c.Name
			}
			return &storeError{names, err}
		}
		return nil
	})
}

// storeError is the error of tasks that could not be stored. Clients are told
// to come again.
type storeError struct {
	tasks []string
	err   error
}

func (e *storeError) Error() string {
	return fmt.Sprintf("the tasks %v could not be stored: %v", e.tasks, e.err)
}
func (e *storeError) Unwrap() error { return e.err }

// notStored is the answer to a request whose tasks could not be stored: when
// nothing was settled, it may be made again.
func notStored(err error, settled bool) error {
	if settled {
		return err
	}
	return &retryLater{Problem{
		Status: http.StatusServiceUnavailable,
		Detail: "the background tasks of the request could not be stored",
		Header: http.Header{"Retry-After": {"1"}},
	}, err}
}

// retryLater is a problem with the error behind it, for the log.
type retryLater struct {
	problem Problem
	cause   error
}

func (e *retryLater) Error() string   { return e.cause.Error() }
func (e *retryLater) Unwrap() []error { return []error{&e.problem, e.cause} }

// storeLate stores a call that came when its collector had ended.
func (b *BackgroundTasks) storeLate(c engineCall) {
	b.mu.Lock()
	tooLate := b.tooLateFor(task{spec: &taskSpec{when: c.when}})
	b.mu.Unlock()
	if tooLate {
		return
	}
	if err := b.runner.store(b.values, []engineCall{c}); err != nil {
		b.runner.logError("task lost", "handler", b.handler, "error", err)
	}
}

// errNoEngine is the mistake of a program that names an engine it does not have.
func errNoEngine(task, engine string) error {
	return fmt.Errorf("task %s is of the engine %q, and the runner has none of that name: add it to Runner.Engines", task, engine)
}

var errNoWorker = errors.New("no engine of the runner runs tasks")
