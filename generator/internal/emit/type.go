package emit

import (
	"fmt"
	"go/types"
	"strconv"

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
		return interfaceCode(t)
	case *types.Signature:
		return jen.Func().Add(signatureCode(t))
	case *types.Chan:
		element := typeCode(t.Elem())
		switch t.Dir() {
		case types.SendOnly:
			return jen.Chan().Op("<-").Add(element)
		case types.RecvOnly:
			return jen.Op("<-").Chan().Add(element)
		}
		return jen.Chan().Parens(element)
	}
	panic(fmt.Sprintf("emit: type %s", t)) // a tuple, a union, a type parameter: no value has one
}

func interfaceCode(t *types.Interface) jen.Code {
	if t.Empty() {
		return jen.Any()
	}
	return jen.InterfaceFunc(func(g *jen.Group) {
		for m := range t.ExplicitMethods() {
			g.Id(m.Name()).Add(signatureCode(m.Signature()))
		}
		for e := range t.EmbeddedTypes() {
			g.Add(typeCode(e))
		}
	})
}

func signatureCode(t *types.Signature) jen.Code {
	list := func(vars *types.Tuple) (codes []jen.Code) {
		for v := range vars.Variables() {
			codes = append(codes, typeCode(v.Type()))
		}
		return codes
	}
	params := list(t.Params())
	if n := len(params); t.Variadic() {
		params[n-1] = jen.Op("...").Add(typeCode(t.Params().At(n - 1).Type().(*types.Slice).Elem()))
	}
	return jen.Params(params...).Params(list(t.Results())...)
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
				field = field.Op(tagCode(tag))
			}
			g.Add(field)
		}
	})
}

func tagCode(tag string) string {
	if strconv.CanBackquote(tag) {
		return "`" + tag + "`"
	}
	return strconv.Quote(tag)
}
