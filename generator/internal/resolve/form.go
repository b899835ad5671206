package resolve

import (
	"go/types"

	"github.com/bggen/bggen/generator/internal/scan"
)

// isScalar reports whether t is what runtime.Scalar lists.
func isScalar(t types.Type) bool {
	t = types.Unalias(t)
	if basic, ok := t.(*types.Basic); ok {
		return isTextual(basic)
	}
	return isNamed(t, "time", "Time") || isNamed(t, "time", "Duration")
}

// isTextual reports whether a basic type can be read from text.
func isTextual(b *types.Basic) bool {
	return b.Info()&(types.IsBoolean|types.IsInteger|types.IsFloat|types.IsString) != 0 && b.Info()&types.IsUntyped == 0
}

func isNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path && named.Obj().Name() == name
}

// isBytes reports whether t is []byte, which is no list of numbers.
func isBytes(t types.Type) bool {
	s, ok := types.Unalias(t).(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.Byte])
}

// isPlain reports whether t is too general for a value of that type to be
// meant: what is read from a query, any other predeclared type, []byte.
func isPlain(t types.Type) bool {
	_, _, query := queryForm(t)
	_, basic := types.Unalias(t).(*types.Basic)
	return query || basic || isBytes(t) || isEmptyInterface(t) || scan.IsError(t)
}

func isEmptyInterface(t types.Type) bool {
	i, ok := types.Unalias(t).(*types.Interface)
	return ok && i.Empty()
}

// elemOf is how t is read from one piece of text.
func elemOf(t types.Type) (Elem, bool) {
	if isScalar(t) {
		return Scalar, true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return 0, false
	}
	if implements(types.NewPointer(t), "UnmarshalText", onlyBytes, onlyError) {
		return Text, true
	}
	basic, ok := named.Underlying().(*types.Basic)
	return Defined, ok && isTextual(basic)
}

// formOf is how t is read from text where somebody has said that it is: T, *T or
// []T.
func formOf(t types.Type) (form Form, kind Elem, elem types.Type, ok bool) {
	if kind, ok = elemOf(t); ok {
		return Single, kind, t, true
	}
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		form, elem = Optional, u.Elem()
	case *types.Slice:
		form, elem = Repeated, u.Elem()
	default:
		return 0, 0, nil, false
	}
	kind, ok = elemOf(elem)
	return form, kind, elem, ok && !isBytes(t)
}

// queryForm is how t is read from the query by its name alone: T, *T or []T of a
// scalar T.
func queryForm(t types.Type) (form Form, elem types.Type, ok bool) {
	t = types.Unalias(t)
	switch u := t.(type) {
	case *types.Pointer:
		return Optional, u.Elem(), isScalar(u.Elem())
	case *types.Slice:
		return Repeated, u.Elem(), isScalar(u.Elem()) && !isBytes(t)
	}
	return Single, t, isScalar(t)
}

// Parameters and results of the methods that are looked for.
var (
	onlyBytes     = []types.Type{types.NewSlice(types.Typ[types.Byte])}
	onlyError     = []types.Type{types.Universe.Lookup("error").Type()}
	bytesAndError = []types.Type{onlyBytes[0], onlyError[0]}
	intAndError   = []types.Type{types.Typ[types.Int], onlyError[0]}
)

// implements reports whether t has a method with that signature.
func implements(t types.Type, name string, params, results []types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, ok := obj.(*types.Func)
	return ok && sameTypes(f.Signature().Params(), params) && sameTypes(f.Signature().Results(), results)
}

func sameTypes(vars *types.Tuple, want []types.Type) bool {
	if vars.Len() != len(want) {
		return false
	}
	for i, t := range want {
		if !types.Identical(vars.At(i).Type(), t) {
			return false
		}
	}
	return true
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

// underPointers is t without the pointers before it.
func underPointers(t types.Type) types.Type {
	for {
		p, ok := types.Unalias(t).(*types.Pointer)
		if !ok {
			return types.Unalias(t)
		}
		t = p.Elem()
	}
}
