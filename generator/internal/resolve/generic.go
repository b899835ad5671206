package resolve

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/scan"
)

// instanceOf is the generic provider that makes t, with its types filled in;
// nil if none does.
func (r *resolver) instanceOf(generics []*scan.Func, t types.Type) *scan.Func {
	for _, f := range generics {
		if args := unify(f.TypeParams, f.Results[0], t); args != nil {
			if found := r.instantiate(f, args); found != nil {
				return found
			}
		}
	}
	return nil
}

// unify finds the type arguments with which pattern is t, nil if there are none.
func unify(params []*types.TypeParam, pattern, t types.Type) []types.Type {
	args := make([]types.Type, len(params))
	var same func(a, b types.Type) bool
	same = func(a, b types.Type) bool {
		a, b = types.Unalias(a), types.Unalias(b)
		if p, ok := a.(*types.TypeParam); ok {
			i := slices.Index(params, p)
			if i >= 0 && args[i] == nil {
				args[i] = b
			}
			return i >= 0 && types.Identical(args[i], b)
		}
		if shape(a) == "" || shape(a) != shape(b) {
			return types.Identical(a, b)
		}
		return slices.EqualFunc(slices.Collect(gotype.Parts(a)), slices.Collect(gotype.Parts(b)), same)
	}
	if !same(pattern, t) || slices.Contains(args, nil) {
		return nil
	}
	return args
}

// shape is what a type is beside its parts; "" where it has none that a type
// parameter could stand for.
func shape(t types.Type) string {
	switch t := t.(type) {
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			return types.TypeString(t.Origin(), nil)
		}
	case *types.Pointer, *types.Slice, *types.Map:
		return fmt.Sprintf("%T", t)
	case *types.Array:
		return fmt.Sprintf("array of %d", t.Len())
	case *types.Chan:
		return fmt.Sprintf("channel %d", t.Dir())
	case *types.Signature:
		return fmt.Sprintf("func of %d, %t", t.Params().Len(), t.Variadic())
	}
	return ""
}

// instantiate is f with its types filled in, nil if these are not within its
// constraints. There is one for each list of types: it is memoised as f is.
func (r *resolver) instantiate(f *scan.Func, args []types.Type) *scan.Func {
	inst, err := types.Instantiate(nil, f.Object.Signature(), args, true)
	if err != nil {
		return nil
	}
	names := make([]string, len(args))
	for i, arg := range args {
		names[i] = types.TypeString(arg, nil)
	}
	key := fmt.Sprintf("%p[%s]", f, strings.Join(names, ","))
	if seen := r.taken[key]; seen != nil {
		return seen
	}
	sig := inst.(*types.Signature)
	g := *f
	g.Origin, g.TypeParams, g.TypeArgs = f, nil, args
	g.Params = slices.Clone(f.Params)
	for i := range g.Params {
		g.Params[i].Type = sig.Params().At(i).Type()
	}
	g.Results = nil
	for v := range sig.Results().Variables() {
		g.Results = append(g.Results, v.Type())
	}
	r.taken[key] = &g
	return &g
}
