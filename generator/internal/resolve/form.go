package resolve

import (
	"go/types"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// isScalar reports whether t is what runtime.Scalar lists.
func isScalar(t types.Type) bool {
	t = types.Unalias(t)
	if basic, ok := t.(*types.Basic); ok {
		return isTextual(basic)
	}
	return gotype.IsTime(t) || gotype.IsDuration(t)
}

// isTextual reports whether a basic type can be read from text.
func isTextual(b *types.Basic) bool {
	return b.Info()&(types.IsBoolean|types.IsInteger|types.IsFloat|types.IsString) != 0 && b.Info()&types.IsUntyped == 0
}

// Parameters and results of the methods that are looked for.
var (
	onlyBytes   = []types.Type{types.NewSlice(types.Typ[types.Byte])}
	onlyError   = []types.Type{types.Universe.Lookup("error").Type()}
	intAndError = []types.Type{types.Typ[types.Int], onlyError[0]}
)

// isPlain reports whether t is too general for a value of that type to be
// meant: what is read from a query, any other predeclared type, []byte.
func isPlain(t types.Type) bool {
	_, _, query := queryForm(t)
	_, basic := types.Unalias(t).(*types.Basic)
	return query || basic || gotype.IsBytes(t) || gotype.IsEmptyInterface(t) || scan.IsError(t)
}

// elemOf is how t is read from one piece of text.
func elemOf(t types.Type) (model.Elem, bool) {
	if isScalar(t) {
		return model.Scalar, true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return 0, false
	}
	if gotype.ReadsText(t) {
		return model.Text, true
	}
	basic, ok := named.Underlying().(*types.Basic)
	return model.Defined, ok && isTextual(basic)
}

// formOf is how t is read from text where somebody has said that it is: T, *T, []T or
// runtime.Opt[T].
func formOf(t types.Type) (form model.Form, kind model.Elem, elem types.Type, ok bool) {
	if kind, ok = elemOf(t); ok {
		return model.Single, kind, t, true
	}
	if elem = gotype.OptElem(t); elem != nil {
		kind, ok = elemOf(elem)
		return model.Opt, kind, elem, ok
	}
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		form, elem = model.Optional, u.Elem()
	case *types.Slice:
		form, elem = model.Repeated, u.Elem()
	default:
		return 0, 0, nil, false
	}
	kind, ok = elemOf(elem)
	return form, kind, elem, ok && !gotype.IsBytes(t)
}

// queryForm is how t is read from the query by its name alone: T, *T, []T or
// runtime.Opt[T] of a scalar T.
func queryForm(t types.Type) (form model.Form, elem types.Type, ok bool) {
	t = types.Unalias(t)
	if elem := gotype.OptElem(t); elem != nil {
		return model.Opt, elem, isScalar(elem)
	}
	switch u := t.(type) {
	case *types.Pointer:
		return model.Optional, u.Elem(), isScalar(u.Elem())
	case *types.Slice:
		return model.Repeated, u.Elem(), isScalar(u.Elem()) && !gotype.IsBytes(t)
	}
	return model.Single, t, isScalar(t)
}

// isHandler reports whether t is an http.Handler.
func isHandler(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, "ServeHTTP")
	f, ok := obj.(*types.Func)
	if !ok || f.Signature().Params().Len() != 2 {
		return false
	}
	params := f.Signature().Params()
	return scan.SpecialOf(params.At(0).Type()) == scan.ResponseWriter && scan.SpecialOf(params.At(1).Type()) == scan.Request
}
