package emit

import (
	"go/types"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/dave/jennifer/jen"
)

// listTypes emits where there are lists and maps in the JSON of types.
func (e *emitter) listTypes() {
	for _, l := range e.pkg.ListTypes {
		name := e.ListTypes[l]
		in := "a result"
		if text := e.typeName(l.Type); !strings.Contains(text, "struct{") {
			in = article(text)
		}
		e.comment(name + " is where lists are in the JSON of " + in + ".")
		e.file.Add(e.declared(name, l.Recursive, func() jen.Code { return e.listsIn(l.Type) }))
	}
}

// declared is the declaration of a shape. That of a type which holds itself is there
// before it is written down.
func (e *emitter) declared(name string, recursive bool, shape func() jen.Code) jen.Code {
	if !recursive {
		return jen.Var().Id(name).Op("=").Add(shape())
	}
	return jen.Var().Id(name).Op("=").New(e.jb("Shape")).Line().Line().
		Func().Id("init").Params().Block(jen.Id(name).Dot("Be").Call(shape()))
}

// lists is the shape of where there are lists and maps in the JSON of a t: what has none
// is left out.
func (e *emitter) lists(t types.Type) *jen.Statement {
	if l := e.pkg.ListTypeOf(t); l != nil {
		return jen.Id(e.ListTypes[l])
	}
	return e.listsIn(t)
}

func (e *emitter) listsIn(t types.Type) *jen.Statement {
	if !model.HasLists(t) {
		return e.jb("Any").Call()
	}
	if elem := gotype.OptElem(t); elem != nil {
		return e.jb("Nullable").Call(e.lists(elem))
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		if gotype.WritesBase64(u) {
			return e.jb("Bytes").Call()
		}
		return e.jb("List").Call(e.lists(u.Elem()))
	case *types.Map:
		return e.jb("Map").Call(e.lists(u.Elem()))
	case *types.Pointer:
		return e.jb("Nullable").Call(e.lists(u.Elem()))
	case *types.Array:
		return e.jb("Array").Call(jen.Lit(int(u.Len())), e.lists(u.Elem()))
	}
	var fields []jen.Code
	for _, f := range gotype.JSONFields(t) {
		if model.HasLists(f.Var.Type()) {
			fields = append(fields, e.jb("Field").Call(jen.Lit(f.Name), e.lists(f.Var.Type())))
		}
	}
	return e.jb("Object").Custom(jen.Options{Open: "(", Close: ")", Separator: ",", Multi: len(fields) > 1}, fields...)
}
