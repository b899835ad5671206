package core

import (
	"sync"

	"github.com/bggen/bggen/runtime/engine"
)

// history is the number of ended tasks whose status is kept.
const history = 1000

// ids is the tasks whose ids were written down: those that have not ended, and
// the last of those that have.
type ids struct {
	mu    sync.Mutex
	live  map[string]ID
	ended map[string]engine.Status
	row   []string // keys of ended, oldest first from next on
	next  int
}

func (s *ids) add(text string, id ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		s.live, s.ended = map[string]ID{}, map[string]engine.Status{}
	}
	s.live[text] = id
}

// move notes that a task is in another unit now.
func (s *ids) move(text string, id ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, live := s.live[text]; live {
		s.live[text] = id
	}
}

func (s *ids) end(text string, status engine.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, live := s.live[text]; !live {
		return
	}
	delete(s.live, text)
	s.ended[text] = status
	if len(s.row) < history {
		s.row = append(s.row, text)
		return
	}
	delete(s.ended, s.row[s.next])
	s.row[s.next] = text
	s.next = (s.next + 1) % history
}

func (s *ids) get(text string) (ID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ended := s.ended[text]; ended {
		return ID{}, true
	}
	id, ok := s.live[text]
	return id, ok
}

func (s *ids) status(text string) (engine.Status, bool) {
	s.mu.Lock()
	if status, ok := s.ended[text]; ok {
		s.mu.Unlock()
		return status, true
	}
	id, ok := s.live[text]
	s.mu.Unlock() // a unit is locked before the ids
	if !ok {
		return engine.Status{}, false
	}
	return id.unit.status(id.n), true
}
