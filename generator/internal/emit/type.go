package emit

import (
	"fmt"
	"go/types"

	"github.com/dave/jennifer/jen"
)

// typeCode is t as it is written in the generated file.
func typeCode(t types.Type) jen.Code {
	switch t := t.(type) {
	case *types.Basic:
		return jen.Id(t.Name())
	case *types.Alias:
		return named(t.Obj(), t.TypeArgs())
	case *types.Named:
		return named(t.Obj(), t.TypeArgs())
	case *types.Pointer:
		return jen.Op("*").Add(typeCode(t.Elem()))
	case *types.Slice:
		return jen.Index().Add(typeCode(t.Elem()))
	case *types.Array:
		return jen.Index(jen.Lit(int(t.Len()))).Add(typeCode(t.Elem()))
	case *types.Map:
		return jen.Map(typeCode(t.Key())).Add(typeCode(t.Elem()))
	case *types.Struct:
		return structCode(t)
	case *types.Interface:
		if t.Empty() {
			return jen.Any()
		}
	}
	// Channels, functions and interfaces with methods are no data: no body,
	// no value of a query and no argument of a task is one.
	panic(fmt.Sprintf("emit: type %s", t))
}

func named(obj *types.TypeName, args *types.TypeList) jen.Code {
	code := jen.Id(obj.Name())
	if pkg := obj.Pkg(); pkg != nil {
		code = jen.Qual(pkg.Path(), obj.Name())
	}
	if args.Len() == 0 {
		return code
	}
	var list []jen.Code
	for arg := range args.Types() {
		list = append(list, typeCode(arg))
	}
	return code.Types(list...)
}

func structCode(t *types.Struct) jen.Code {
	return jen.StructFunc(func(g *jen.Group) {
		for i := range t.NumFields() {
			f := t.Field(i)
			field := jen.Add(typeCode(f.Type()))
			if !f.Embedded() {
				field = jen.Id(f.Name()).Add(typeCode(f.Type()))
			}
			if tag := t.Tag(i); tag != "" {
				field = field.Op("`" + tag + "`")
			}
			g.Add(field)
		}
	})
}
