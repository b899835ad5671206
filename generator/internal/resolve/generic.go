package resolve

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

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
	all := func(a, b *types.Tuple) bool {
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.At(i).Type(), b.At(i).Type()) {
				return false
			}
		}
		return true
	}
	same = func(a, b types.Type) bool {
		a, b = types.Unalias(a), types.Unalias(b)
		switch a := a.(type) {
		case *types.TypeParam:
			i := slices.Index(params, a)
			if i >= 0 && args[i] == nil {
				args[i] = b
			}
			return i >= 0 && types.Identical(args[i], b)
		case *types.Named:
			b, ok := b.(*types.Named)
			if !ok || a.Obj() != b.Obj() || a.TypeArgs().Len() != b.TypeArgs().Len() {
				return false
			}
			for i := range a.TypeArgs().Len() {
				if !same(a.TypeArgs().At(i), b.TypeArgs().At(i)) {
					return false
				}
			}
			return true
		case *types.Pointer:
			b, ok := b.(*types.Pointer)
			return ok && same(a.Elem(), b.Elem())
		case *types.Slice:
			b, ok := b.(*types.Slice)
			return ok && same(a.Elem(), b.Elem())
		case *types.Array:
			b, ok := b.(*types.Array)
			return ok && a.Len() == b.Len() && same(a.Elem(), b.Elem())
		case *types.Chan:
			b, ok := b.(*types.Chan)
			return ok && a.Dir() == b.Dir() && same(a.Elem(), b.Elem())
		case *types.Map:
			b, ok := b.(*types.Map)
			return ok && same(a.Key(), b.Key()) && same(a.Elem(), b.Elem())
		case *types.Signature:
			b, ok := b.(*types.Signature)
			return ok && a.Variadic() == b.Variadic() && all(a.Params(), b.Params()) && all(a.Results(), b.Results())
		}
		return types.Identical(a, b)
	}
	if !same(pattern, t) || slices.Contains(args, nil) {
		return nil
	}
	return args
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
