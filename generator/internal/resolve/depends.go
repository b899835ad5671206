package resolve

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
)

// endStage ends a stage: what was found since the last one belongs to it.
func (g *graph) endStage() {
	stage := Stage{}
	for _, s := range g.stages {
		stage.Bindings = append(stage.Bindings, s.Bindings...)
		stage.Calls = append(stage.Calls, s.Calls...)
	}
	bindings := slices.Clone(g.bindings[len(stage.Bindings):])
	slices.SortStableFunc(bindings, func(a, b *Binding) int { return cmp.Compare(a.In, b.In) })
	g.stages = append(g.stages, Stage{bindings, g.calls[len(stage.Calls):]})
}

// guards calls those of list that are guards.
func (g *graph) guards(list []scan.Depend) {
	for _, dep := range list {
		if dep.Param == "" {
			g.guard(dep)
		}
	}
}

// guard calls a function for what it refuses.
func (g *graph) guard(dep scan.Depend) {
	f := g.find(dep)
	if f == nil {
		return
	}
	if _, _, provides := providerResults(f); !provides && !(len(f.Results) == 1 && scan.IsError(f.Results[0])) {
		g.report(diag.New(diag.BadDepends, dep.Range, "%s cannot be a guard: it returns neither an error nor what a provider returns", f.FullName()).
			WithRelated(f.Start, "%s", f.FullName()).
			WithHint("a guard returns error, or (T, error)"))
		return
	}
	if v := g.provided(f); v.Call != nil {
		v.Call.Guard = true
	}
}

// guarded is the value of a guard of exactly that type.
func (g *graph) guarded(t types.Type) (Value, bool) {
	for _, call := range g.calls {
		if call.Guard && call.Type != nil && types.Identical(call.Type, t) {
			return Value{Kind: Provided, Call: call}, true
		}
	}
	return Value{}, false
}

// depended is the source that a depends directive of f names for p.
func (g *graph) depended(f *scan.Func, p scan.Param) (Value, bool) {
	i := slices.IndexFunc(f.Depends, func(d scan.Depend) bool { return d.Param != "" && d.Param == p.Name })
	if i < 0 {
		return Value{}, false
	}
	dep := f.Depends[i]
	if field, ok := g.fieldNamed(dep.Target); ok {
		if !types.Identical(field.typ, types.Unalias(p.Type)) {
			g.notOfType(p, dep.Target, field.typ)
		}
		g.needs(field)
		return Value{Kind: AppField, Field: field.name}, true
	}
	source := g.find(dep)
	if source == nil {
		g.failed = true
		return Value{}, true
	}
	_, _, ok := providerResults(source)
	switch {
	case !ok:
		g.report(diag.New(diag.BadDepends, dep.Range, "%s does not make a value: it does not return what a provider returns", source.FullName()).
			WithRelated(source.Start, "%s", source.FullName()).
			WithHint("it returns T, (T, error), (T, func()) or the like"))
		return Value{}, true
	case !types.Identical(source.Results[0], p.Type):
		g.notOfType(p, source.FullName(), source.Results[0])
		return Value{}, true
	case dep.Fresh:
		return g.called(source), true
	}
	return g.provided(source), true
}

func (g *graph) notOfType(p scan.Param, source string, t types.Type) {
	g.fail(diag.BadDepends, p, "parameter %s is of type %s, and %s is %s", paramName(p), g.typeString(p.Type), source, g.typeString(t)).
		WithHint("take %s", g.typeString(t))
}

// fieldNamed is the field that App.Field names.
func (r *resolver) fieldNamed(target string) (appField, bool) {
	app, name, ok := strings.Cut(target, ".")
	if !ok || r.in.App == nil || r.in.App.Named.Obj().Name() != app {
		return appField{}, false
	}
	i := slices.IndexFunc(r.fields, func(f appField) bool { return f.name == name })
	if i < 0 {
		return appField{}, false
	}
	return r.fields[i], true
}

// find is the function, method or variable of func type that a directive
// names; nil, and a complaint, if there is none.
func (g *graph) find(dep scan.Depend) *scan.Func {
	if f := g.in.ByName[dep.Target]; f != nil {
		return f
	}
	if v, ok := g.in.Scope.Lookup(dep.Target).(*types.Var); ok {
		if sig, ok := v.Type().Underlying().(*types.Signature); ok {
			f := g.variable(v, sig)
			g.in.ByName[dep.Target] = f
			return f
		}
	}
	names := make([]string, 0, len(g.in.ByName))
	for name := range g.in.ByName {
		names = append(names, name)
	}
	slices.Sort(names)
	d := g.report(diag.New(diag.BadDepends, dep.Range, "there is no function %s in this package", dep.Target))
	if like := diag.Nearest(dep.Target, names); like != "" {
		d.WithHint("did you mean %s?", like)
	} else {
		d.WithHint("name a function, a method as Type.Method, or a variable of func type")
	}
	return nil
}

// variable is a package variable of func type, seen as a function.
func (g *graph) variable(v *types.Var, sig *types.Signature) *scan.Func {
	where := g.in.Position(v)
	f := &scan.Func{Range: where, Name: v.Name(), Exported: v.Exported(), ResultsAt: where}
	for p := range sig.Params().Variables() {
		f.Params = append(f.Params, scan.Param{Range: where, Name: p.Name(), Type: p.Type()})
	}
	for result := range sig.Results().Variables() {
		f.Results = append(f.Results, result.Type())
	}
	return f
}

// checkNamesOf complains of directives of f that name a parameter which it does
// not have.
func (g *graph) checkNamesOf(f *scan.Func) {
	var all []string
	for _, p := range f.Params {
		if hasName(p) {
			all = append(all, p.Name)
		}
	}
	check := func(entry *diag.Entry, where diag.Range, name string) {
		if name == "" || slices.Contains(all, name) {
			return
		}
		d := g.report(diag.New(entry, where, "%s has no parameter %q", f.FullName(), name))
		if like := diag.Nearest(name, all); like != "" {
			d.WithHint("did you mean %s?", like)
		} else {
			d.WithHint("its parameters are %s", strings.Join(all, ", "))
		}
	}
	for _, dep := range f.Depends {
		check(diag.BadDepends, dep.Range, dep.Param)
	}
	for _, spec := range f.Specs {
		check(diag.BadParam, spec.Range, spec.Param)
	}
}

// checkIdle complains of directives on functions that have no role and that
// nothing names.
func (r *resolver) checkIdle() {
	for _, f := range r.in.ByName {
		if f.Role == 0 && len(f.Specs)+len(f.Depends) > 0 && !r.used[f] {
			r.report(diag.New(diag.MisplacedDirective, f.Range, "%s has directives, and is neither a handler nor a provider", f.FullName()).
				WithHint("add //bggen:provide or //bggen:handler, or name it in a //bggen:depends"))
		}
	}
}
