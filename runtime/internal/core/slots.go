package core

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// slots counts the units that a runner has room for, and lets requests
// wait for one. Taking and giving back a free slot is one atomic operation.
type slots struct {
	limit   int64
	used    atomic.Int64
	most    int64        // units that may wait for their time
	delayed atomic.Int64 // those that do: they take no slot from a request
	closed  atomic.Bool
	waiters atomic.Int64 // of both kinds below; read without mu

	mu   sync.Mutex
	room []chan struct{} // closed when a slot may be free
	none []chan struct{} // closed when all are free
}

var (
	ErrNoRoom = errors.New("no room for the background tasks of another request")
	ErrClosed = errors.New("the runner of background tasks has shut down")
)

// NoRoom returns what a client is told that found no slot, since of err: what ended
// its own context is not for it.
func NoRoom(err error) string {
	if err == ErrClosed {
		return err.Error()
	}
	return ErrNoRoom.Error()
}

// take takes a slot. When none is free it waits for one, wait at most.
func (s *slots) take(ctx context.Context, wait time.Duration) error {
	if s.tryTake() {
		return nil
	}
	if wait < 0 && !s.closed.Load() {
		return ErrNoRoom
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		freed := s.wait(&s.room)
		if s.tryTake() { // freed before it could be waited for
			s.forgo(&s.room, freed)
			return nil
		}
		if s.closed.Load() { // nothing more will be freed
			s.forgo(&s.room, freed)
			return ErrClosed
		}
		select {
		case <-freed:
			if s.tryTake() {
				return nil
			}
		case <-timer.C:
			s.forgo(&s.room, freed)
			return ErrNoRoom
		case <-ctx.Done():
			s.forgo(&s.room, freed)
			return context.Cause(ctx)
		}
	}
}

func (s *slots) tryTake() bool {
	// In this order: whoever closes and then sees no slot taken knows that
	// none will be.
	if s.used.Add(1) <= s.limit && s.delayed.Load() <= s.most && !s.closed.Load() {
		return true
	}
	s.release()
	return false
}

// force takes a slot beyond the limit.
func (s *slots) force() { s.used.Add(1) }

// release gives a slot back.
func (s *slots) release() {
	s.used.Add(-1)
	s.freed()
}

// delay counts a unit that is to wait for its time, until due or forget.
func (s *slots) delay() { s.delayed.Add(1) }

// due gives a slot, beyond the limit, to a unit that has waited for its time.
func (s *slots) due() {
	s.used.Add(1) // first: idle must see it here or there
	s.delayed.Add(-1)
	s.freed()
}

// forget is due for a unit that will not run.
func (s *slots) forget() {
	s.delayed.Add(-1)
	s.freed()
}

// freed tells those who wait that there is room, or that nothing is left.
func (s *slots) freed() {
	if s.waiters.Load() == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used.Load() < s.limit && len(s.room) > 0 {
		s.wakeLocked(&s.room, 1)
	}
	if s.empty() {
		s.wakeLocked(&s.none, len(s.none))
	}
}

func (s *slots) empty() bool { return s.used.Load() == 0 && s.delayed.Load() == 0 }

// close refuses all who want a slot from now on.
func (s *slots) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed.Store(true)
	s.wakeLocked(&s.room, len(s.room))
}

// idle waits until no slot is taken, and nothing waits for its time.
func (s *slots) idle(ctx context.Context) error {
	for {
		free := s.wait(&s.none)
		if s.empty() {
			s.forgo(&s.none, free)
			return nil
		}
		select {
		case <-free:
		case <-ctx.Done():
			s.forgo(&s.none, free)
			return context.Cause(ctx)
		}
	}
}

// wait adds a channel to list: it is closed when there is news.
func (s *slots) wait(list *[]chan struct{}) chan struct{} {
	c := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, c)
	s.waiters.Add(1)
	return c
}

// wakeLocked closes the first n channels of list.
func (s *slots) wakeLocked(list *[]chan struct{}, n int) {
	for _, c := range (*list)[:n] {
		close(c)
	}
	*list = (*list)[n:]
	s.waiters.Add(int64(-n))
}

// forgo takes c off list. News that had already been sent to it goes to the
// next in line.
func (s *slots) forgo(list *[]chan struct{}, c chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(*list, c); i >= 0 {
		*list = slices.Delete(*list, i, i+1)
		s.waiters.Add(-1)
		return
	}
	if len(*list) > 0 {
		s.wakeLocked(list, 1)
	}
}
