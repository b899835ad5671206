// Package gotype answers what the stages of the generator ask about Go types:
// which type this is, which methods it has, what it is made of, and how
// encoding/json reads and writes it.
//
// All questions look through aliases. Where a question is about what a type is
// written with (Written), a defined type counts as its name and its type
// arguments; where it is about the values of a type (Walk, JSONFields), it
// counts as what is behind the name.
package gotype

import "go/types"

// IsNamed reports whether t is the defined type with that name in the package
// with that import path.
func IsNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path && named.Obj().Name() == name
}

// OptElem is T of a runtime.Opt[T], nil if t is none.
func OptElem(t types.Type) types.Type {
	if !IsNamed(t, "github.com/bggen/bggen/runtime", "Opt") {
		return nil
	}
	return types.Unalias(t).(*types.Named).TypeArgs().At(0)
}

// IsTime reports whether t is time.Time.
func IsTime(t types.Type) bool { return IsNamed(t, "time", "Time") }

// IsDuration reports whether t is time.Duration.
func IsDuration(t types.Type) bool { return IsNamed(t, "time", "Duration") }

// IsError reports whether t is the predeclared type error.
func IsError(t types.Type) bool {
	return types.Identical(t, OnlyError[0])
}

// IsBytes reports whether t is []byte itself, and no type defined as that.
func IsBytes(t types.Type) bool {
	s, ok := types.Unalias(t).(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.Byte])
}

// ReadsBase64 reports whether encoding/json reads text in base64 into a list: one of bytes,
// or of a type defined as that.
func ReadsBase64(s *types.Slice) bool {
	elem, ok := s.Elem().Underlying().(*types.Basic)
	return ok && elem.Kind() == types.Uint8
}

// WritesBase64 reports whether encoding/json writes a list so, too: if what is in it does
// not write itself.
func WritesBase64(s *types.Slice) bool { return ReadsBase64(s) && !WritesItself(s.Elem()) }

// IsEmptyInterface reports whether t is any, or an interface written without
// methods and without a name.
func IsEmptyInterface(t types.Type) bool {
	i, ok := types.Unalias(t).(*types.Interface)
	return ok && i.Empty()
}

// IsPointer reports whether t is a pointer, and no type defined as one.
func IsPointer(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok
}

// UnderPointers returns t without the pointers before it.
func UnderPointers(t types.Type) types.Type {
	for {
		p, ok := types.Unalias(t).(*types.Pointer)
		if !ok {
			return types.Unalias(t)
		}
		t = p.Elem()
	}
}

// StructOf returns the struct that t is or points to, once; nil if it is
// neither.
func StructOf(t types.Type) *types.Struct {
	s, _ := behindPointer(t).Underlying().(*types.Struct)
	return s
}

// behindPointer is t without its alias, or what it points to.
func behindPointer(t types.Type) types.Type {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	return t
}
