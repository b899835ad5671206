package core

import "time"

// A Spec is what the options of a task, and its definition, say of it.
type Spec struct {
	Name      string
	Task      string        // of a portable one: what it is registered as
	Timeout   time.Duration // of an attempt; 0: as the runner says
	Attempts  int           // 0: one
	Backoff   time.Duration // before the second attempt; 0: a second
	At        time.Time     // not before; zero: in its turn
	Queue     string        // of an engine
	Unique    string        // for an engine
	Once      string        // for an engine that is an Oncer
	OnceFor   time.Duration // likewise
	When      When
	Unordered bool
	Kind      *Kind // of a task with a limit; nil: there is none

	attempt int // how many attempts have failed
}

// When says after which requests a task runs.
type When uint8

const (
	AfterSuccess When = iota
	AfterFailure
	AfterBoth
)

// SpecWith returns base changed by opts. Without options it is base itself.
func SpecWith[O ~func(*Spec)](base *Spec, opts []O) *Spec {
	if len(opts) == 0 {
		return base
	}
	spec := base.clone()
	for _, opt := range opts {
		opt(spec)
	}
	return spec
}

func (s *Spec) clone() *Spec {
	c := new(Spec)
	if s != nil {
		*c = *s
	}
	return c
}

// leavesLine reports whether the task neither waits for the others of its
// request nor is waited for.
func (s *Spec) leavesLine() bool { return s != nil && (s.Unordered || !s.At.IsZero()) }

// runsAfter reports whether the task runs after a request that has failed, or
// has not.
func (s *Spec) runsAfter(failed bool) bool {
	switch {
	case s == nil || s.When == AfterSuccess:
		return !failed
	case s.When == AfterFailure:
		return failed
	}
	return true
}
