package resolve

import (
	"fmt"
	"go/token"
	"go/types"
)

// names hands out the names of variables in one function, beside those around
// it.
type names struct {
	own   map[string]bool
	outer *names // nil: none
}

func newNames(outer *names) *names { return &names{map[string]bool{}, outer} }

func (n *names) has(name string) bool {
	return n.own[name] || n.outer != nil && n.outer.has(name)
}

func (n *names) reserve(list ...string) *names {
	for _, name := range list {
		n.own[name] = true
	}
	return n
}

// take is want, or the first of want+suffix, want+suffix2, ... that is free.
func (n *names) take(want, suffix string) string {
	name := want
	for i := 1; n.has(name) || token.IsKeyword(name) || isPredeclared(name); i++ {
		name = want + suffix
		if i > 1 {
			name = fmt.Sprint(name, i)
		}
	}
	n.own[name] = true
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
