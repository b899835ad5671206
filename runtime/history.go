package runtime

import "sync"

// history is the number of ended tasks whose status is kept.
const history = 1000

// ids is the tasks whose ids were written down: those that have not ended, and
// the last of those that have.
type ids struct {
	mu    sync.Mutex
	live  map[string]TaskID
	ended map[string]TaskStatus
	row   []string // keys of ended, oldest first from next on
	next  int
}

func (s *ids) add(text string, id TaskID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		s.live, s.ended = map[string]TaskID{}, map[string]TaskStatus{}
	}
	s.live[text] = id
}

// move notes that a task is in another batch now.
func (s *ids) move(text string, id TaskID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, live := s.live[text]; live {
		s.live[text] = id
	}
}

func (s *ids) end(text string, status TaskStatus) {
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

func (s *ids) get(text string) (TaskID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ended := s.ended[text]; ended {
		return TaskID{}, true
	}
	id, ok := s.live[text]
	return id, ok
}

func (s *ids) status(text string) (TaskStatus, bool) {
	s.mu.Lock()
	if status, ok := s.ended[text]; ok {
		s.mu.Unlock()
		return status, true
	}
	id, ok := s.live[text]
	s.mu.Unlock() // a batch is locked before the ids
	if !ok {
		return TaskStatus{}, false
	}
	return id.batch.status(id.n), true
}
