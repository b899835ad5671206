package resolve

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/gotype"
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
	use  use
	seen gotype.Seen
}

func (c *jsonCheck) problem(t types.Type) string {
	if elem := gotype.OptElem(t); elem != nil {
		return c.problem(elem)
	}
	if !c.seen.Add(t) || c.hasCodec(t) {
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
	case *types.Struct:
		if isHidden(t) {
			return fmt.Sprintf("no field of %s is exported, so JSON has {} in its place", types.TypeString(t, (*types.Package).Name))
		}
		return c.fields(t)
	case *types.Map:
		if k, ok := u.Key().Underlying().(*types.Basic); !c.hasText(u.Key()) && (!ok || k.Info()&(types.IsString|types.IsInteger) == 0) {
			return "the keys of a map are strings or integers in JSON"
		}
		return c.problem(u.Elem())
	case interface{ Elem() types.Type }: // *types.Pointer, Slice, Array
		return c.problem(u.Elem())
	}
	return ""
}

func (c *jsonCheck) fields(t types.Type) string {
	if hidden := gotype.JSONHidden(t); c.use == stored && len(hidden) > 0 {
		return fmt.Sprintf("field %s is not written", hidden[0].Name())
	}
	for _, f := range gotype.JSONFields(t) {
		if c.use != encoded && slices.ContainsFunc(f.Through, isHiddenPointer) {
			return fmt.Sprintf("field %s: encoding/json cannot set what is behind an embedded pointer to a struct that is not exported", f.Var.Name())
		}
		if problem := c.problem(f.Var.Type()); problem != "" {
			return fmt.Sprintf("field %s: %s", f.Var.Name(), problem)
		}
	}
	return ""
}

// isHidden reports whether t is a struct that has fields, and none that encoding/json
// would look at.
func isHidden(t types.Type) bool {
	s, ok := t.Underlying().(*types.Struct)
	return ok && s.NumFields() > 0 && len(gotype.JSONHidden(t)) == s.NumFields()
}

// isHiddenPointer reports whether an embedded field is a pointer that only its
// package can set.
func isHiddenPointer(embedded *types.Var) bool {
	return gotype.IsPointer(embedded.Type()) && !embedded.Exported()
}

// hasCodec reports whether t itself says how it is written or read.
func (c *jsonCheck) hasCodec(t types.Type) bool {
	if c.use == encoded {
		return gotype.WritesJSON(t) || gotype.WritesText(t)
	}
	return gotype.ReadsItself(t)
}

// hasText reports whether t itself says how it is written or read as the key of
// a map.
func (c *jsonCheck) hasText(t types.Type) bool {
	if c.use == encoded {
		return gotype.WritesText(t)
	}
	return gotype.ReadsText(t)
}
