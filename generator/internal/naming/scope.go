package naming

import (
	"fmt"
	"go/token"
	"go/types"
)

// A Scope hands out the names of one function, or of the file, beside those
// around it.
type Scope struct {
	own   map[string]bool
	outer *Scope // nil: none
}

// NewScope returns a scope within outer, which may be nil.
func NewScope(outer *Scope) *Scope { return &Scope{map[string]bool{}, outer} }

// Has reports whether a name is taken, here or around.
func (s *Scope) Has(name string) bool {
	return s.own[name] || s.outer != nil && s.outer.Has(name)
}

// Reserve takes names as they are, and returns s.
func (s *Scope) Reserve(list ...string) *Scope {
	for _, name := range list {
		s.own[name] = true
	}
	return s
}

// Take returns want, or the first of want+suffix, want+suffix2, ... that is free
// and means nothing in Go.
func (s *Scope) Take(want, suffix string) string {
	name := want
	for i := 1; s.Has(name) || token.IsKeyword(name) || isPredeclared(name); i++ {
		name = want + suffix
		if i > 1 {
			name = fmt.Sprint(name, i)
		}
	}
	s.own[name] = true
	return name
}

// isPredeclared reports whether name is a predeclared type or value, which code
// further down may need.
func isPredeclared(name string) bool {
	switch types.Universe.Lookup(name).(type) {
	case nil, *types.Builtin:
		return false
	}
	return true
}
