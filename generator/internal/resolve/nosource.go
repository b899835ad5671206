package resolve

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// noSource says that nothing fits, and what nearly does.
func (g *graph) noSource(p scan.Param) {
	t := g.typeString(p.Type)
	hint := g.nearType(p.Type)
	if _, elem, _ := queryForm(p.Type); isDefinedText(p.Type) || isDefinedText(elem) {
		d := g.fail(diag.ClientInput, p, "parameter %s is of the defined type %s, and no provider makes one", paramName(p), t)
		if hint == "" {
			hint = fmt.Sprintf("a defined type is not filled from the query by accident: name it as a wildcard of the path, take the predeclared type and convert it, or write a provider of %s", t)
		}
		d.WithHint("%s", hint)
		return
	}
	d := g.fail(diag.NoSource, p, "no source for parameter %s of type %s", paramName(p), t)
	switch {
	case hint != "":
	case slices.ContainsFunc(g.wildcards, func(w scan.Wildcard) bool { return w.Name == p.Name }):
		hint = fmt.Sprintf("give it a method UnmarshalText(text []byte) error: the wildcard {%s} is read by that", p.Name)
	case gotype.IsBytes(p.Type):
		hint = "for the body of the request, name it body"
	case isPlain(p.Type):
		hint = "define a type for what it means, and write a provider (//bggen:provide) of that"
	case jsonProblem(p.Type, decoded) != "" || isOpaque(p.Type):
		hint = fmt.Sprintf("%s, or write a provider (//bggen:provide) that makes one for each request", g.appHint(t))
	default:
		hint = fmt.Sprintf("write a provider (//bggen:provide) of %s, %s, or name it body if it is the body of the request", t, g.appHint(t))
	}
	d.WithHint("%s", hint)
}

// appHint is the way out for what lives as long as the program.
func (g *graph) appHint(t string) string {
	if g.app == nil {
		return fmt.Sprintf("add a field of type %s to a struct with //bggen:app if it lives as long as the program", t)
	}
	return fmt.Sprintf("add a field of type %s to %s if it lives as long as the program", t, g.app.Named.Obj().Name())
}

// isOpaque reports whether t is a struct, or a pointer to one, of which nothing
// can be read from outside: a pool of connections, for one.
func isOpaque(t types.Type) bool {
	s, ok := gotype.UnderPointers(t).Underlying().(*types.Struct)
	if !ok || gotype.ReadsItself(t) || s.NumFields() == 0 {
		return false
	}
	for f := range s.Fields() {
		if f.Exported() {
			return false
		}
	}
	return true
}

// isDefinedText reports whether t is a defined type that could be read from
// text.
func isDefinedText(t types.Type) bool {
	elem, ok := elemOf(t)
	return ok && elem != model.Scalar
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
