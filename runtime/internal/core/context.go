package core

import (
	"context"
	"time"
)

// taskContext is the context of a unit's tasks: the values of the request, and the
// life of the runner. It is the unit under another name, so it costs nothing. A task
// that asks when it is to end is given a context of its own, which ends with it.
type taskContext Unit

func (c *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *taskContext) Done() <-chan struct{}       { return (*Unit)(c).done() }
func (c *taskContext) Err() error                  { return (*Unit)(c).lives().Err() }

func (c *taskContext) Value(key any) any {
	switch key {
	case collectorKey{}:
		return (*Unit)(c)
	case infoKey{}:
		if info := (*Unit)(c).runningInfo(); info != nil {
			return info
		}
		return c.values.Value(key) // of a call of an engine
	case connKey{}:
		return nil // the request's connection has other turns now
	}
	// Package context asks with keys of its own for what cancels: that is the
	// runner's life, or the task's own, and not the request's.
	if v := (*Unit)(c).lives().Value(key); v != nil {
		return v
	}
	return c.values.Value(key)
}

// TaskContext returns the context of the tasks of b.
func (b *Unit) TaskContext() context.Context { return (*taskContext)(b) }

// past is a context that has ended.
var past = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// lives is what ends the task that runs.
func (b *Unit) lives() context.Context {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.livesLocked()
}

func (b *Unit) livesLocked() context.Context {
	switch {
	case b.state == ended && b.began != 0 && (b.rare == nil || b.rare.hold == nil):
		return past // what was held may still use it, and what came before the tasks
	case b.rare != nil && b.rare.own != nil:
		return b.rare.own
	}
	return b.runner.life
}

// done is closed when the task that runs is to end, or has.
func (b *Unit) done() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.runsLocked() {
		b.makeOwnLocked()
	}
	return b.livesLocked().Done()
}

// makeOwnLocked gives the task that runs a context of its own.
func (b *Unit) makeOwnLocked() {
	if x := b.extraLocked(); x.own == nil {
		x.own, x.cancel = context.WithCancel(b.runner.life)
	}
}
