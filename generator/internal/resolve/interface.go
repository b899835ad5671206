package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
)

// implemented finds the single provider or app value whose type implements an
// interface. Interfaces of the standard library say too little for that.
func (g *graph) implemented(p scan.Param) (Value, bool) {
	i, ok := p.Type.Underlying().(*types.Interface)
	if !ok || i.Empty() || g.isStandard(p.Type) {
		return Value{}, false
	}
	type candidate struct {
		name  string
		at    diag.Range
		value func() Value
	}
	var found []candidate
	for _, f := range g.near() {
		if g.isProvider(f) && !slices.Contains(g.path, f) && types.Implements(f.Results[0], i) {
			found = append(found, candidate{f.FullName(), f.Range, func() Value { return g.provided(f) }})
		}
	}
	var fields []appField
	for _, field := range g.fields {
		if types.Implements(field.typ, i) {
			fields = append(fields, field)
		}
	}
	for _, field := range shallowest(fields) {
		found = append(found, candidate{g.out.App.Obj().Name() + "." + field.name, field.at, func() Value {
			return Value{Kind: AppField, Field: field.name}
		}})
	}
	switch len(found) {
	case 0:
		return Value{}, false
	case 1:
		return found[0].value(), true
	}
	d := g.fail(diag.AmbiguousSource, p, "parameter %s is the interface %s, which several values implement", paramName(p), g.typeString(p.Type))
	for _, c := range found {
		d.WithRelated(c.at.Start, "%s", c.name)
	}
	d.WithHint("say which: //bggen:depends %s=%s", p.Name, found[0].name)
	return Value{}, true
}

// near is the functions of this package, and the providers of those it uses.
func (r *resolver) near() []*scan.Func {
	list := slices.Clone(r.in.Funcs)
	for _, u := range r.uses {
		for _, f := range u.Funcs {
			if seen := r.taken[f]; seen != nil {
				list = append(list, seen)
			}
		}
	}
	return list
}

// isStandard reports whether t is declared in the standard library: its paths
// have no dot in their first element, and neither need those of this module.
func (r *resolver) isStandard(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false // written out
	}
	if named.Obj().Pkg() == nil {
		return true // error
	}
	first, _, _ := strings.Cut(named.Obj().Pkg().Path(), "/")
	own, _, _ := strings.Cut(r.in.Path, "/")
	return !strings.Contains(first, ".") && first != own
}
