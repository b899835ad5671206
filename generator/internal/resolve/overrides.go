package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
)

// findOverrides finds, for every call of the package's handlers, the field that
// replaces it in tests, and all the fields of the package's own struct.
func (r *resolver) findOverrides() {
	var own []*scan.Func
	for _, h := range r.out.Handlers {
		for _, c := range h.Calls {
			if c.Override = r.foreignOverride(c.Provider); c.Override.Package == nil && !slices.Contains(own, c.Provider) {
				own = append(own, c.Provider)
			}
		}
	}
	offered := r.offered(r.in)
	fields := naming.OverrideFields(offered, own)
	for _, f := range append(own, offered...) {
		if !slices.ContainsFunc(r.out.Overrides, func(o *model.Override) bool { return o.Provider == f }) {
			r.out.Overrides = append(r.out.Overrides, &model.Override{Package: r.in.Types, Field: fields[f], Provider: f, Type: valueOf(f)})
		}
	}
	for _, h := range r.out.Handlers {
		for _, c := range h.Calls {
			for _, o := range r.out.Overrides {
				if o.Provider == c.Provider {
					c.Override = *o
				}
			}
		}
	}
}

// foreignOverride is the field for a provider in the struct of its own package,
// if that has one: a package of a main module has, for what it offers, and one of
// another module if its author has generated it.
func (r *resolver) foreignOverride(f *scan.Func) model.Override {
	if f.Pkg == r.in.Types || f.Origin == nil || f.TypeArgs != nil {
		return model.Override{}
	}
	home := r.around.Import(f.Pkg.Path())
	if home == nil {
		return model.Override{}
	}
	offered := r.offered(home)
	if !slices.Contains(offered, f.Origin) {
		return model.Override{}
	}
	field := naming.OverrideFields(offered, nil)[f.Origin]
	if !home.Main && !hasOverride(home, field) {
		return model.Override{}
	}
	return model.Override{Package: f.Pkg, Field: field, Provider: f, Type: valueOf(f)}
}

// hasOverride reports whether what was generated for a package of another module
// can replace a provider.
func hasOverride(pkg *scan.Package, field string) bool {
	overrides, ok := pkg.Scope.Lookup("Overrides").(*types.TypeName)
	if !ok {
		return false
	}
	structure, ok := overrides.Type().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for v := range structure.Fields() {
		if v.Name() == field {
			return true
		}
	}
	return false
}

// offered is what a package offers to others to take or to name as a guard: its
// exported providers, and the exported functions that its own directives name.
// It depends on that package alone.
func (r *resolver) offered(pkg *scan.Package) (list []*scan.Func) {
	if pkg.Name == "main" {
		return nil
	}
	add := func(f *scan.Func) {
		if f != nil && isExported(f) && f.TypeParams == nil && (isCheck(f) || isMaker(f)) && !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	for _, f := range pkg.Funcs {
		if f.Role == scan.Provider {
			add(f)
		}
	}
	named := func(deps []scan.Depend) {
		for _, dep := range deps {
			if dep.Package == "" || dep.Package == pkg.Path {
				add(r.local(pkg, dep.Target))
			}
		}
	}
	named(pkg.Guards)
	if pkg.App != nil {
		named(pkg.App.Guards)
	}
	for _, f := range pkg.ByName {
		named(f.Depends)
	}
	slices.SortFunc(list, func(a, b *scan.Func) int { return strings.Compare(a.FullName(), b.FullName()) })
	return list
}

// isCheck reports whether f returns only an error, as a guard may.
func isCheck(f *scan.Func) bool { return len(f.Results) == 1 && scan.IsError(f.Results[0]) }

// isMaker reports whether f returns what a provider does.
func isMaker(f *scan.Func) bool {
	_, _, ok := providerResults(f)
	return ok && !gotype.Invalid(f.Results[0])
}
