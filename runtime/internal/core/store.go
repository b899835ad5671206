package core

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// An engineCall is a call that a unit holds for an engine.
type engineCall struct {
	to engine.Engine
	engine.Call
	when When
}

// AllEngines returns every engine of r once, the default one first.
func (r *Runner) AllEngines() (list []engine.Engine) {
	r.init()
	add := func(e engine.Engine) {
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

func (r *Runner) engineStatus(id string) (engine.Status, bool) {
	for _, e := range r.AllEngines() {
		if e, ok := e.(engine.Statuser); ok {
			ctx, cancel := context.WithTimeout(context.Background(), askEngine)
			status, known, err := e.Status(ctx, id)
			cancel()
			if err != nil {
				r.Log().Warn("an engine cannot say what has become of a task", "id", id, "error", err)
			} else if known {
				return status, true
			}
		}
	}
	return engine.Status{}, false
}

func (r *Runner) engineCancel(id string) bool {
	for _, e := range r.AllEngines() {
		if e, ok := e.(engine.Canceler); ok {
			ctx, cancel := context.WithTimeout(context.Background(), askEngine)
			cancelled, err := e.Cancel(ctx, id)
			cancel()
			if err != nil {
				r.Log().Warn("an engine cannot cancel a task", "id", id, "error", err)
			} else if cancelled {
				return true
			}
		}
	}
	return false
}

// takeCallsLocked takes the calls out that run after a request that has failed, or
// has not.
func (b *Unit) takeCallsLocked(failed bool) (calls []engineCall) {
	if failed {
		b.extraLocked().failed = true
	}
	if b.state == collecting && (b.rare == nil || !b.rare.shared) {
		b.state = committed
	}
	if b.rare == nil {
		return nil
	}
	var rest []engineCall
	for _, c := range b.rare.calls {
		if (&Spec{When: c.when}).runsAfter(failed) {
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
func (b *Unit) StoreIn(ctx context.Context, tx any) error {
	b.mu.Lock()
	if b.rare == nil || len(b.rare.calls) == 0 {
		b.mu.Unlock()
		return nil
	}
	var now, later []engineCall
	for _, c := range b.rare.calls {
		if _, ok := c.to.(engine.TxEnqueuer); ok && c.when == AfterSuccess {
			now = append(now, c)
		} else {
			later = append(later, c)
		}
	}
	b.rare.calls = later
	b.mu.Unlock()
	return eachEngine(now, func(e engine.Engine, calls []engine.Call) error {
		known, err := e.(engine.TxEnqueuer).EnqueueTx(ctx, tx, calls)
		if err == nil && !known {
			b.putBack(e, calls)
		}
		return err
	})
}

// putBack leaves calls for later.
func (b *Unit) putBack(e engine.Engine, calls []engine.Call) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range calls {
		b.rare.calls = append(b.rare.calls, engineCall{to: e, Call: c})
	}
}

// eachEngine calls f once for each engine, with its calls.
func eachEngine(all []engineCall, f func(engine.Engine, []engine.Call) error) error {
	var errs []error
	for len(all) > 0 {
		to := all[0].to
		var calls []engine.Call
		all = slices.DeleteFunc(all, func(c engineCall) bool {
			if c.to == to {
				calls = append(calls, c.Call)
			}
			return c.to == to
		})
		errs = append(errs, Catch(func() error { return f(to, calls) }))
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
	var stored []string
	err := eachEngine(all, func(e engine.Engine, calls []engine.Call) error {
		names := make([]string, len(calls))
		for i, c := range calls {
			names[i] = c.Name
		}
		if err := Catch(func() error { return e.Enqueue(ctx, calls) }); err != nil {
			return &StoreError{names, err}
		}
		stored = append(stored, names...)
		return nil
	})
	if err != nil && len(stored) > 0 {
		err = &partlyStored{stored, err}
	}
	return err
}

// partlyStored is the error of work that has failed when some of its tasks were stored,
// which run all the same. It does not unwrap to a [StoreError]: clients are not told to
// come again.
type partlyStored struct {
	tasks []string
	err   error
}

func namesOf(calls []engineCall) (names []string) {
	for _, c := range calls {
		names = append(names, c.Name)
	}
	return names
}

func (e *partlyStored) Error() string {
	return fmt.Sprintf("%v; but these tasks were stored and will run: %v", e.err, e.tasks)
}

// StoreError is the error of tasks that could not be stored. Clients are told
// to come again.
type StoreError struct {
	tasks []string
	err   error
}

func (e *StoreError) Error() string {
	return fmt.Sprintf("the tasks %v could not be stored: %v", e.tasks, e.err)
}
func (e *StoreError) Unwrap() error { return e.err }

// storeLate stores a call that came when its unit had ended.
func (b *Unit) storeLate(c engineCall) {
	b.mu.Lock()
	tooLate := b.tooLateLocked(&Spec{When: c.when})
	b.mu.Unlock()
	if tooLate {
		return
	}
	if err := b.runner.store(b.values, []engineCall{c}); err != nil {
		b.runner.LogError("task lost", "handler", b.handler, "error", err)
	}
}

// storeFailed stores the calls that are to run after work that has failed.
func (b *Unit) storeFailed(ctx context.Context) {
	b.mu.Lock()
	calls := b.takeCallsLocked(true)
	b.mu.Unlock()
	if err := b.runner.store(ctx, calls); err != nil {
		b.runner.Log().ErrorContext(ctx, "tasks lost that were to run after a failure", "handler", b.Handler(), "error", err)
	}
}
