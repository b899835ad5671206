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
type coarseClock struct {
	time  atomic.Int64 // 0: it is not wound
	exact atomic.Int32 // how many more attempts of this tick are timed exactly
}

const (
	tick = 10 * time.Millisecond

	// exactEachTick is how many attempts are timed exactly in a tick. So short tasks
	// of which there are very many are timed in part, and cost no more for it.
	exactEachTick = 32
)

func (c *coarseClock) now() time.Duration {
	if t := c.time.Load(); t != 0 {
		return time.Duration(t)
	}
	t := now()
	if c.time.CompareAndSwap(0, int64(t)) {
		c.exact.Store(exactEachTick)
		time.AfterFunc(tick, func() { c.time.Store(0) })
	}
	return t
}

// begin is the time for an attempt that begins, and whether it is exact.
func (c *coarseClock) begin() (at time.Duration, exact bool) {
	coarse := c.now()
	if c.exact.Load() > 0 && c.exact.Add(-1) >= 0 {
		return now(), true
	}
	return coarse, false
}

// end is the time for an attempt that ends, and how long it has taken: 0 if that was
// short, and is not known.
func (c *coarseClock) end(began time.Duration, exact bool) (at, took time.Duration) {
	if exact {
		at = now()
		return at, max(at-began, 1)
	}
	at = c.now()
	if at-began < exactly {
		return at, 0
	}
	at = now()
	return at, at - began
}
