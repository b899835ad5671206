package gotype

import (
	"go/types"
	"iter"

	"golang.org/x/tools/go/types/typeutil"
)

// Parts are the types that t is written with, one level down: the element of a
// list, a pointer or a channel, the key and the element of a map, the fields of
// a struct, the parameters and results of a function, the methods and embedded
// types of an interface, and the type arguments of a type with a name. To look
// behind the name, ask for the parts of t.Underlying().
func Parts(t types.Type) iter.Seq[types.Type] {
	return func(yield func(types.Type) bool) {
		switch t := t.(type) {
		case *types.Alias:
			t.TypeArgs().Types()(yield)
		case *types.Named:
			t.TypeArgs().Types()(yield)
		case *types.Map:
			_ = yield(t.Key()) && yield(t.Elem())
		case *types.Struct:
			_ = each(t.Fields(), yield)
		case *types.Signature:
			_ = each(t.Params().Variables(), yield) && each(t.Results().Variables(), yield)
		case *types.Interface:
			if each(t.ExplicitMethods(), yield) {
				t.EmbeddedTypes()(yield)
			}
		case interface{ Elem() types.Type }: // *types.Pointer, Slice, Array, Chan
			yield(t.Elem())
		}
	}
}

// each yields the types of objects until yield returns false.
func each[O types.Object](objects iter.Seq[O], yield func(types.Type) bool) bool {
	for o := range objects {
		if !yield(o.Type()) {
			return false
		}
	}
	return true
}

// Written is t and everything that it is written with, at any depth, t first. It
// does not look behind names, aliases included.
func Written(t types.Type) iter.Seq[types.Type] {
	return func(yield func(types.Type) bool) { written(t, yield) }
}

func written(t types.Type, yield func(types.Type) bool) bool {
	if !yield(t) {
		return false
	}
	for part := range Parts(t) {
		if !written(part, yield) {
			return false
		}
	}
	return true
}

// Names are the names of the types that t is written with.
func Names(t types.Type) (names []*types.TypeName) {
	for part := range Written(t) {
		switch part := part.(type) {
		case *types.Alias:
			names = append(names, part.Obj())
		case *types.Named:
			names = append(names, part.Obj())
		}
	}
	return names
}

// Hidden is a type that t is written with and that the package with that import path
// cannot name; nil if there is none.
func Hidden(t types.Type, path string) *types.TypeName {
	for _, obj := range Names(t) {
		if obj.Pkg() != nil && obj.Pkg().Path() != path && !obj.Exported() {
			return obj
		}
	}
	return nil
}

// Invalid reports whether t is written with a type that could not be
// type-checked.
func Invalid(t types.Type) bool {
	for part := range Written(t) {
		if _, ok := part.(*types.Alias); ok && Invalid(types.Unalias(part)) {
			return true
		}
		if part == types.Typ[types.Invalid] {
			return true
		}
	}
	return false
}

// Walk calls visit with t, without its alias, and where visit returns true, with
// what a value of t is made of, also behind names. It visits each type once, and
// does not look behind interfaces and functions: their signatures say nothing of
// what a value holds.
func Walk(t types.Type, visit func(types.Type) bool) {
	(&walker{visit: visit}).walk(t)
}

type walker struct {
	visit func(types.Type) bool
	seen  Seen
}

func (w *walker) walk(t types.Type) {
	t = types.Unalias(t)
	if !w.seen.Add(t) || !w.visit(t) {
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Interface, *types.Signature:
	default:
		for part := range Parts(u) {
			w.walk(part)
		}
	}
}

// IsRecursive reports whether a value of t can hold another value of t.
func IsRecursive(t types.Type) bool {
	found := false
	for part := range Parts(t.Underlying()) {
		Walk(part, func(part types.Type) bool {
			found = found || types.Identical(part, t)
			return !found
		})
	}
	return found
}

// A Seen is a set of types. Its zero value is empty.
type Seen struct {
	types     typeutil.Map
	instances map[*types.TypeName]int
}

// maxInstances is how many instances of one generic type are looked at: a type
// like type T[P any] struct{ Next *T[[]P] } has no end of them. The compiler
// refuses it, but has not been asked yet.
const maxInstances = 100

// Add puts t into the set. It reports false if t was there before, or is one of
// too many instances of a generic type.
func (s *Seen) Add(t types.Type) bool {
	t = types.Unalias(t)
	if s.types.At(t) != nil {
		return false
	}
	if named, ok := t.(*types.Named); ok && named.TypeArgs().Len() > 0 {
		if s.instances[named.Obj()] >= maxInstances {
			return false
		}
		if s.instances == nil {
			s.instances = map[*types.TypeName]int{}
		}
		s.instances[named.Obj()]++
	}
	s.types.Set(t, true)
	return true
}
