package dashtest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bggen/bggen/runtime/engine"
)

// A Store is an engine that pages look through. It has the tasks that it is given, in
// their order, and runs nothing.
type Store struct {
	Beyond bool // there are more than it counts

	mu     sync.Mutex
	items  []engine.Item
	acted  []string
	paused map[string]bool
}

// Put adds tasks.
func (s *Store) Put(items ...engine.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = append(s.items, items...)
}

// Acted is what was done to which task.
func (s *Store) Acted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.acted)
}

// Enqueue does nothing.
func (s *Store) Enqueue(context.Context, []engine.Call) error { return nil }

// Browse looks at three tasks at least, and at ten at most: a filter that fits few makes
// short pages.
func (s *Store) Browse(_ context.Context, f engine.Filter) (p engine.Page, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, _ := strconv.Atoi(f.After)
	for i := from; i < len(s.items); i++ {
		if p.Searched == max(min(f.Most, 10), 3) || len(p.Items) == f.Most {
			p.Next = strconv.Itoa(i)
			return p, nil
		}
		t := s.items[i]
		p.Searched++
		if t.Stage == f.Stage && (f.Name == "" || f.Name == t.Name) && (f.Queue == "" || f.Queue == t.Queue) && strings.Contains(t.ID, f.Text) {
			p.Items = append(p.Items, t)
		}
	}
	return p, nil
}

// Counts is exact, or there are more.
func (s *Store) Counts(context.Context) (map[engine.Stage]engine.Count, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[engine.Stage]engine.Count{}
	for _, t := range s.items {
		n[t.Stage] = engine.Count{N: n[t.Stage].N + 1, More: s.Beyond}
	}
	return n, nil
}

// Look knows the keys of its tasks.
func (s *Store) Look(_ context.Context, key string) (engine.Item, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.items, func(t engine.Item) bool { return t.Key == key })
	if i < 0 {
		return engine.Item{}, false, nil
	}
	return s.items[i], true, nil
}

// Act notes what is done, and forgets the task.
func (s *Store) Act(_ context.Context, do engine.Action, key string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.items, func(t engine.Item) bool { return t.Key == key && slices.Contains(t.Can, do) })
	if i < 0 {
		return false, nil
	}
	s.items = slices.Delete(s.items, i, i+1)
	s.acted = append(s.acted, string(do)+" "+key)
	return true, nil
}

// Queues is those of its tasks.
func (s *Store) Queues(context.Context) (list []engine.Queue, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.items {
		i := slices.IndexFunc(list, func(q engine.Queue) bool { return q.Name == t.Queue })
		if i < 0 {
			i, list = len(list), append(list, engine.Queue{Name: t.Queue, Paused: s.paused[t.Queue]})
		}
		switch t.Stage {
		case engine.StageWaiting:
			list[i].Waiting.N++
			list[i].Oldest = t.Added
		case engine.StageRunning:
			list[i].Running.N++
		}
	}
	return list, nil
}

// Pause pauses.
func (s *Store) Pause(_ context.Context, queue string, pause bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused == nil {
		s.paused = map[string]bool{}
	}
	s.paused[queue] = pause
	return nil
}

// Processes is one that runs all that runs.
func (s *Store) Processes(context.Context) ([]engine.Process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := engine.Process{ID: "web-2/4711", Host: "web-2", PID: 4711, Most: 8}
	for _, t := range s.items {
		if t.Stage == engine.StageRunning {
			p.Tasks = append(p.Tasks, t)
			p.Since = t.Started
		}
	}
	return []engine.Process{p}, nil
}

// ProcessesNote says something.
func (s *Store) ProcessesNote() string { return "tells of one process" }
