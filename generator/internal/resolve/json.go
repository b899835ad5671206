package resolve

import (
	"fmt"
	"go/types"
	"reflect"
)

// A use is what JSON is used for, which decides what may be in it.
type use int

const (
	encoded use = iota // a result: any interface has something in it
	decoded            // a body: an empty interface takes anything
	stored             // an argument of a task: it comes out as it went in
)

// jsonProblem says what in t would not survive encoding/json, "" if all does.
func jsonProblem(t types.Type, use use) string {
	return (&jsonCheck{use, map[*types.TypeName]int{}, map[types.Type]bool{}}).problem(t)
}

type jsonCheck struct {
	use       use
	instances map[*types.TypeName]int // how many instances of a type were looked at
	seen      map[types.Type]bool
}

func (c *jsonCheck) problem(t types.Type) string {
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok {
		// A generic type may have no end of instances: the compiler refuses
		// such a one, but has not been asked yet.
		c.instances[named.Obj()]++
		if c.seen[t] || c.instances[named.Obj()] > 100 {
			return ""
		}
		c.seen[t] = true
	}
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
		hidden := !f.Exported() && !isEmbeddedStruct(f) || reflect.StructTag(s.Tag(i)).Get("json") == "-"
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

// isEmbeddedStruct reports whether the fields of f count as those of the struct
// around it.
func isEmbeddedStruct(f *types.Var) bool {
	_, ok := underPointers(f.Type()).Underlying().(*types.Struct)
	return f.Embedded() && ok
}

// hasCodec reports whether t itself says how it is written or read.
func (c *jsonCheck) hasCodec(t types.Type) bool {
	if c.use == encoded {
		return implements(t, "MarshalJSON", nil, bytesAndError) || implements(t, "MarshalText", nil, bytesAndError)
	}
	return IsJSONCodec(t) || IsTextCodec(t)
}

// IsJSONCodec reports whether t reads itself from JSON.
func IsJSONCodec(t types.Type) bool { return readsItself(t, "UnmarshalJSON") }

// IsTextCodec reports whether t reads itself from text.
func IsTextCodec(t types.Type) bool { return readsItself(t, "UnmarshalText") }

func readsItself(t types.Type, method string) bool {
	// A decoder has nothing to call an interface's method on.
	return !types.IsInterface(t) && implements(types.NewPointer(t), method, onlyBytes, onlyError)
}
