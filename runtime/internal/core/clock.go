package core

import (
	"sync/atomic"
	"time"
)

// epoch is when the clock of running tasks has begun.
var epoch = time.Now()

func now() time.Duration { return time.Since(epoch) }

// A coarseClock tells the time, at most one tick late, for less than it costs to ask
// the system. It is wound by who asks, and stands still otherwise: while nobody asks,
// no timer runs.
type coarseClock struct{ time atomic.Int64 } // 0: it is not wound

const tick = 10 * time.Millisecond

func (c *coarseClock) now() time.Duration {
	if t := c.time.Load(); t != 0 {
		return time.Duration(t)
	}
	t := now()
	if c.time.CompareAndSwap(0, int64(t)) {
		time.AfterFunc(tick, func() { c.time.Store(0) })
	}
	return t
}

// beginning is the time for an attempt that begins: to the point while somebody observes
// how long they take.
func (r *Runner) beginning() time.Duration {
	if r.observed() {
		return now()
	}
	return r.clock.now()
}
