package model

import (
	"go/types"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A ListType is a type with lists or maps in it that has a description of its own of
// where they are: a result, a struct with a name, or a type that holds itself.
type ListType struct {
	Type      types.Type
	Within    string // its name; or where it has none, what it is the type of: ShowResult
	Recursive bool
}

// ListTypeOf is what is known of a type with lists in it, nil if it has no description
// of its own.
func (p *Package) ListTypeOf(t types.Type) *ListType {
	for _, l := range p.ListTypes {
		if types.Identical(l.Type, t) {
			return l
		}
	}
	return nil
}

// JSONValue is the type of what a handler answers with in JSON, or of each value of a
// sequence; nil if it does not answer with JSON.
func (h *Handler) JSONValue() types.Type {
	switch h.Result.Kind {
	case JSONResult, LinesResult, EventsResult:
	default:
		return nil
	}
	if h.Result.Kind == JSONResult {
		return h.Value()
	}
	return ValueOfSequence(h.Value())
}

// HasLists reports whether there are lists or maps in the JSON of a t, which are null
// where they are nil.
func HasLists(t types.Type) bool {
	var seen gotype.Seen
	var has func(t types.Type) bool
	has = func(t types.Type) bool {
		if !seen.Add(t) || gotype.WritesItself(t) && !gotype.IsNamed(t, scan.RuntimePath, "Opt") {
			return false
		}
		if elem := gotype.OptElem(t); elem != nil {
			return has(elem)
		}
		switch u := t.Underlying().(type) {
		case *types.Slice, *types.Map:
			return true
		case *types.Pointer:
			return has(u.Elem())
		case *types.Array:
			return has(u.Elem())
		case *types.Struct:
			for _, f := range gotype.JSONFields(t) {
				if has(f.Var.Type()) {
					return true
				}
			}
		}
		return false
	}
	return has(t)
}
