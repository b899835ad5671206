package dashtest

import (
	"context"
	"slices"
	"sync"

	"github.com/bggen/bggen/runtime/engine"
)

// An Engine is one that has what it is told to have, and runs nothing.
type Engine struct {
	mu     sync.Mutex
	list   func(context.Context) (engine.Listing, error)
	calls  []string
	broken error
}

// Broken has Retry and Cancel return an error from now on.
func (e *Engine) Broken(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.broken = err
}

// Calls is what it was asked for: list, and retry or cancel with an id.
func (e *Engine) Calls() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.calls)
}

func (e *Engine) called(call string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, call)
	return e.broken
}

// Has is what List returns from now on. A nil function has nothing.
func (e *Engine) Has(list func(context.Context) (engine.Listing, error)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = list
}

// Tasks is what List returns from now on.
func (e *Engine) Tasks(tasks ...engine.Task) {
	total := map[engine.State]int{}
	for _, t := range tasks {
		total[t.State]++
	}
	e.Has(func(context.Context) (engine.Listing, error) {
		return engine.Listing{Tasks: tasks, Total: total}, nil
	})
}

// Enqueue does nothing.
func (e *Engine) Enqueue(context.Context, []engine.Call) error { return nil }

// List is what Has and Tasks have said.
func (e *Engine) List(ctx context.Context, most int) (engine.Listing, error) {
	e.called("list")
	e.mu.Lock()
	list := e.list
	e.mu.Unlock()
	if list == nil {
		return engine.Listing{}, nil
	}
	return list(ctx)
}

// Retry knows one task.
func (e *Engine) Retry(_ context.Context, id string) (bool, error) {
	err := e.called("retry " + id)
	return err == nil && id == "FAILED", err
}

// Cancel knows one task.
func (e *Engine) Cancel(_ context.Context, id string) (bool, error) {
	err := e.called("cancel " + id)
	return err == nil && id == "WAITING", err
}
