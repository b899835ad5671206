// Package model is the resolved program: for every handler, provider and task
// of a package, where each of its parameters comes from. Package resolve makes
// it; what comes after it reads it and leaves it as it is.
package model

import (
	"go/token"
	"go/types"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A Package is what is generated for a package.
type Package struct {
	Path, Name string
	Constraint string // the build constraint that all its files share, "" if there is none
	Scope      *types.Scope
	App        *types.Named // that constructors take a pointer to; nil: none
	Handlers   []*Handler
	Tasks      []*Task
	Bodies     []*JSONBody
	BodyTypes  []*BodyType    // of what is in them
	ListTypes  []*ListType    // in results whose lists are never null
	Limited    []*LimitedType // of what is bound
	Schemas    []TypeSchema   // of types that read or write themselves
	Overrides  []*Override    // the fields of the package's own struct Overrides

	// Examples are those of fields in JSON, as JSON has them, by where the fields are
	// declared.
	Examples map[token.Pos]any

	// Receivers are the fields of the app struct that methods are called on:
	// those that are not here are called on the app value itself.
	Receivers map[*scan.Func]string
}

// IsEmpty reports whether there is nothing to generate.
func (p *Package) IsEmpty() bool {
	return len(p.Handlers)+len(p.Tasks)+len(p.Overrides) == 0
}

// HasRoutes reports whether there is anything to register with a mux.
func (p *Package) HasRoutes() bool {
	for _, h := range p.Handlers {
		if len(h.Func.Routes) > 0 {
			return true
		}
	}
	return false
}

// NeedsServeMux reports whether a pattern of the package means something only to
// an http.ServeMux: a wildcard for the rest of a path, or its end.
func (p *Package) NeedsServeMux() bool {
	for _, h := range p.Handlers {
		for _, r := range h.Func.Routes {
			if strings.HasSuffix(r.Pattern, "...}") || strings.HasSuffix(r.Pattern, "/{$}") || strings.HasSuffix(r.Pattern, "/") {
				return true
			}
		}
	}
	return false
}

// A Handler is one adapter.
type Handler struct {
	Func        *scan.Func
	Constructor string       // name of the function that makes the adapter
	MaxBody     int64        // bytes; 0: as the runtime says
	Strict      bool         // what nothing reads is refused
	AnyType     bool         // JSON is read whatever the Content-Type is
	Lists       types.Type   // in whose JSON lists and maps are empty where they are nil; nil: they are null
	Tasks       bool         // a collector is in its graph
	Guards      []*Call      // of the app struct, of the package, and then its own
	Without     []*scan.Func // guards of the app struct or the package that do not hold for it
	Calls       []*Call      // of all providers, each after what it needs, guards first
	Bindings    []*Binding   // of all that it and its providers read, in the order in which errors are reported
	Args        []Source
	Needs       []string // fields of the app struct that must not be nil, for the handler itself
	Result      Result
}

// A Call is the call of a provider or a guard. A handler has one of each
// provider, and of everything that this one needs, but for parameters that want
// a fresh one.
type Call struct {
	Provider *scan.Func
	Override Override
	Args     []Source
	Guards   []*Call    // of the provider: they come before anything that it needs
	Type     types.Type // of the value it makes; nil: it is a guard that makes none
	Needs    []string   // fields of the app struct that must not be nil, for this call alone
	Guard    bool       // somebody has it for what it refuses
	Fresh    bool       // for one parameter only
	HasError bool
	Cleanup  Cleanup
}

// Cleanup is when the cleanup of a provider runs, from the first to the last.
type Cleanup int

const (
	Settle  Cleanup = iota + 1 // before the response
	Release                    // after it
	Hold                       // after the tasks
)

// An Override is the field of a struct Overrides that replaces a provider. The
// struct is that of the provider's package, so that one value replaces it in
// every package that uses it. Providers of packages for which nothing is
// generated, and instances of generic ones, are in the struct of the package
// that uses them.
type Override struct {
	Package  *types.Package // whose struct it is
	Field    string
	Provider *scan.Func
	Type     types.Type // of the value; nil: it is a guard that makes none
}

// Result is what becomes of a handler's results.
type Result struct {
	Kind     ResultKind
	HasError bool
	Status   int  // 0: as the response says
	Fails    bool // the values of a sequence come with errors
	Response bool // the value is a runtime.Response, and Kind is that of its body
}

// ResultKind is how a result is answered with.
type ResultKind int

const (
	Own ResultKind = iota // the handler has written by itself
	NoContent
	JSONResult
	TextResult
	BytesResult
	StreamResult
	LinesResult  // a sequence, as JSON Lines
	EventsResult // a sequence, as server-sent events
	HandlerResult
)

// ContentType is that of a sequence.
func (k ResultKind) ContentType() string {
	if k == EventsResult {
		return "text/event-stream"
	}
	return "application/jsonl"
}

// Value is the type of what the handler answers with: the first of its results, or
// what a runtime.Response has in it; nil if there is none.
func (h *Handler) Value() types.Type {
	switch {
	case len(h.Func.Results) == 0:
		return nil
	case h.Result.Response:
		return typeArg(h.Func.Results[0])
	}
	return h.Func.Results[0]
}

// ValueOfSequence is the type of what a sequence has in JSON.
func ValueOfSequence(t types.Type) types.Type {
	if IsOfEvents(t) {
		return typeArg(typeArg(t))
	}
	return typeArg(t)
}

// IsOfEvents reports whether the values of a sequence are runtime.Events.
func IsOfEvents(t types.Type) bool { return gotype.IsNamed(typeArg(t), scan.RuntimePath, "Event") }

func typeArg(t types.Type) types.Type { return types.Unalias(t).(*types.Named).TypeArgs().At(0) }

// A Task is one portable task.
type Task struct {
	Func     *scan.Func
	Needs    []string // fields of the app struct that must not be nil
	Name     string   // stable, for engines and reports
	Enqueue  string   // name of the function that enqueues it
	Def      string   // name of the variable that defines it
	ArgsType string   // name of the struct of its arguments
	Fields   []Field
	Calls    []*Call // each after what it needs, guards first
	Args     []Source
	Tasks    bool // it takes a collector
	Cleanups bool // a provider of it leaves one
	HasError bool
}

// A Field is an argument of a task.
type Field struct {
	Param string // of the function that enqueues
	Name  string // of the struct
	JSON  string
	Type  types.Type
	// Variadic arguments are a slice in the struct.
	Variadic bool
}
