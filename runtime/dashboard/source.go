package dashboard

import (
	"cmp"
	"context"
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
	askEvery  = 2 * time.Second       // a source how much it has, while somebody looks
	askShare  = 10                    // and not before so many times as long have passed as it took to answer
	askWithin = 5 * time.Second       // for an action
	waitFor   = 2 * time.Second       // a page for an answer
	firstWait = 50 * time.Millisecond // a page for the first numbers
	tired     = 5 * time.Second       // a source that has not answered is left alone
)

// A source has tasks: this process, or an engine. What it cannot tell is nil.
type source struct {
	name      string // "": this process
	note      string // why its tasks cannot be listed; "": they can
	browser   engine.Browser
	operator  engine.Operator
	queues    engine.QueueLister
	pauser    engine.Pauser
	processes engine.ProcessLister

	slots chan struct{} // bounds how much is asked at once

	mu       sync.Mutex
	asked    time.Time
	answer   chan struct{} // closed when it has come; nil: it was never asked
	took     time.Duration // to say how much it has
	counts   map[engine.Stage]engine.Count
	failure  string // why the numbers are not known
	broken   string // why the last page was not
	brokenAt time.Time
}

// thisProcess is what the source without a name is called.
const thisProcess = "this process"

func (s *source) title() string { return cmp.Or(s.name, thisProcess) }

// sourcesOf are this process and the engines of a runner, each once, by names of
// their own.
func (d *dashboard) sourcesOf(r *runtime.Runner) []*source {
	here := &memory{d}
	list := []*source{{browser: here, operator: here}}
	known := map[engine.Engine]bool{}
	add := func(name string, e engine.Engine) {
		if e == nil || known[e] {
			return
		}
		known[e] = true
		name = cmp.Or(name, packageOf(e))
		s := sourceOf(e)
		s.name = name
		for n := 2; slices.ContainsFunc(list, func(other *source) bool { return other.name == s.name }); n++ {
			s.name = fmt.Sprintf("%s (%d)", name, n)
		}
		list = append(list, s)
	}
	add("", r.Engine)
	for _, name := range slices.Sorted(maps.Keys(r.Engines)) {
		add(name, r.Engines[name])
	}
	for _, s := range list {
		s.slots = make(chan struct{}, 2)
	}
	return list
}

// sourceOf is what an engine can tell.
func sourceOf(e engine.Engine) *source {
	s := new(source)
	s.queues, _ = e.(engine.QueueLister)
	s.pauser, _ = e.(engine.Pauser)
	s.processes, _ = e.(engine.ProcessLister)
	browser, browses := e.(engine.Browser)
	lister, lists := e.(engine.Lister)
	_, works := e.(engine.Worker)
	switch {
	case browses:
		s.browser = browser
		s.operator, _ = e.(engine.Operator)
	case lists:
		l := newListed(e, lister)
		s.browser, s.operator = l, l
	case works:
		s.note = "its tasks cannot be listed"
	default:
		s.note = "publishes only: its tasks cannot be listed"
	}
	return s
}

// packageOf is what an engine is called that has no name: river.
func packageOf(e engine.Engine) string {
	name, _, _ := strings.Cut(strings.TrimLeft(reflect.TypeOf(e).String(), "*"), ".")
	return name
}

// ask has the source say how much it has, unless it just did, and returns what is
// closed when its answer is there.
func (s *source) ask(now time.Time) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer != nil && (s.waits() || now.Sub(s.asked) < max(askEvery, askShare*s.took)) {
		return s.answer
	}
	s.asked, s.answer = now, make(chan struct{})
	go s.fetch(s.answer)
	return s.answer
}

// waits reports whether the source is being asked. s.mu is held.
func (s *source) waits() bool {
	select {
	case <-s.answer:
		return false
	default:
		return true
	}
}

func (s *source) fetch(answer chan struct{}) {
	defer close(answer)
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	counts, err := guard(func() (map[engine.Stage]engine.Count, error) { return s.browser.Counts(ctx) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took, s.failure = time.Since(began), ""
	if err != nil {
		s.took, s.failure = 0, err.Error() // it may be there again soon
		return
	}
	s.counts = counts
}

// stored is how much the source has said that it has, and why that is not known.
func (s *source) stored(now time.Time) (map[engine.Stage]engine.Count, string) {
	if s.name == "" {
		counts, _ := s.browser.Counts(context.Background())
		return counts, ""
	}
	s.ask(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch late := now.Sub(s.asked); {
	case s.waits() && late > askWithin:
		return nil, "has not answered for " + seconds(late.Seconds())
	case s.failure != "":
		return nil, "cannot be asked: " + s.failure
	case s.counts == nil:
		return nil, "has not answered yet"
	}
	return s.counts, ""
}

// await waits for numbers that have to be asked for, for a while.
func (d *dashboard) await(ctx context.Context, now time.Time) {
	over := time.NewTimer(firstWait)
	defer over.Stop()
	for _, s := range d.sources {
		if s.name == "" || s.browser == nil {
			continue
		}
		select {
		case <-s.ask(now):
		case <-over.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// guard calls code of an engine: it is other people's, and may panic.
func guard[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	if value, err = f(); err != nil {
		err = errors.New(clip(err.Error(), 300))
	}
	return value, err
}

// within asks a source for something, and waits for no longer than a page does. Few ask
// at once, and one that has not answered is left alone for a while.
func within[T any](ctx context.Context, s *source, f func(context.Context) (T, error)) (T, error) {
	var none T
	s.mu.Lock()
	broken := s.broken
	if time.Since(s.brokenAt) > tired {
		broken = ""
	}
	s.mu.Unlock()
	if broken != "" {
		return none, errors.New(broken)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, waitFor, errLate)
	defer cancel()
	type answer struct {
		value T
		err   error
	}
	answered := make(chan answer, 1)
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
	go func() {
		defer func() { <-s.slots }()
		value, err := guard(func() (T, error) { return f(ctx) })
		answered <- answer{value, err}
	}()
	select {
	case a := <-answered:
		return a.value, a.err
	case <-ctx.Done():
		err := context.Cause(ctx)
		if err == errLate {
			s.breaks(err)
		}
		return none, err
	}
}

var errLate = fmt.Errorf("it has not answered within %v", waitFor)

func (s *source) breaks(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken, s.brokenAt = err.Error(), time.Now()
}
