package resolve

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
)

// A use is what JSON is used for, which decides what may be in it.
type use int

const (
	encoded use = iota // a result: any interface has something in it
	decoded            // a body: an empty interface takes anything
	stored             // an argument of a task: it comes out as it went in
)

// jsonProblem says what in t would not survive encoding/json, "" if all does.
func jsonProblem(t types.Type, use use) string { return (&jsonCheck{use: use}).problem(t) }

type jsonCheck struct {
	use   use
	above []types.Type // that t is a part of: types may be recursive
}

func (c *jsonCheck) problem(t types.Type) string {
	if slices.ContainsFunc(c.above, func(a types.Type) bool { return types.Identical(a, t) }) {
		return ""
	}
	c.above = append(c.above, t)
	defer func() { c.above = c.above[:len(c.above)-1] }()
	if c.hasCodec(t) {
		return ""
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsComplex != 0 || u.Kind() == types.UnsafePointer {
			return fmt.Sprintf("JSON has no %s", u.Name())
		}
	case *types.Chan:
		return "a channel is not data"
	case *types.Signature:
		return "a function is not data"
	case *types.Interface:
		if c.use == stored || c.use == decoded && !u.Empty() {
			return "nothing says which type is behind an interface"
		}
	case *types.Pointer:
		return c.problem(u.Elem())
	case *types.Slice:
		return c.problem(u.Elem())
	case *types.Array:
		return c.problem(u.Elem())
	case *types.Map:
		if k, ok := u.Key().Underlying().(*types.Basic); !c.hasCodec(u.Key()) && (!ok || k.Info()&(types.IsString|types.IsInteger) == 0) {
			return "the keys of a map are strings or integers in JSON"
		}
		return c.problem(u.Elem())
	case *types.Struct:
		return c.fields(u)
	}
	return ""
}

func (c *jsonCheck) fields(s *types.Struct) string {
	for i := range s.NumFields() {
		f := s.Field(i)
		hidden := !f.Exported() && !f.Embedded() || reflect.StructTag(s.Tag(i)).Get("json") == "-"
		if hidden {
			if c.use == stored {
				return fmt.Sprintf("field %s is not written", f.Name())
			}
			continue
		}
		if problem := c.problem(f.Type()); problem != "" {
			return fmt.Sprintf("field %s: %s", f.Name(), problem)
		}
	}
	return ""
}

// hasCodec reports whether t itself says how it is written or read.
func (c *jsonCheck) hasCodec(t types.Type) bool {
	if c.use == encoded {
		return hasMethod(t, "MarshalJSON") || hasMethod(t, "MarshalText")
	}
	if types.IsInterface(t) {
		return false // a decoder has nothing to call it on
	}
	p := types.NewPointer(t)
	return hasMethod(p, "UnmarshalJSON") || hasMethod(p, "UnmarshalText")
}
