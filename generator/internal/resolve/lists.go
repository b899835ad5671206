package resolve

import (
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
)

// emptyLists finds the lists and maps in a result that are to be written as empty ones
// where they are nil.
func (g *graph) emptyLists(h *model.Handler) {
	route := slices.IndexFunc(h.Func.Routes, func(r scan.Route) bool { return r.EmptyLists })
	if route < 0 && !g.in.EmptyLists {
		return
	}
	if t := h.JSONValue(); t != nil && model.HasLists(t) {
		h.Lists = t
		g.addLists(t, naming.Base(h.Func)+"Result")
	} else if route >= 0 {
		g.report(diag.New(diag.DirectiveArgument, h.Func.Routes[route].Range, "emptylists is for lists and maps in a JSON result, and %s returns none", h.Func.FullName()).
			WithHint("take emptylists away"))
	}
}

// addLists adds t, which is called name if it has no name, and the types in it that have
// a description of their own.
func (g *graph) addLists(t types.Type, name string) {
	gotype.Walk(t, func(part types.Type) bool {
		if gotype.WritesItself(part) && gotype.OptElem(part) == nil {
			return false
		}
		l := &model.ListType{Type: part, Within: name}
		named, isNamed := part.(*types.Named)
		if isNamed {
			l.Within, l.Recursive = named.Obj().Name(), gotype.IsRecursive(part)
		}
		_, isStruct := part.Underlying().(*types.Struct)
		own := part == types.Unalias(t) || isNamed && (isStruct || l.Recursive) && gotype.OptElem(part) == nil
		if own && model.HasLists(part) && g.out.ListTypeOf(part) == nil {
			g.out.ListTypes = append(g.out.ListTypes, l)
		}
		return true
	})
}
