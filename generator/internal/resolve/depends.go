package resolve

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// guardsOf calls the guards among the directives of a function, and returns
// their calls.
func (g *graph) guardsOf(list []scan.Depend) (calls []*model.Call) {
	for _, dep := range list {
		if dep.Param == "" {
			if call := g.guard(dep); call != nil && !slices.Contains(calls, call) {
				calls = append(calls, call)
			}
		}
	}
	return calls
}

// guard calls a function for what it refuses; nil if it cannot be called.
func (g *graph) guard(dep scan.Depend) *model.Call {
	f := g.find(dep)
	if f == nil {
		return nil
	}
	_, fails, provides := providerResults(f)
	if !provides && !isCheck(f) {
		g.report(diag.New(diag.BadDepends, dep.Range, "%s cannot be a guard: it returns neither an error nor what a provider returns", f.FullName()).
			WithRelated(f.Start, "%s", f.FullName()).
			WithHint("a guard returns error, or (T, error)"))
		return nil
	}
	if provides && !fails && isPlain(f.Results[0]) {
		g.report(diag.New(diag.BadDepends, dep.Range, "%s cannot be a guard: it returns %s, at which nobody looks, and so it would refuse nobody", f.FullName(), g.typeString(f.Results[0])).
			WithRelated(f.Start, "%s", f.FullName()).
			WithHint("return an error, one with a method StatusCode() int or a *runtime.Problem for a 401 or a 403"))
		return nil
	}
	return g.guardCall(f)
}

// firstGuards calls guards before anything else is looked at, each after the
// guards that its own sources have.
func (g *graph) firstGuards(list []scan.Depend) (calls []*model.Call) {
	for i, dep := range list {
		if f := g.lookup(dep); f != nil && dep.Param == "" && !slices.Contains(g.path, f) {
			g.hoist(f)
		}
		calls = append(calls, g.guardsOf(list[i:i+1])...)
	}
	return calls
}

// hoist calls the guards of f, and of what f needs at any depth.
func (g *graph) hoist(f *scan.Func) {
	if g.hoisted[f] {
		return
	}
	g.hoisted[f] = true
	if f != g.root {
		g.firstGuards(f.Depends)
		defer g.within(f)()
	}
	for _, p := range f.Params {
		found, _ := g.site().source(p)
		if found == nil || found.source == nil || slices.Contains(g.path, found.source) {
			continue
		}
		g.hoist(found.source)
		if found.source.Guard {
			g.guardCall(found.source)
		}
	}
}

// withNeeded adds to calls the guards that make a value for a parameter of f, the
// last one of the path: they come before anything else that it needs.
func (g *graph) withNeeded(calls []*model.Call, f *scan.Func) []*model.Call {
	for _, p := range f.Params {
		if found, _ := g.site().source(p); found != nil && found.source != nil && found.source.Guard && !slices.Contains(g.path, found.source) {
			if call := g.guardCall(found.source); call != nil && !slices.Contains(calls, call) {
				calls = append(calls, call)
			}
		}
	}
	return calls
}

// guardCall calls f as a guard, once; nil if it cannot be called.
func (g *graph) guardCall(f *scan.Func) *model.Call {
	call, _ := g.provided(f).(*model.Call)
	if call != nil {
		call.Guard = true
	}
	return call
}

// within looks at the parameters of f until it is told to stop.
func (g *graph) within(f *scan.Func) (stop func()) {
	g.path = append(g.path, f)
	return func() { g.path = g.path[:len(g.path)-1] }
}

// guardCalls are the guards that have been called.
func (g *graph) guardCalls() (list []*model.Call) {
	for _, call := range g.calls {
		if call.Guard {
			list = append(list, call)
		}
	}
	return list
}

// dependOf is the directive that names the source of a parameter of f.
func dependOf(f *scan.Func, name string) (scan.Depend, bool) {
	i := slices.IndexFunc(f.Depends, func(d scan.Depend) bool { return d.Param != "" && d.Param == name })
	if i < 0 {
		return scan.Depend{}, false
	}
	return f.Depends[i], true
}

// dependedField is the app value that a depends directive names for p.
func (g *graph) dependedField(p scan.Param, dep scan.Depend, field appField) model.Source {
	if dep.Fresh {
		g.report(diag.New(diag.BadDepends, dep.Range, "%s is a field: it is not called, and cannot be fresh", dep.Target).
			WithHint("take fresh away"))
	}
	if !fits(field.typ, p.Type) {
		g.notOfType(p, dep.Target, field.typ)
	}
	return model.AppField{Name: field.name}
}

// depended is the value of the function that a depends directive names for p.
func (g *graph) depended(p scan.Param, dep scan.Depend) model.Source {
	source := g.find(dep)
	if source == nil {
		g.failed = true
		return nil
	}
	_, _, ok := providerResults(source)
	switch {
	case !ok:
		g.report(diag.New(diag.BadDepends, dep.Range, "%s does not make a value: it does not return what a provider returns", source.FullName()).
			WithRelated(source.Start, "%s", source.FullName()).
			WithHint("it returns T, (T, error), (T, func()) or the like"))
		return nil
	case !fits(source.Results[0], p.Type):
		g.notOfType(p, source.FullName(), source.Results[0])
		return nil
	case dep.Fresh:
		call, ok := g.called(source).(*model.Call)
		if !ok {
			return nil
		}
		call.Fresh = true
		return call
	}
	return g.provided(source)
}

// fits reports whether a value of type t is what a parameter asks for by name:
// of exactly its type, or of one that implements it.
func fits(t, param types.Type) bool {
	return types.Identical(t, param) || types.IsInterface(param) && types.AssignableTo(t, param)
}

func (g *graph) notOfType(p scan.Param, source string, t types.Type) {
	g.fail(diag.BadDepends, p, "parameter %s is of type %s, and %s is %s", paramName(p), g.typeString(p.Type), source, g.typeString(t)).
		WithHint("take %s", g.typeString(t))
}

// fieldNamed is the field that App.Field names.
func (r *resolver) fieldNamed(dep scan.Depend) (appField, bool) {
	app, name, ok := strings.Cut(dep.Target, ".")
	if !ok || r.app == nil || r.app.Named.Obj().Name() != app || dep.Package != "" && dep.Package != r.app.Named.Obj().Pkg().Path() {
		return appField{}, false
	}
	for _, list := range [][]appField{r.fields, r.plain} {
		if i := slices.IndexFunc(list, func(f appField) bool { return f.name == name }); i >= 0 {
			return list[i], true
		}
	}
	return appField{}, false
}

// find is what a directive names, or else nil, and a complaint.
func (g *graph) find(dep scan.Depend) *scan.Func {
	pkg := g.in
	if dep.Package != "" && dep.Package != g.in.Path {
		if pkg = g.foreignPackage(dep.Range, dep.Package); pkg == nil {
			g.failed = true
			return nil
		}
	}
	if f := g.lookup(dep); f != nil {
		if slices.ContainsFunc(f.Results, gotype.Invalid) {
			g.report(diag.New(diag.InvalidType, dep.Range, "the result of %s is not known: %s", f.FullName(), cmp.Or(f.ResultProblem, scan.NotChecked))).
				WithRelated(f.Start, "%s", f.FullName()).
				WithHint("%s", typeHint(f.ResultProblem))
			return nil
		}
		return f
	}
	if pkg != g.in {
		d := g.report(diag.New(diag.BadDepends, dep.Range, "there is no exported function %s in package %s", dep.Target, pkg.Name))
		if hidden := pkg.ByName[dep.Target]; hidden != nil {
			d.WithRelated(hidden.Start, "%s", hidden.FullName()).
				WithHint("export it: generated code of package %s calls it", g.in.Name)
		} else if like := cmp.Or(g.namedElsewhere(dep.Target), diag.Nearest(dep.Target, namesOf(pkg, true))); like != "" {
			d.WithHint("did you mean %s?", like)
		} else {
			d.WithHint("name a function, a method as Type.Method, or a variable of func type")
		}
		return nil
	}
	d := g.report(diag.New(diag.BadDepends, dep.Range, "there is no function %s in this package that could be called", dep.Target))
	if like := cmp.Or(g.namedElsewhere(dep.Target), diag.Nearest(dep.Target, namesOf(pkg, false))); like != "" {
		d.WithHint("did you mean %s?", like)
	} else if name, rest, ok := strings.Cut(dep.Target, "."); ok && g.in.Scope.Lookup(name) == nil {
		path := "example.com/" + name
		for _, pkg := range g.around.Others() {
			if pkg.Name == name {
				path = pkg.Path
			}
		}
		d.WithHint("this file does not import %s: name the function by the full path, %s.%s", name, path, rest)
	} else {
		d.WithHint("name a function, a method as Type.Method, or a variable of func type")
	}
	return nil
}

// namedElsewhere is how a directive names the function that is called target in
// another package: perhaps it has moved there. It is "" if there is none; or if there
// is more than one, and not one in a package that this one imports.
func (g *graph) namedElsewhere(target string) string {
	var names []string
	for _, pkg := range g.around.Others() {
		f := pkg.ByName[target]
		if f == nil || pkg.Name == "main" || !isExported(f) || pkg.Path == g.in.Path {
			continue
		}
		if slices.ContainsFunc(g.in.Types.Imports(), func(p *types.Package) bool { return p.Path() == pkg.Path }) {
			return pkg.Name + "." + target
		}
		names = append(names, pkg.Path+"."+target)
	}
	if len(names) == 1 {
		return names[0]
	}
	return ""
}

// namesOf is the functions of a package.
func namesOf(pkg *scan.Package, exported bool) (names []string) {
	for name, f := range pkg.ByName {
		if !exported || isExported(f) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
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
			g.fault(scan.Param{Name: like}) // what is said of it was meant for that
		} else {
			d.WithHint("its parameters are %s", strings.Join(all, ", "))
		}
	}
	sources := map[string]bool{}
	for _, dep := range f.Depends {
		check(diag.BadDepends, dep.Range, dep.Param)
		g.checkSpecial(f, diag.BadDepends, dep.Range, dep.Param)
		if dep.Param != "" && sources[dep.Param] {
			g.report(diag.New(diag.DirectiveConflict, dep.Range, "a second source for parameter %q", dep.Param).WithHint("keep one of them"))
		}
		sources[dep.Param] = true
	}
	for _, spec := range f.Specs {
		check(diag.BadParam, spec.Range, spec.Param)
		g.checkSpecial(f, diag.BadParam, spec.Range, spec.Param)
		if sources[spec.Param] {
			g.report(diag.New(diag.DirectiveConflict, spec.Range, "parameter %q has a source by //bggen:depends already", spec.Param).WithHint("keep one of them"))
		}
	}
}

// checkSpecial complains of a directive for a parameter that needs none.
func (g *graph) checkSpecial(f *scan.Func, entry *diag.Entry, where diag.Range, name string) {
	if p, ok := paramNamed(f, name); ok && scan.SpecialOf(p.Type) != scan.NotSpecial {
		g.report(diag.New(entry, where, "parameter %q is %s, which comes from the request as it is", name, g.typeString(p.Type))).
			WithHint("take the directive away")
	}
}

// checkIdle complains of directives on functions that have no role and that
// nothing names.
func (r *resolver) checkIdle() {
	for _, f := range r.in.ByName {
		if f.Role != scan.Handler {
			for _, w := range f.Without {
				r.report(diag.New(diag.MisplacedDirective, w.Range, "%s is no handler, and has no guards that it could be without", f.FullName()).
					WithHint("a handler is without a guard: write the directive above each handler that needs it"))
			}
		}
		if f.Role == 0 && len(f.Specs)+len(f.Depends) > 0 && !r.out.Used[f] {
			r.report(diag.New(diag.MisplacedDirective, f.Range, "%s has directives, and is neither a handler nor a provider", f.FullName()).
				WithHint("add //bggen:provide or //bggen:handler, or name it in a //bggen:depends"))
		}
	}
}
