package resolve

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// noSource says that nothing fits, and what nearly does. Of what a provider would
// make that cannot be used, enough has been said.
func (g *graph) noSource(p scan.Param) {
	if g.faulty[p.Name] {
		g.failed = true // a directive was meant for it, and has been complained of
		return
	}
	if slices.ContainsFunc(g.broken, func(f *scan.Func) bool {
		return slices.ContainsFunc(f.Results, func(t types.Type) bool { return types.Identical(t, p.Type) })
	}) {
		g.fault(p)
		return
	}
	t := g.typeString(p.Type)
	hint := cmp.Or(g.nearType(p.Type), g.nearGeneric(p.Type))
	if form, v, ok := g.formOf(p.Type); ok && v.elem != model.Scalar {
		of := fmt.Sprintf("the defined type %s", g.typeString(v.typ))
		if t != g.typeString(v.typ) {
			of = fmt.Sprintf("type %s, of %s", t, of)
		}
		if hint == "" {
			wildcard := ""
			if form == model.Single {
				wildcard = ", name it as a wildcard of the path"
			}
			hint = fmt.Sprintf("a defined type is not filled from the query by accident: write a provider of %s%s, or say that it is from the query with //bggen:param NAME query", t, wildcard)
		}
		g.without(diag.ClientInput, p, fmt.Sprintf("parameter %s is of %s, and no provider makes one", paramName(p), of), hint)
		return
	}
	switch {
	case hint != "":
	case slices.ContainsFunc(g.wildcards, func(w scan.Wildcard) bool { return w.Name == p.Name }):
		hint = fmt.Sprintf("give it a method UnmarshalText(text []byte) error: the wildcard {%s} is read by that", p.Name)
	case gotype.IsBytes(p.Type):
		hint = "for the body of the request, name it body"
	case isPlain(p.Type):
		hint = "define a type for what it means, and write a provider (//bggen:provide) of that"
	case jsonProblem(p.Type, decoded) != "":
		hint = fmt.Sprintf("%s, or write a provider (//bggen:provide) that makes one for each request", g.appHint(t))
	default:
		hint = fmt.Sprintf("write a provider (//bggen:provide) of %s, %s, or name it body if it is the body of the request", t, g.appHint(t))
	}
	g.without(diag.NoSource, p, fmt.Sprintf("no source for parameter %s of type %s", paramName(p), t), hint)
}

// without reports a parameter without a source: those of one type, for which the way
// out is the same, in one diagnostic.
func (g *graph) without(entry *diag.Entry, p scan.Param, message, hint string) {
	key := types.TypeString(p.Type, nil) + "\n" + hint
	if hasName(p) {
		hint = strings.Replace(hint, "param NAME", "param "+p.Name, 1)
	}
	known := g.sourceless[key]
	if known == nil {
		if g.sourceless == nil {
			g.resolver.sourceless = map[string]*diag.Diagnostic{}
		}
		g.sourceless[key] = g.fail(entry, p, "%s", message).WithHint("%s", hint)
		return
	}
	g.fault(p)
	if known.Start != p.Range.Start {
		known.WithRelated(p.Range.Start, "likewise parameter %s of %s", paramName(p), g.path[len(g.path)-1].FullName())
	}
}

// nearGeneric is a hint at a generic provider that nearly makes t.
func (g *graph) nearGeneric(t types.Type) string {
	named, _ := types.Unalias(t).(*types.Named)
	for _, f := range g.generics {
		if args := unify(f.TypeParams, f.Results[0], t); args != nil {
			_, err := types.Instantiate(nil, f.Object.Signature(), args, true)
			return fmt.Sprintf("%s makes %s, but not this one: %v", f.FullName(), g.typeString(f.Results[0]), err)
		}
		i, ok := t.Underlying().(*types.Interface)
		if !ok || named == nil || named.TypeArgs().Len() != len(f.TypeParams) {
			continue
		}
		if made := g.instantiate(f, slices.Collect(named.TypeArgs().Types())); made != nil && types.Implements(made.Results[0], i) {
			return fmt.Sprintf("take %s, which %s makes: an interface does not say with which types", g.typeString(made.Results[0]), f.FullName())
		}
	}
	return ""
}

// appHint is the way out for what lives as long as the program.
func (g *graph) appHint(t string) string {
	if g.app == nil {
		return fmt.Sprintf("add a field of type %s to a struct with //bggen:app if it lives as long as the program", t)
	}
	return fmt.Sprintf("add a field of type %s to %s if it lives as long as the program", t, g.app.Named.Obj().Name())
}

// nearType is a hint at a source of *T for T, or the other way round, or at one
// in another package.
func (g *graph) nearType(t types.Type) string {
	var other types.Type = types.NewPointer(t)
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		other = p.Elem()
	}
	if scan.SpecialOf(other) != scan.NotSpecial {
		return fmt.Sprintf("take %s", g.typeString(other))
	}
	if f := g.providerOf(other); f != nil {
		return fmt.Sprintf("%s makes %s, not %s", f.FullName(), g.typeString(other), g.typeString(t))
	}
	if g.isApp(other) {
		return fmt.Sprintf("the receiver is there as %s", g.typeString(other))
	}
	for _, field := range g.fields {
		if types.Identical(field.typ, other) {
			return fmt.Sprintf("field %s of %s is %s, not %s", field.name, g.out.App.Obj().Name(), g.typeString(other), g.typeString(t))
		}
	}
	return g.elsewhere(t)
}

// elsewhere is a hint at a provider that this package cannot call, or that it
// does not use.
func (g *graph) elsewhere(t types.Type) string {
	if home := g.home(t); home != nil {
		if f := makerIn(home, t); f != nil && !isExported(f) {
			return fmt.Sprintf("%s.%s makes it, and is not exported", home.Name, f.FullName())
		}
	}
	for _, pkg := range g.around.Others() {
		if pkg.Name == "main" {
			continue
		}
		if pkg.App != nil && pkg.App.Named.Obj().Exported() {
			for f := range pkg.App.Struct.Fields() {
				if f.Exported() && types.Identical(f.Type(), t) {
					return fmt.Sprintf("%s.%s has one: add //bggen:use %s above the package clause", pkg.Name, pkg.App.Named.Obj().Name(), pkg.Path)
				}
			}
		}
		if f := makerIn(pkg, t); f != nil && isExported(f) {
			return fmt.Sprintf("%s.%s makes it: add //bggen:use %s above the package clause", pkg.Name, f.FullName(), pkg.Path)
		}
	}
	return ""
}

// makerIn is the provider of t in a package, nil if there is none.
func makerIn(pkg *scan.Package, t types.Type) *scan.Func {
	for _, f := range pkg.Funcs {
		if f.Role == scan.Provider && len(f.Results) > 0 && types.Identical(f.Results[0], t) {
			return f
		}
	}
	return nil
}
