package runtime

import (
	"context"
	"time"
)

// taskContext is the context of a collector's tasks: the values of the
// request, the life of the runner. It is the collector under another name, so
// it costs nothing.
type taskContext BackgroundTasks

func (c *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *taskContext) Done() <-chan struct{}       { return c.runner.life.Done() }
func (c *taskContext) Err() error                  { return c.runner.life.Err() }

// AfterFunc lets package context derive contexts from this one without a
// goroutine for each.
func (c *taskContext) AfterFunc(f func()) (stop func() bool) {
	return context.AfterFunc(c.runner.life, f)
}

type collectorKey struct{}

func (c *taskContext) Value(key any) any {
	if key == (collectorKey{}) {
		return (*BackgroundTasks)(c)
	}
	return c.values.Value(key)
}
