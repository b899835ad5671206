package emit

import (
	"github.com/bggen/bggen/generator/internal/resolve"
	"github.com/dave/jennifer/jen"
)

var inNames = map[resolve.In]string{resolve.Path: "path", resolve.Query: "query", resolve.Header: "header", resolve.Cookie: "cookie", resolve.FormData: "form", resolve.Body: "body"}

// validate emits the question to a value whether it is valid.
func (e *emitter) validate(g *jen.Group, b *resolve.Binding) {
	name := e.name(b, b.Var)
	in, where := jen.Lit(inNames[b.In]), jen.Lit(b.Name)
	switch {
	case b.Validate == resolve.Never:
	case b.Form == resolve.Repeated:
		method := jen.Parens(jen.Op("*").Add(typeCode(b.Type))).Dot("Validate")
		g.Add(ad("ValidateAll")).Call(jen.Id(e.X), in, where, jen.Id(name), method)
	case b.Form == resolve.Optional || b.Form == resolve.OptionalJSON:
		g.If(jen.Id(name).Op("!=").Nil()).Block(jen.Id(e.X).Dot("Validate").Call(in, where, jen.Id(name)))
	case b.Validate == resolve.ByPointer:
		g.Id(e.X).Dot("Validate").Call(in, where, jen.Op("&").Id(name))
	default:
		g.Id(e.X).Dot("Validate").Call(in, where, jen.Id(name))
	}
}

// validateStruct does so for a parameter struct, whose errors are in the part of
// the request that its first field is from.
func (e *emitter) validateStruct(g *jen.Group, s *resolve.Struct, name string) {
	if s.Validate == resolve.Never {
		return
	}
	value := jen.Id(name)
	if s.Validate == resolve.ByPointer && !s.Pointer {
		value = jen.Op("&").Id(name)
	}
	first := resolve.Value{Kind: resolve.Built, Struct: s}.Bindings()[0]
	g.Id(e.X).Dot("Validate").Call(jen.Lit(inNames[first.In]), jen.Lit(""), value)
}

// check emits the comparisons of a value with its limits.
func (e *emitter) check(g *jen.Group, b *resolve.Binding) {
	name := e.name(b, b.Var)
	for _, c := range b.Checks {
		reject := jen.Id(e.X).Dot("Reject").Call(jen.Lit(inNames[b.In]), jen.Lit(b.Name), jen.Lit(c.Kind), jen.Lit(c.Message))
		if b.Form == resolve.Optional {
			g.If(jen.Id(name).Op("!=").Nil().Op("&&").Add(outside(b, c, jen.Op("*").Id(name)))).Block(reject)
		} else {
			g.If(outside(b, c, jen.Id(name))).Block(reject)
		}
	}
}

// outside is the condition that value is not within the limit.
func outside(b *resolve.Binding, c resolve.Check, value *jen.Statement) jen.Code {
	switch c.Kind {
	case "min":
		return value.Op("<").Op(c.Args[0])
	case "max":
		return value.Op(">").Op(c.Args[0])
	case "minlen":
		return length(b, c, value).Op("<").Op(c.Args[0])
	case "maxlen":
		return length(b, c, value).Op(">").Op(c.Args[0])
	case "pattern":
		return jen.Op("!").Id(c.Var).Dot("MatchString").Call(text(b, value))
	}
	other := jen.Add(value).Op("!=").Op(c.Args[0])
	for _, arg := range c.Args[1:] {
		other = other.Op("&&").Add(value).Op("!=").Op(arg)
	}
	return other
}

func length(b *resolve.Binding, c resolve.Check, value jen.Code) *jen.Statement {
	if c.List {
		return jen.Len(value)
	}
	return jen.Qual("unicode/utf8", "RuneCountInString").Call(text(b, value))
}

// text is value as a string.
func text(b *resolve.Binding, value jen.Code) jen.Code {
	if b.Elem == resolve.Defined {
		return jen.String().Call(value)
	}
	return value
}

// patterns emits the compiled patterns.
func (e *emitter) patterns() {
	for _, p := range e.pkg.Patterns {
		e.Line()
		e.Var().Id(p.Var).Op("=").Qual("regexp", "MustCompile").Call(jen.Op(p.Text))
	}
}
