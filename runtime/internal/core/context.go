package core

import (
	"context"
	"time"
)

// taskContext is the context of a collector's tasks: the values of the
// request, the life of the runner. It is the collector under another name, so
// it costs nothing. A task that can be cancelled has one of its own in it, which
// is made when the task first asks when it ends.
type taskContext Unit

func (c *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *taskContext) Done() <-chan struct{}       { return (*Unit)(c).done() }
func (c *taskContext) Err() error                  { return c.life().Err() }

type collectorKey struct{}

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
	if v := c.life().Value(key); v != nil {
		return v
	}
	return c.values.Value(key)
}

// life is what ends the task that runs.
func (c *taskContext) life() context.Context {
	b := (*Unit)(c)
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lifeLocked()
}

func (b *Unit) lifeLocked() context.Context {
	if b.rare != nil && b.rare.own != nil {
		return b.rare.own
	}
	return b.runner.life
}

// done is closed when the task that runs is to end.
func (b *Unit) done() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case !b.busy || b.parked:
	case b.runner.cancels.Load() || b.knownID() != "":
		b.makeOwn()
	case b.rare != nil:
		b.rare.asked = true
	}
	return b.lifeLocked().Done()
}

// makeOwn gives the task that runs a context of its own. b.mu is held.
func (b *Unit) makeOwn() {
	if x := b.extra(); x.own == nil {
		x.own, x.cancel = context.WithCancel(b.runner.life)
	}
}
