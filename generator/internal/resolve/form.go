package resolve

import (
	"go/token"
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

// isPlain reports whether t is too general for a value of that type to be
// meant: what is read from a query, any other predeclared type, []byte.
func isPlain(t types.Type) bool {
	_, _, query := queryForm(t)
	_, basic := types.Unalias(t).(*types.Basic)
	return query || basic || gotype.IsBytes(t) || gotype.IsEmptyInterface(t) || scan.IsError(t)
}

// A text is a value as it is read from one piece of text.
type text struct {
	typ  types.Type
	elem model.Elem
	base types.Type // of a defined one: what it is read as
}

func (v text) into(b *model.Binding) { b.Type, b.Elem, b.Base = v.typ, v.elem, v.base }

// textOf is how t is read from one piece of text.
func (r *resolver) textOf(t types.Type) (v text, ok bool) {
	v.typ = t
	if isScalar(t) {
		return v, true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return v, false
	}
	if gotype.ReadsText(t) {
		v.elem = model.Text
		return v, true
	}
	v.elem, v.base = model.Defined, r.definedAs(named)
	return v, isScalar(v.base)
}

// definedAs is the type that a defined type is read as: time.Time or time.Duration if it
// is defined as one of these, else its underlying type.
func (r *resolver) definedAs(t *types.Named) types.Type {
	u := t.Underlying()
	if s, ok := u.(*types.Struct); ok && s.NumFields() > 0 && s.Field(0).Name() == "wall" && s.Field(0).Pkg().Path() == "time" {
		return timeType("Time", u)
	}
	if basic, ok := u.(*types.Basic); ok && basic.Kind() == types.Int64 && r.isDuration(t.Obj()) {
		return timeType("Duration", u)
	}
	return u
}

// isDuration reports whether a type is time.Duration, or is declared as that.
func (r *resolver) isDuration(obj *types.TypeName) bool {
	if gotype.IsDuration(obj.Type()) {
		return true
	}
	pkg, name := r.around.DeclaredAs(obj)
	if pkg == "" || pkg == "time" {
		return name == "Duration"
	}
	scope := obj.Pkg().Scope()
	if pkg != obj.Pkg().Path() {
		other := r.around.Import(pkg)
		if other == nil {
			return false
		}
		scope = other.Scope
	}
	as, ok := scope.Lookup(name).(*types.TypeName)
	return ok && r.isDuration(as)
}

func timeType(name string, underlying types.Type) types.Type {
	return types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage("time", "time"), name, nil), underlying, nil)
}

// formOf is how t is read from text where somebody has said that it is: T, *T, []T or
// runtime.Opt[T].
func (r *resolver) formOf(t types.Type) (form model.Form, v text, ok bool) {
	if v, ok = r.textOf(t); ok {
		return model.Single, v, true
	}
	elem := gotype.OptElem(t)
	if elem != nil {
		v, ok = r.textOf(elem)
		return model.Opt, v, ok
	}
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		form, elem = model.Optional, u.Elem()
	case *types.Slice:
		form, elem = model.Repeated, u.Elem()
	default:
		return 0, v, false
	}
	v, ok = r.textOf(elem)
	return form, v, ok && !gotype.IsBytes(t)
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
