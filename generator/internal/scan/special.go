package scan

import (
	"go/types"

	"github.com/bggen/bggen/generator/internal/gotype"
)

// RuntimePath is the package that generated code and users import, AdapterPath the
// one that only generated code does.
const (
	RuntimePath = "github.com/bggen/bggen/runtime"
	AdapterPath = RuntimePath + "/adapter"

	// JSONBodyPath is what generated code reads JSON bodies with.
	JSONBodyPath = AdapterPath + "/jsonbody"
)

// A Special is a type whose values come from the request as a whole, or from
// the runtime.
type Special int

const (
	NotSpecial Special = iota
	Context
	Request
	ResponseWriter
	Tasks
	TasksValue // a collector by value, which cannot work
	Runner
)

// SpecialOf says which special type t is.
func SpecialOf(t types.Type) Special {
	t = types.Unalias(t)
	pointer := false
	if p, ok := t.(*types.Pointer); ok {
		pointer = true
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return NotSpecial
	}
	name := named.Obj().Pkg().Path() + "." + named.Obj().Name()
	switch {
	case name == "context.Context" && !pointer:
		return Context
	case name == "net/http.ResponseWriter" && !pointer:
		return ResponseWriter
	case name == "net/http.Request" && pointer:
		return Request
	case name == RuntimePath+".Runner" && pointer:
		return Runner
	case name == RuntimePath+".BackgroundTasks" && pointer:
		return Tasks
	case name == RuntimePath+".BackgroundTasks":
		return TasksValue
	}
	return NotSpecial
}

// IsError reports whether t is the predeclared type error.
func IsError(t types.Type) bool { return gotype.IsError(t) }
