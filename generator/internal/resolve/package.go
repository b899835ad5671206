// Package resolve finds a source for every parameter of every handler,
// provider and task of a package, and says in which order all is called. What
// it returns can be written down without another decision.
package resolve

import (
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A Package is what is generated for a package.
type Package struct {
	Path, Name  string
	Constraint  string
	Scope       *types.Scope
	App         *types.Named // that constructors take a pointer to; nil: none
	Handlers    []*Handler
	Tasks       []*Task
	Locals      Locals
	Imports     []Import
	Patterns    []Pattern
	BodyChecks  []*BodyCheck // of what is in JSON bodies
	Overrides   []*Override
	Methods     []*Method // of the struct of these, in the order of their calls
	Diagnostics []*diag.Diagnostic

	Used      map[*scan.Func]bool // functions that something in the package needs, of other packages too
	unused    []*scan.Func
	receivers map[*scan.Func]string
}

// ReceiverField is the field of the app struct that f is a method of; "" if it
// is one of what the constructors take.
func (p *Package) ReceiverField(f *scan.Func) string { return p.receivers[f] }

// HasRoutes reports whether there is anything to register with a mux.
func (p *Package) HasRoutes() bool {
	for _, h := range p.Handlers {
		if len(h.Func.Routes) > 0 {
			return true
		}
	}
	return false
}

// A Handler is one adapter.
type Handler struct {
	Func        *scan.Func
	Needs       []Need
	Constructor string  // name of the function that makes the adapter
	MaxBody     int64   // bytes; 0: as the runtime says
	Tasks       bool    // a collector is in its graph
	Stages      []Stage // one for each guard, and one for all the rest
	Args        []Value
	Result      Result
}

// HasUnits reports whether the adapter calls a provider.
func (h *Handler) HasUnits() bool {
	return slices.ContainsFunc(h.Stages, func(s Stage) bool { return len(s.Units) > 0 })
}

// A Stage is what is bound together, and the calls of providers after that, each
// after what it needs.
type Stage struct {
	Bindings []*Binding // in the order in which errors are reported
	Calls    []*Call
	Own      []*Binding // those that are not bound within a unit
	Structs  []*Struct  // of these, that say if they are valid
	Units    []*Unit    // of the calls
}

// Calls are those of all stages.
func (h *Handler) Calls() (list []*Call) {
	for _, s := range h.Stages {
		list = append(list, s.Calls...)
	}
	return list
}

// Bindings are those of all stages.
func (h *Handler) Bindings() (list []*Binding) {
	for _, s := range h.Stages {
		list = append(list, s.Bindings...)
	}
	return list
}

// A Call is one call of a provider: there is one per handler and provider, but
// for parameters that want a fresh one.
type Call struct {
	Provider *scan.Func
	Args     []Value
	Type     types.Type // of the value it makes; nil: it is a guard that makes none
	Guard    bool
	Fresh    bool // for one parameter only
	HasError bool
	Cleanup  Cleanup
	Var      string // of the value
	Clean    string // of the cleanup, if there is one
}

// Cleanup is when the cleanup of a provider runs, from the first to the last.
type Cleanup int

const (
	Settle  Cleanup = iota + 1 // before the response
	Release                    // after it
	Hold                       // after the tasks
)

// A Binding reads one value of the request.
type Binding struct {
	In     In
	Name   string // in the request; "" for the body
	Form   Form
	Elem   Elem
	Or     string // for Default: the value, as Go writes it
	Checks []Check
	Type   types.Type // of the value; of *T and []T, it is T
	Var    string

	When   Condition // of one of a handler's own: nil is always
	Limits bool      // the fields of a body have some

	Validate Validation // whether the value says if it is valid
}

// Validation is how a value is asked whether it is valid.
type Validation int

const (
	Never     Validation = iota
	ByValue              // it has the method Validate() error
	ByPointer            // a pointer to it has
)

// A Pattern is a regular expression, compiled once.
type Pattern struct{ Var, Text string }

// A Check compares a value with a limit.
type Check struct {
	Kind    string   // min, max, minlen, maxlen, pattern, enum
	Args    []string // as Go writes them
	Message string
	List    bool   // minlen and maxlen count items
	Var     string // for pattern: of the compiled one
}

// In is the part of a request that a value is read from, in the order in which
// errors are reported.
type In int

const (
	Path In = iota
	Query
	Header
	Cookie
	FormData
	Body
)

// Form is how a value is read.
type Form int

const (
	Single   Form = iota // T, which is required
	Optional             // *T
	Default              // T, which may be absent
	Repeated             // []T
	JSON
	OptionalJSON
	Raw    // the bytes as they came
	Stream // an io.Reader of them
	File   // one upload
	Files  // any number of them
)

// Elem is how one piece of text is read.
type Elem int

const (
	Scalar  Elem = iota // as a predeclared type, time.Time or time.Duration
	Defined             // as a scalar, and converted to a type defined as one
	Text                // by the type's UnmarshalText
)

// A Value is where an argument comes from.
type Value struct {
	Kind    Kind
	Binding *Binding // for Bound
	Call    *Call    // for Provided
	Struct  *Struct  // for Built
	Field   string   // for Argument, of the struct of arguments; for AppField, of the app struct
}

// A Struct is a parameter struct: its fields are bound one by one.
type Struct struct {
	Type    types.Type
	Pointer bool // to it
	Fields  []StructField

	Validate Validation // whether the whole says if it is valid
	Var      string     // of one that does, and is bound in the adapter
	When     Condition
}

// A StructField is a field of a parameter struct.
type StructField struct {
	Name  string
	Value Value // Bound, or Built for an embedded struct
}

// Kind is the kind of a Value.
type Kind int

const (
	Context     Kind = iota
	TaskContext      // for what lives until the tasks have ended
	Request
	Writer         // for headers
	Takeover       // the writer of a handler that writes by itself
	TakeoverOrFail // and may return an error
	Tasks
	Runner
	App
	AppField
	Bound
	Provided
	Built    // a parameter struct
	Argument // of a task
)

// Result is what becomes of a handler's results.
type Result struct {
	Kind     ResultKind
	HasError bool
	Status   int    // 0: as the response says
	Response bool   // the value is a runtime.Response, and Kind is that of its body
	Var      string // of the value
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
	HandlerResult
)

// A Task is one portable task.
type Task struct {
	Func     *scan.Func
	Needs    []string // fields of the app struct that must not be nil
	Name     string   // stable, for engines and reports
	Enqueue  string   // name of the function that enqueues it
	Def      string   // name of the variable that defines it
	ArgsType string   // name of the struct of its arguments
	Fields   []Field
	Calls    []*Call
	Args     []Value
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
