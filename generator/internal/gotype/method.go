package gotype

import "go/types"

// Parameters and results of methods that are looked for.
var (
	OnlyBytes     = []types.Type{types.NewSlice(types.Typ[types.Byte])}
	OnlyError     = []types.Type{types.Universe.Lookup("error").Type()}
	IntAndError   = []types.Type{types.Typ[types.Int], OnlyError[0]}
	bytesAndError = []types.Type{OnlyBytes[0], OnlyError[0]}
)

// HasMethod reports whether t has an exported method with that name and exactly
// these parameters and results. A method of *T is none of T.
func HasMethod(t types.Type, name string, params, results []types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, ok := obj.(*types.Func)
	return ok && SameTypes(f.Signature().Params(), params) && SameTypes(f.Signature().Results(), results)
}

// SameTypes reports whether variables, such as parameters, have exactly these types.
func SameTypes(vars *types.Tuple, want []types.Type) bool {
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

// ReadsJSON reports whether a variable of type t reads itself from JSON, with
// UnmarshalJSON.
func ReadsJSON(t types.Type) bool { return readsItself(t, "UnmarshalJSON") }

// ReadsText reports whether a variable of type t reads itself from text, with
// UnmarshalText.
func ReadsText(t types.Type) bool { return readsItself(t, "UnmarshalText") }

func readsItself(t types.Type, method string) bool {
	// A decoder has nothing to call an interface's method on.
	return !types.IsInterface(t) && HasMethod(types.NewPointer(t), method, OnlyBytes, OnlyError)
}

// WritesJSON reports whether a value of type t writes itself as JSON, with
// MarshalJSON.
func WritesJSON(t types.Type) bool { return HasMethod(t, "MarshalJSON", nil, bytesAndError) }

// WritesItself reports whether a value of type t, or one that it is a pointer to, may
// write itself in JSON.
func WritesItself(t types.Type) bool {
	pointer := types.NewPointer(t)
	return WritesJSON(t) || WritesText(t) || !types.IsInterface(t) && (WritesJSON(pointer) || WritesText(pointer))
}

// WritesText reports whether a value of type t writes itself as text, with
// MarshalText.
func WritesText(t types.Type) bool { return HasMethod(t, "MarshalText", nil, bytesAndError) }
