package runtime

import "time"

// taskContext is the context of a collector's tasks: the values of the
// request, the life of the runner. It is the collector under another name, so
// it costs nothing.
type taskContext BackgroundTasks

func (c *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *taskContext) Done() <-chan struct{}       { return c.runner.life.Done() }
func (c *taskContext) Err() error                  { return c.runner.life.Err() }

type collectorKey struct{}

func (c *taskContext) Value(key any) any {
	switch key {
	case collectorKey{}:
		return (*BackgroundTasks)(c)
	case infoKey{}:
		if info := (*BackgroundTasks)(c).runningInfo(); info != nil {
			return info
		}
		return c.values.Value(key) // of a call of an engine
	case connKey{}:
		return nil // the request's connection has other turns now
	}
	// Package context asks with keys of its own for what cancels: that is the
	// runner's life, and not the request's.
	if v := c.runner.life.Value(key); v != nil {
		return v
	}
	return c.values.Value(key)
}
