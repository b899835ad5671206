package dashboard

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

const (
	askEvery   = 2 * time.Second // an engine, while somebody looks
	askShare   = 10              // and not before so many times as long have passed as it took to answer
	askWithin  = 5 * time.Second // or it has not answered
	firstWaits = time.Second     // at most, a page for the first answer
)

// A store is an engine that tells what it has. It is asked aside: one that is
// slow keeps no page waiting.
type store struct {
	name   string
	engine engine.Lister

	mu       sync.Mutex
	asked    time.Time
	answer   chan struct{} // closed when it has come; nil: it was never asked
	took     time.Duration // to say what it has
	answered *stored       // the last time
}

// A stored is what an engine has: in data.json.
type stored struct {
	Name    string `json:"name"`
	Error   string `json:"error,omitempty"` // why that is not known
	Queued  int    `json:"queued"`
	Running int    `json:"running"`
	Failed  int    `json:"failed"`
	Tasks   []task `json:"tasks"`

	retry, cancel string // "": the engine cannot
}

// storesOf are the engines of a runner that tell what they have, each once, by
// names of their own.
func storesOf(r *runtime.Runner) (list []*store) {
	add := func(name string, e engine.Engine) {
		l, ok := e.(engine.Lister)
		if !ok || slices.ContainsFunc(list, func(s *store) bool { return s.engine == l }) {
			return
		}
		name = cmp.Or(name, packageOf(e))
		s := &store{name: name, engine: l}
		for n := 2; slices.ContainsFunc(list, func(other *store) bool { return other.name == s.name }); n++ {
			s.name = fmt.Sprintf("%s (%d)", name, n)
		}
		list = append(list, s)
	}
	add("", r.Engine)
	for _, name := range slices.Sorted(maps.Keys(r.Engines)) {
		add(name, r.Engines[name])
	}
	return list
}

// packageOf is what an engine is called that has no name: river.
func packageOf(e engine.Engine) string {
	name, _, _ := strings.Cut(strings.TrimLeft(reflect.TypeOf(e).String(), "*"), ".")
	return name
}

// ask has the engine asked, unless it just was, and returns what is closed when
// its answer is there.
func (s *store) ask(now time.Time) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer != nil && (s.waits() || now.Sub(s.asked) < max(askEvery, askShare*s.took)) {
		return s.answer
	}
	s.asked, s.answer = now, make(chan struct{})
	go s.fetch(s.answer)
	return s.answer
}

// waits reports whether the engine is being asked. s.mu is held.
func (s *store) waits() bool {
	select {
	case <-s.answer:
		return false
	default:
		return true
	}
}

func (s *store) fetch(answer chan struct{}) {
	defer close(answer)
	began := time.Now()
	list := s.list()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered, s.took = list, time.Since(began)
	if list.Error != "" {
		s.took = 0 // it may be there again soon
	}
}

// list is what the engine has.
func (s *store) list() *stored {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	x := tasksOf(ctx, s.engine)
	x.Name = s.name
	s.buttons(x)
	return x
}

// nothing is a stored that has nothing in it; why says for which reason.
func (s *store) nothing(why string) *stored {
	x := nothing(why)
	x.Name = s.name
	s.buttons(x)
	return x
}

func nothing(why string) *stored { return &stored{Error: clip(why, mostError), Tasks: []task{}} }

// buttons says what the engine can do.
func (s *store) buttons(x *stored) {
	if _, ok := s.engine.(engine.Retrier); ok {
		x.retry = "retry"
	}
	if _, ok := s.engine.(engine.Canceler); ok {
		x.cancel = "cancel"
	}
}

// tasksOf is what a runner or an engine has. It is other people's code: it may panic.
func tasksOf(ctx context.Context, from engine.Lister) (x *stored) {
	defer func() {
		if v := recover(); v != nil {
			x = nothing(fmt.Sprintf("panic: %v", v))
		}
	}()
	l, err := from.List(ctx, mostTasks)
	if err != nil {
		return nothing(err.Error())
	}
	x = nothing("")
	x.Queued, x.Running, x.Failed = l.Total[engine.Queued], l.Total[engine.Running], l.Total[engine.Failed]
	listed, known := map[engine.State]int{}, map[string]bool{}
	for _, t := range l.Tasks {
		if t.ID != "" && known[t.ID] {
			continue // it has come to another state while the engine looked
		}
		known[t.ID] = true
		if listed[t.State]++; listed[t.State] <= mostTasks {
			x.Tasks = append(x.Tasks, taskOf(t))
		}
	}
	return x
}

// taskOf leaves out what JSON cannot say, since others may have stored it.
func taskOf(l engine.Task) task {
	t := task{ID: l.ID, Name: l.Name, Handler: l.Handler, Attempt: l.Attempt, State: l.State}
	if l.State == engine.Queued {
		t.Attempt++ // the next one
	}
	if year := l.At.Year(); !l.At.IsZero() && 0 < year && year < 10_000 {
		t.At = &l.At
	}
	if l.Err != nil {
		t.Error = clip(l.Err.Error(), mostError)
	}
	if json.Valid(l.Args) {
		t.Args = short(bytes.Clone(l.Args))
	}
	return t
}

// await waits for the answers of engines that have to be asked, for a while.
func (d *dashboard) await(ctx context.Context, now time.Time) {
	answers := make([]<-chan struct{}, len(d.stores))
	for i, s := range d.stores {
		answers[i] = s.ask(now)
	}
	over := time.NewTimer(firstWaits)
	defer over.Stop()
	for _, answer := range answers {
		select {
		case <-answer:
		case <-over.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// stored is what the engine has answered last, as far as it may be shown.
func (d *dashboard) stored(s *store, now time.Time) stored {
	s.ask(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch late := now.Sub(s.asked); {
	case s.waits() && late > askWithin:
		return *s.nothing(fmt.Sprintf("it has not answered for %s", seconds(late.Seconds())))
	case s.answered == nil:
		return *s.nothing("it has not answered yet")
	}
	x := *s.answered
	x.Tasks = slices.Clone(x.Tasks)
	d.hide(x.Tasks)
	return x
}

// again has an engine try a task once more that has failed. One that cannot tell
// keeps the others from nothing.
func (d *dashboard) again(id string) (done bool, err error) {
	for _, s := range d.stores {
		e, ok := s.engine.(engine.Retrier)
		if !ok {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		done, failed := e.Retry(ctx, id)
		cancel()
		if done {
			return true, nil
		}
		err = errors.Join(err, failed)
	}
	return false, err
}
