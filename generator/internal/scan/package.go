// Package scan reads what a package says to bggen: its directives, and the
// signatures of the functions they stand on. Below it there is no syntax tree.
package scan

import (
	"go/token"
	"go/types"
	"strings"
	"time"

	"github.com/bggen/bggen/generator/internal/diag"
)

// A Package is what the functions of a package say.
type Package struct {
	Path, Name      string
	Main            bool   // it is of a main module, for which there is a generated file
	Constraint      string // the build constraint that all its files share, "" if there is none
	Types           *types.Package
	Scope           *types.Scope
	Fset            *token.FileSet
	App             *App // the //bggen:app struct, nil if there is none
	Uses            []Use
	Limited         []LimitedType    // types whose limits hold wherever they are bound
	Prefix          Prefix           // of the patterns of all routes
	Strict          bool             // what nothing reads is refused, by all handlers
	EmptyLists      bool             // lists and maps that are nil are written as empty ones, by all handlers
	Guards          []Depend         // of the package clause: of all handlers
	ByName          map[string]*Func // all functions, by their full names
	Funcs           []*Func          // those that have a role, in the order of files and lines
	OpenAPI         *OpenAPI         // nil: no document is asked for
	OpenAPIPackages []OpenAPIPackage // none: all of the module
	Directives      bool             // it has some, right or wrong
	Diagnostics     []*diag.Diagnostic
}

// A Prefix is a prefix directive: the zero value is none.
type Prefix struct {
	diag.Range
	Path      string
	Wildcards []Wildcard
}

// A Use is a use directive: a package whose providers count as this one's.
type Use struct {
	diag.Range
	Path string
}

// Position is where the package declares obj.
func (p *Package) Position(obj types.Object) diag.Range {
	return diag.RangeOf(p.Fset, obj.Pos(), obj.Pos()+token.Pos(len(obj.Name())))
}

// An App is the struct whose fields are app values.
type App struct {
	diag.Range // of its name
	Named      *types.Named
	Struct     *types.Struct
	Guards     []Depend // of every handler that uses it
}

// A Role is what a function is for.
type Role int

const (
	Handler Role = iota + 1
	Provider
	Task
)

// A Func is a function or method with a role.
type Func struct {
	diag.Range // of its name
	Name       string
	Exported   bool
	Pkg        *types.Package
	Object     *types.Func // nil: it is a variable
	Receiver   *Receiver   // nil: it is no method

	Params  []Param
	Results []types.Type

	ResultsAt     diag.Range // of the name when there are none
	ResultProblem string     // why one is invalid

	TypeParams []*types.TypeParam // of a generic provider
	TypeArgs   []types.Type       // of one with its types filled in

	Role   Role
	Routes []Route
	Task   TaskOptions

	Schedules []Schedule // of a task that runs by itself

	Hold bool // a provider whose value lives until the tasks have ended

	Answers  []Answer   // errors that it answers with
	Security []Security // who gives the credentials that it reads
	Scopes   []Scope    // what these have to be good for

	Guard bool // a provider, or a check, that is called before anything else is bound

	Without []Depend   // guards of the package or the app struct that do not hold for this handler
	Path    []Wildcard // of a handler without a route: what its path has

	Depends  []Depend
	Specs    []ParamSpec
	Captures []Capture // of parameters by tasks that are written in the function

	Constraint string // the build constraint of its file, "" if it has none

	Origin    *Func  // what this was made of: of another package, or with type parameters
	Qualifier string // the name of the package, where it is another one

	faulty bool // a directive on it could not be read
}

// TaskOptions is what a task directive says.
type TaskOptions struct {
	Name     string // "": import path and function
	Engine   string // "": the runner's
	Queue    string
	Timeout  time.Duration
	Attempts int
	Backoff  time.Duration
	Limit    int
	External bool     // it stands on a func type: the code is elsewhere
	Was      []string // names that it had before

	// Keywords are the names of its arguments for engines, and where they are
	// written. nil: those of the parameters.
	Keywords   []string
	KeywordsAt diag.Range
}

// A Depend is a depends directive: the source of one parameter, or a guard.
type Depend struct {
	diag.Range
	Param   string // "": it is a guard
	Package string // import path; "": that of the function
	Target  string // a function, Type.Method, or App.Field
	Fresh   bool   // called again for this parameter

	constraint string // the build constraint of its file
}

// A ParamSpec is a param directive: where the value of a parameter comes from.
type ParamSpec struct {
	diag.Range
	Param   string
	In      string // path, query, header, cookie; "": as the rules say
	Name    string // "": the parameter's
	Default string
	Or      bool // there is a default
	Limits  []Limit
	Example *string // nil: there is none
	Doc     string  // what it is, in words
}

// A Limit is min=, max=, minlen=, maxlen=, pattern= or enum= of a directive.
type Limit struct {
	diag.Range
	Kind, Value string
}

// A Capture is the use of a parameter in a function that is written right in a
// call of the collector's Add.
type Capture struct {
	diag.Range
	Param int // index in Func.Params
}

// A Receiver is the receiver's type.
type Receiver struct {
	diag.Range
	Named *types.Named
}

// A Param is one parameter. Variadic ones are among them, as slices.
type Param struct {
	diag.Range        // of the name and the type
	Name       string // "" or "_": it has none
	Type       types.Type
	Problem    string // why the type is invalid: what the type checker says
	Variadic   bool
}

// A Route is a pattern that a handler is registered with.
type Route struct {
	diag.Range        // of the directive
	Pattern    string // as net/http takes it
	Status     int    // 0: as the result says
	MaxBody    int64  // bytes; 0: as the runtime says
	Strict     bool   // what nothing reads is refused
	EmptyLists bool   // lists and maps that are nil are written as empty ones
	AnyType    bool   // JSON is read whatever the Content-Type is
	Events     bool   // a sequence is sent as server-sent events
	Hidden     bool   // it is not in the document
	Wildcards  []Wildcard
}

// Split returns the parts of the pattern. The method is "" where any will do, and
// the host where there is none.
func (r Route) Split() (method, host, path string) {
	method, rest, ok := strings.Cut(r.Pattern, " ")
	if !ok {
		method, rest = "", r.Pattern
	}
	slash := strings.IndexByte(rest, '/')
	return method, rest[:slash], rest[slash:]
}

// A Wildcard is a named wildcard of a pattern.
type Wildcard struct {
	diag.Range
	Name   string
	Prefix bool // it is in the prefix of the package: a handler may take it, and need not
}

// FullName is the name as this package writes it: with that of the receiver's
// type, and with that of another package: Users.Get, auth.RequireUser.
func (f *Func) FullName() string {
	name := f.Name
	if f.Receiver != nil {
		name = f.Receiver.Named.Obj().Name() + "." + name
	}
	if f.Qualifier != "" {
		name = f.Qualifier + "." + name
	}
	return name
}
