// Package naming names what generated code declares. Names stand beside what
// they are for, in maps: nothing is written into what they are for.
package naming

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/plan"
	"github.com/bggen/bggen/generator/internal/scan"
)

// Names are the names of one generated file.
type Names struct {
	Locals
	Imports   []Import
	Patterns  []Pattern
	Bodies    map[*model.JSONBody]string // variables
	BodyTypes map[*model.BodyType]BodyNames
	ListTypes map[*model.ListType]string // variables
	Overrides map[*types.Package]string  // fields of the struct of providers, and variables, for the Overrides of each package
	Providers string                     // the struct of providers
	Methods   map[any]Method             // by *plan.Provider or *plan.Value
	Vars      map[any]Vars               // by *plan.Handler, *plan.Provider, *plan.Value or *model.Task
}

// BodyNames are the names of what is declared for a type in JSON bodies: the variable
// of its shape, and the functions for its concerns.
type BodyNames struct{ Shape, Fits, Defaults, Invalid string }

// Locals are the names of the generated code's own variables. Each is the
// usual one, unless the package has a function or type of that name which the
// code around has to call or name.
type Locals struct{ X, P, Runner, App, Opts, Err, Ctx, Args, Tasks, Mux, V, By, Absent, Found string }

// A Pattern is a regular expression, compiled once.
type Pattern struct{ Var, Text string }

// A Method is how the methods for a provider, or a shared value, are called.
type Method struct {
	Call, Bind, Guard, Need string
	State                   string // the field of the struct of providers with what it keeps
}

// Vars are the names of the values in one function, by *model.Binding,
// *model.Struct or *model.Call. Clean are those of cleanups, Params those of the
// parameters of a function that enqueues a task.
type Vars struct {
	Of     map[any]string
	Clean  map[*model.Call]string
	Result string
	Params []string
}

// Pattern is the variable of a compiled pattern.
func (n *Names) Pattern(text string) string {
	i := slices.IndexFunc(n.Patterns, func(p Pattern) bool { return p.Text == text })
	return n.Patterns[i].Var
}

// Of names everything for a package, beside what its file mentions.
func Of(pkg *plan.Package, mentions Mentions) *Names {
	r := &namer{pkg: pkg, mentions: mentions, Names: &Names{
		Bodies: map[*model.JSONBody]string{}, BodyTypes: map[*model.BodyType]BodyNames{}, ListTypes: map[*model.ListType]string{}, Overrides: map[*types.Package]string{}, Methods: map[any]Method{}, Vars: map[any]Vars{},
	}}
	r.file()
	outer := r.outer()
	fixed := NewScope(outer)
	r.Locals = Locals{
		X: fixed.Take("x", "change"), P: fixed.Take("p", "Value"), Runner: fixed.Take("runner", "Value"), App: fixed.Take("app", "Value"),
		Opts: fixed.Take("opts", "Value"), Err: fixed.Take("err", "Value"), Ctx: fixed.Take("ctx", "Value"), Args: fixed.Take("args", "Value"),
		Tasks: fixed.Take("bg", "Value"), Mux: fixed.Take("mux", "Value"), V: fixed.Take("v", "Value"), By: fixed.Take("by", "Value"),
		Absent: fixed.Take("absent", "Fields"), Found: fixed.Take("found", "Invalid"),
	}
	r.imports(NewScope(fixed))
	for _, i := range r.Imports {
		outer.Reserve(i.Name)
	}
	for _, replaced := range pkg.Replaced {
		name := "override"
		if replaced.Path() != pkg.Path {
			name = LowerFirst(replaced.Name()) + "Override"
		}
		r.Overrides[replaced] = fixed.Take(name, "Option")
	}
	r.methods()
	for _, h := range pkg.Handlers {
		r.handler(NewScope(outer).Reserve(r.X, r.Runner, r.App, r.Opts, r.Err), h)
	}
	for _, p := range pkg.Providers {
		r.provider(NewScope(outer).Reserve(r.P, r.Err), p)
	}
	for _, v := range pkg.Values {
		r.value(NewScope(outer).Reserve(r.P, r.Err), v)
	}
	for _, t := range pkg.Tasks {
		r.task(outer, t)
	}
	return r.Names
}

type namer struct {
	*Names
	pkg      *plan.Package
	mentions Mentions
}

// file names what the file declares beside what the package does: compiled
// patterns, one for each, whoever uses it, checks of bodies, and providers.
func (r *namer) file() {
	n := NewScope(nil).Reserve(r.pkg.Scope.Names()...)
	for file := range r.pkg.Scope.Children() {
		n.Reserve(file.Names()...)
	}
	var bindings []*model.Binding
	for _, h := range r.pkg.Handlers {
		bindings = append(bindings, h.Bindings...)
	}
	for _, b := range r.pkg.BodyTypes {
		if b.Own {
			base := bodyType(b.Type, b.Within)
			r.BodyTypes[b] = BodyNames{
				Shape: n.Take(base+"Shape", "Body"), Fits: n.Take(base+"Fits", "Body"),
				Defaults: n.Take(base+"Defaults", "Body"), Invalid: n.Take(base+"Invalid", "Body"),
			}
		}
		for _, f := range b.Fields {
			bindings = append(bindings, f.Value)
		}
	}
	for _, l := range r.pkg.Limited {
		if l.Bound {
			bindings = append(bindings, &model.Binding{Name: l.Type.Obj().Name(), Checks: l.Checks})
		}
	}
	for _, b := range r.pkg.Bodies {
		r.Bodies[b] = n.Take(strings.TrimSuffix(bodyType(b.Type, b.Within), "Body")+"Body", "JSON")
	}
	for _, l := range r.pkg.ListTypes {
		r.ListTypes[l] = n.Take(bodyType(l.Type, l.Within)+"Lists", "JSON")
	}
	for _, b := range bindings {
		for _, c := range b.Checks {
			if c.Kind == "pattern" && !slices.ContainsFunc(r.Patterns, func(p Pattern) bool { return p.Text == c.Args[0] }) {
				base := LowerFirst(strings.Map(letterOrDigit, b.Name))
				if !token.IsIdentifier(base) {
					base = "value"
				}
				r.Patterns = append(r.Patterns, Pattern{n.Take(base+"Pattern", ""), c.Args[0]})
			}
		}
	}
	r.Providers = n.Take("providers", "Of"+UpperFirst(r.pkg.Name))
}

// bodyType is the name of a type, with those of its type arguments; or of where it
// is written.
func bodyType(t types.Type, within string) string {
	name := ofType(t, LowerFirst(within))
	if named, ok := types.Unalias(t).(*types.Named); ok {
		for arg := range named.TypeArgs().Types() {
			name += typeArg(gotype.UnderPointers(arg))
		}
	}
	return name
}

// methods names the methods of the struct of providers, and its fields.
func (r *namer) methods() {
	n := NewScope(nil).Reserve("x", "app")
	for _, name := range r.Overrides {
		n.Reserve(name)
	}
	for _, p := range r.pkg.Providers {
		base := UpperFirst(Base(p.Provider))
		if p.Fresh {
			base = "Fresh" + base
		}
		m := Method{Call: n.Take(LowerFirst(base), "")}
		suffix := base + strings.TrimPrefix(m.Call, LowerFirst(base))
		m.Bind, m.Guard, m.Need = n.Take("bind"+suffix, "Of"), n.Take("guard"+suffix, "Of"), n.Take("need"+suffix, "Of")
		r.Methods[p] = m
	}
	for _, v := range r.pkg.Values {
		base := UpperFirst(r.valueName(v))
		r.Methods[v] = Method{Bind: n.Take("bind"+base, "Value")}
	}
	for _, p := range r.pkg.Providers { // after all methods
		m := r.Methods[p]
		base := LowerFirst(UpperFirst(Base(p.Provider)))
		if p.Type != nil {
			base = ofType(p.Type, base)
		}
		m.State = n.Take(base, "State")
		r.Methods[p] = m
	}
	for _, v := range r.pkg.Values {
		m := r.Methods[v]
		m.State = n.Take(r.valueName(v), "Value")
		r.Methods[v] = m
	}
}

// valueName is what a shared value is called: as in the request.
func (r *namer) valueName(v *plan.Value) string {
	b, ok := v.Source.(*model.Binding)
	if !ok {
		return ofType(v.Source.(*model.Struct).Type, "params")
	}
	name := LowerFirst(strings.Map(letterOrDigit, b.Name))
	if b.In == model.Body || !token.IsIdentifier(name) {
		return b.In.String()
	}
	return name
}

// provider names the values in the methods for a provider.
func (r *namer) provider(n *Scope, p *plan.Provider) {
	vars := Vars{Of: map[any]string{}, Clean: map[*model.Call]string{}}
	vars.args(n, p.Provider, p.Args)
	if p.Type != nil {
		vars.Of[p.Call] = n.Take(ofType(p.Type, "value"), "Value")
	}
	vars.cleanup(n, p.Call)
	r.Vars[p] = vars
}

func (r *namer) value(n *Scope, v *plan.Value) {
	vars := Vars{Of: map[any]string{}}
	vars.arg(n, r.valueName(v), v.Source)
	r.Vars[v] = vars
}

// handler names the variables of an adapter as its parameters are named.
func (r *namer) handler(n *Scope, h *plan.Handler) {
	vars := Vars{Of: map[any]string{}}
	if h.UsesProviders {
		n.Reserve(r.P)
		for _, name := range r.Overrides {
			n.Reserve(name)
		}
	}
	vars.args(n, h.Func, h.Args)
	if h.Result.Kind > model.NoContent {
		vars.Result = n.Take(ofType(h.Func.Results[0], "result"), "Result")
	}
	r.Vars[h] = vars
}

// task names the variables of the function that runs a task, and the parameters
// of the one that enqueues it.
func (r *namer) task(outer *Scope, t *model.Task) {
	n := NewScope(outer).Reserve(r.X, r.Runner, r.App, r.Err, r.Ctx, r.Args, r.Tasks)
	vars := Vars{Of: map[any]string{}, Clean: map[*model.Call]string{}}
	vars.args(n, t.Func, t.Args)
	for _, call := range t.Calls {
		vars.args(n, call.Provider, call.Args)
	}
	for _, call := range t.Calls {
		vars.cleanup(n, call)
	}
	enqueue := NewScope(outer).Reserve(r.Tasks, r.Opts, t.Def, t.ArgsType)
	for _, f := range t.Fields {
		vars.Params = append(vars.Params, enqueue.Take(f.Param, "Arg"))
	}
	r.Vars[t] = vars
}

// args names the values that f is called with, if they have no name yet.
func (v Vars) args(n *Scope, f *scan.Func, args []model.Source) {
	for i, s := range args {
		v.arg(n, OfParam(f.Params[i]), s)
	}
}

func (v Vars) arg(n *Scope, name string, s model.Source) {
	take := func(suffix string) {
		if v.Of[s] == "" {
			v.Of[s] = n.Take(name, suffix)
		}
	}
	switch s := s.(type) {
	case *model.Struct:
		v.fields(n, s)
		take("Param")
	case *model.Binding:
		take("Param")
	case *model.Call:
		if s.Type != nil {
			take("Value")
		}
	}
}

func (v Vars) fields(n *Scope, s *model.Struct) {
	for _, f := range s.Fields {
		switch value := f.Value.(type) {
		case *model.Struct:
			v.fields(n, value)
			if value.Validate != model.Never {
				v.Of[value] = n.Take(LowerFirst(f.Name), "Part")
			}
		case *model.Binding:
			if v.Of[value] == "" {
				v.Of[value] = n.Take(LowerFirst(f.Name), "Field")
			}
		}
	}
}

// cleanup names what a provider returns to be called later.
func (v Vars) cleanup(n *Scope, c *model.Call) {
	what := v.Of[c]
	if what == "" && c.Type != nil {
		what = ofType(c.Type, "value")
	}
	switch c.Cleanup {
	case 0:
	case model.Settle:
		v.Clean[c] = n.Take("settle", UpperFirst(what))
	default:
		v.Clean[c] = n.Take("release", UpperFirst(what))
	}
}
