package emit

import (
	"go/types"
	"strconv"
	"time"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/dave/jennifer/jen"
)

// check emits the comparisons of a value with its limits, and asks it whether it
// is valid.
func (f *function) check(g *jen.Group, b *model.Binding, name string) {
	if b.OrList != nil {
		items := make([]jen.Code, len(b.OrList))
		for i, item := range b.OrList {
			items[i] = f.constant(b, item)
		}
		g.If(jen.Id(name).Op("==").Nil()).Block(jen.Id(name).Op("=").Index().Add(f.typ(b.Type)).Values(items...))
	}
	for _, c := range b.Checks {
		reject := f.x().Dot("Reject").Call(jen.Lit(b.In.String()), jen.Lit(b.Name), jen.Lit(c.Kind), jen.Lit(c.Message))
		switch b.Form {
		case model.Optional:
			g.If(all(jen.Id(name).Op("!=").Nil(), []*jen.Statement{f.outside(b, c, jen.Op("*").Id(name))})).Block(reject)
		case model.Opt:
			g.If(all(jen.Id(name).Dot("Present"), []*jen.Statement{f.outside(b, c, jen.Id(name).Dot("Value"))})).Block(reject)
		default:
			g.If(f.outside(b, c, jen.Id(name))).Block(reject)
		}
	}
	for _, c := range b.Each {
		item := *b
		item.Form = model.Single
		g.Add(f.ad("Each")).Call(f.x(), jen.Lit(b.In.String()), jen.Lit(b.Name), jen.Lit(c.Kind), jen.Lit(c.Message), jen.Id(name),
			jen.Func().Params(jen.Id(f.V).Add(f.typ(b.Type))).Bool().Custom(jen.Options{Open: "{ ", Close: " }"}, jen.Return(f.outside(&item, c, jen.Id(f.V)))))
	}
	f.validate(g, b, name)
}

// validate emits the question to a value whether it is valid.
func (f *function) validate(g *jen.Group, b *model.Binding, name string) {
	in, where := jen.Lit(b.In.String()), jen.Lit(b.Name)
	switch {
	case b.Validate == model.Never:
	case b.Form == model.Repeated:
		method := jen.Parens(jen.Op("*").Add(f.typ(b.Type))).Dot("Validate")
		g.Add(f.ad("ValidateAll")).Call(f.x(), in, where, jen.Id(name), method)
	case b.Form == model.Opt:
		g.If(jen.Id(name).Dot("Present")).Block(f.x().Dot("Validate").Call(in, where, jen.Op("&").Id(name).Dot("Value")))
	case b.Form == model.Optional:
		g.If(jen.Id(name).Op("!=").Nil()).Block(f.x().Dot("Validate").Call(in, where, jen.Id(name)))
	case b.Validate == model.ByPointer:
		g.Add(f.x().Dot("Validate").Call(in, where, jen.Op("&").Id(name)))
	default:
		g.Add(f.x().Dot("Validate").Call(in, where, jen.Id(name)))
	}
}

// validateStruct does so for a parameter struct, whose errors are in the part of
// the request that its first field is from.
func (f *function) validateStruct(g *jen.Group, s *model.Struct, name string) {
	if s.Validate == model.Never {
		return
	}
	value := jen.Id(name)
	if s.Validate == model.ByPointer && !s.Pointer {
		value = jen.Op("&").Id(name)
	}
	g.Add(f.x().Dot("Validate").Call(jen.Lit(s.Bindings()[0].In.String()), jen.Lit(""), value))
}

// outside is the condition that value is not within the limit.
func (e *emitter) outside(b *model.Binding, c model.Check, value *jen.Statement) *jen.Statement {
	limit := func() *jen.Statement { return e.constant(b, c.Args[0]) }
	isTime := gotype.IsTime(b.ReadAs())
	if isTime { // it has methods where other types have operators
		limit = func() *jen.Statement { return e.literal(b.ReadAs(), c.Args[0]) }
		if b.Base != nil {
			value = e.typ(b.Base).Call(value)
		}
	}
	switch c.Kind {
	case "min":
		if isTime {
			return value.Dot("Before").Call(limit())
		}
		return value.Op("<").Add(limit())
	case "max":
		if isTime {
			return value.Dot("After").Call(limit())
		}
		return value.Op(">").Add(limit())
	case "gt":
		return value.Op("<=").Add(limit())
	case "lt":
		return value.Op(">=").Add(limit())
	case "multiple":
		if basic, ok := b.Type.Underlying().(*types.Basic); ok && basic.Info()&types.IsFloat != 0 {
			return jen.Op("!").Add(e.jb("IsMultiple")).Call(jen.Float64().Call(value), jen.Op(c.Args[0]))
		}
		divisor := limit()
		if gotype.IsDuration(b.Type) { // 2 * time.Second
			divisor = jen.Parens(divisor)
		}
		return value.Op("%").Add(divisor).Op("!=").Lit(0)
	case "minlen":
		switch {
		case c.Args[0] == "1" && c.List:
			return jen.Len(value).Op("==").Lit(0)
		case c.Args[0] == "1":
			return value.Op("==").Lit("")
		}
		return e.length(b, c, value).Op("<").Op(c.Args[0])
	case "maxlen":
		return e.length(b, c, value).Op(">").Op(c.Args[0])
	case "pattern":
		return jen.Op("!").Id(e.Pattern(c.Args[0])).Dot("MatchString").Call(text(b, value))
	}
	other := make([]*jen.Statement, len(c.Args))
	for i, arg := range c.Args {
		other[i] = value.Clone().Op("!=").Add(e.constant(b, arg))
	}
	return joined("&&", other)
}

func (e *emitter) length(b *model.Binding, c model.Check, value jen.Code) *jen.Statement {
	if c.List {
		return jen.Len(value)
	}
	return e.std("unicode/utf8", "RuneCountInString").Call(text(b, value))
}

// text is value as a string.
func text(b *model.Binding, value jen.Code) jen.Code {
	if b.Elem == model.Defined {
		return jen.String().Call(value)
	}
	return value
}

// constant is a default or a limit of a value as Go writes it.
func (e *emitter) constant(b *model.Binding, literal string) *jen.Statement {
	value := e.literal(b.ReadAs(), literal)
	if b.Base != nil && (gotype.IsTime(b.Base) || gotype.IsDuration(b.Base)) {
		return e.typ(b.Type).Call(value)
	}
	return value // a constant without a type
}

// literal is a value of type t as Go writes it.
func (e *emitter) literal(t types.Type, literal string) *jen.Statement {
	text, err := strconv.Unquote(literal)
	switch {
	case err == nil && gotype.IsTime(t):
		v, _ := time.Parse(time.RFC3339, text) // it was checked where it was read
		v = v.UTC()
		return e.std("time", "Date").Call(
			jen.Lit(v.Year()), jen.Lit(int(v.Month())), jen.Lit(v.Day()), jen.Lit(v.Hour()), jen.Lit(v.Minute()), jen.Lit(v.Second()), jen.Lit(v.Nanosecond()), e.std("time", "UTC"))
	case err == nil && gotype.IsDuration(t):
		v, _ := time.ParseDuration(text)
		return jen.Add(e.durationLit(v))
	}
	return jen.Op(literal)
}

// patterns emits the compiled patterns.
func (e *emitter) patterns() {
	for _, p := range e.Patterns {
		e.file.Line()
		e.file.Var().Id(p.Var).Op("=").Add(e.std("regexp", "MustCompile")).Call(jen.Op(p.Text))
	}
}
