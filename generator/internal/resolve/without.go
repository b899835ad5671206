package resolve

import (
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// outerGuards calls the guards of the app struct and then those of the package,
// but for those that the handler is without.
func (g *graph) outerGuards(f *scan.Func) (calls []*model.Call, without []*scan.Func) {
	guards := append(g.appGuards(), g.in.Guards...)
	for _, w := range f.Without {
		exempt := g.find(w)
		if exempt == nil {
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(guards), func(dep scan.Depend) bool { return g.lookup(dep) == exempt })
		if len(kept) == len(guards) && slices.ContainsFunc(guards, func(dep scan.Depend) bool { return g.lookup(dep) == nil }) {
			g.failed = true // one of the guards cannot be found, and perhaps this one is meant
			continue
		}
		if len(kept) == len(guards) {
			g.report(diag.New(diag.BadDepends, w.Range, "%s is no guard of the package or of its app struct", exempt.FullName()).
				WithRelated(exempt.Start, "%s", exempt.FullName()).
				WithHint("take the directive away: a guard that a parameter needs, or that the handler itself names, always runs"))
			continue
		}
		guards = kept
		without = append(without, exempt)
	}
	return g.firstGuards(guards), without
}

// appGuards are the guards of the app struct, as this package names them.
func (r *resolver) appGuards() []scan.Depend {
	if r.app == nil {
		return nil
	}
	return fromOutside(r.app.Guards, r.app.Named.Obj().Pkg())
}

// checkWithout complains of guards that a handler says it is without, and that its
// parameters need.
func (g *graph) checkWithout(h *model.Handler) {
	for _, arg := range h.Args {
		call, ok := arg.(*model.Call)
		if !ok || !call.Guard || !slices.Contains(h.Without, call.Provider) {
			continue
		}
		g.report(diag.New(diag.DirectiveConflict, h.Func.Range, "%s is without %s, and a parameter of it needs what %[2]s makes", h.Func.FullName(), call.Provider.FullName()).
			WithHint("take the parameter or the directive away"))
	}
}
