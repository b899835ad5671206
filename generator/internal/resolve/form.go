package resolve

import "go/types"

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
// meant: predeclared, []byte, time.Time or time.Duration.
func isPlain(t types.Type) bool {
	_, basic := types.Unalias(t).(*types.Basic)
	return basic || isScalar(t) || isBytes(t) || isEmptyInterface(t)
}

func isEmptyInterface(t types.Type) bool {
	i, ok := types.Unalias(t).(*types.Interface)
	return ok && i.Empty()
}

// textForm is how t is read from one piece of text.
func textForm(t types.Type) (Form, bool) {
	if isScalar(t) {
		return Scalar, true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return 0, false
	}
	if hasMethod(types.NewPointer(t), "UnmarshalText") {
		return Text, true
	}
	basic, ok := named.Underlying().(*types.Basic)
	return Defined, ok && isTextual(basic)
}

// queryForm is how t is read from a query: T, *T or []T of a scalar T.
func queryForm(t types.Type) (form Form, elem types.Type, ok bool) {
	t = types.Unalias(t)
	switch u := t.(type) {
	case *types.Pointer:
		return Optional, u.Elem(), isScalar(u.Elem())
	case *types.Slice:
		return Repeated, u.Elem(), isScalar(u.Elem()) && !isBytes(t)
	}
	return Scalar, t, isScalar(t)
}

// hasMethod reports whether t has an exported method of that name.
func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
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
