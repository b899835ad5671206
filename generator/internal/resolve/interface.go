package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A candidate is one of the values that implement an interface.
type candidate struct {
	name string
	at   diag.Range
	*found
}

func (g *graph) severalImplement(p scan.Param, all []candidate) model.Source {
	d := g.fail(diag.AmbiguousSource, p, "parameter %s is the interface %s, which several values implement", paramName(p), g.typeString(p.Type))
	for _, c := range all {
		d.WithRelated(c.at.Start, "%s", c.name)
	}
	d.WithHint("say which: //bggen:depends %s=%s", p.Name, all[0].name)
	return nil
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
