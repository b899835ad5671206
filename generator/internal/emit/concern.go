package emit

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/dave/jennifer/jen"
)

// fits writes the functions that see whether what was decoded is right as it is.
func (e *emitter) fits() *bodyWalk {
	w := &bodyWalk{
		emitter: e, concern: model.ForLimits, results: jen.Bool(),
		name: func(b *model.BodyType) string { return e.BodyTypes[b].Fits },
		does: "reports whether", doesMore: " is within its limits and complete.",
	}
	refuse := func(g *jen.Group, cond jen.Code) { g.If(cond).Block(jen.Return(jen.False())) }
	w.end = func(g *jen.Group, _ types.Type) { g.Return(jen.True()) }
	w.call = func(g *jen.Group, b *model.BodyType, s spot) {
		cond := jen.Op("!").Id(w.name(b)).Call(s.address())
		if s.notNil != nil {
			cond = s.notNil.Op("&&").Add(cond)
		}
		refuse(g, cond)
	}
	w.field = func(g *jen.Group, f model.BodyField, s spot) {
		if conds := e.unfit(f, s); len(conds) > 0 {
			refuse(g, joined("||", conds))
		}
	}
	w.limit = func(g *jen.Group, l *model.LimitedType, s spot) {
		var conds []*jen.Statement
		b := l.Binding()
		for _, c := range l.Checks {
			value := s.code.Clone()
			if s.pointer {
				value = jen.Op("*").Add(value)
			}
			conds = append(conds, e.outside(b, c, value))
		}
		if s.notNil != nil {
			refuse(g, all(s.notNil.Clone(), conds))
		} else {
			refuse(g, joined("||", conds))
		}
	}
	return w
}

// unfit are the conditions in which a field may not be right.
func (e *emitter) unfit(f model.BodyField, s spot) (conds []*jen.Statement) {
	value := func() *jen.Statement { return s.code.Clone().Dot(f.Go) }
	var outside []*jen.Statement
	for _, c := range f.Value.Checks {
		of := value()
		switch f.Value.Form {
		case model.Optional:
			of = jen.Op("*").Add(of)
		case model.Opt:
			of.Dot("Value")
		}
		outside = append(outside, e.outside(f.Value, c, of))
	}
	switch {
	case len(outside) == 0:
	case f.Value.Form == model.Optional:
		outside = []*jen.Statement{all(value().Op("!=").Nil(), outside)}
	case f.Value.Form == model.Opt:
		outside = []*jen.Statement{all(value().Dot("Present"), outside)}
	}
	if len(f.Through) > 0 {
		if f.Required {
			conds = append(conds, through(f, s, "==", "||"))
		} else if len(outside) > 0 {
			return []*jen.Statement{all(through(f, s, "!=", "&&"), outside)}
		}
	}
	if f.Required || len(f.Default) > 0 {
		if !excludesZero(f.Value) && !e.hasRequired(f.Type) {
			conds = append(conds, e.isZero(value(), f.Type, true))
		}
	}
	return append(conds, outside...)
}

// hasRequired reports whether t is a struct with a field that is required, for which
// its zero value does not pass.
func (e *emitter) hasRequired(t types.Type) bool {
	b := e.pkg.BodyTypeOf(t)
	return b != nil && slices.ContainsFunc(b.Fields, func(f model.BodyField) bool { return f.Required && f.Go != "" })
}

// all is a condition, and one of others.
func all(first *jen.Statement, others []*jen.Statement) *jen.Statement {
	if len(others) == 1 {
		return first.Op("&&").Add(others[0])
	}
	return first.Op("&&").Parens(joined("||", others))
}

// excludesZero reports whether the limits of a value are such that it cannot be zero.
func excludesZero(b *model.Binding) bool {
	return b.Form != model.Optional && b.Form != model.Opt && slices.ContainsFunc(b.Checks, func(c model.Check) bool {
		switch c.Kind {
		case "minlen":
			return true
		case "enum":
			return !slices.Contains(c.Args, `""`) && !slices.Contains(c.Args, "0")
		case "min":
			return strings.ContainsAny(c.Args[0][:1], "123456789") || gotype.IsTime(b.ReadAs())
		case "gt":
			return strings.ContainsAny(c.Args[0][:1], "0123456789")
		}
		return false
	})
}

// defaults writes the functions that set the defaults of what was absent.
func (e *emitter) defaults() *bodyWalk {
	w := &bodyWalk{
		emitter: e, concern: model.ForDefaults, params: []jen.Code{jen.Id(e.Absent).Op("*").Add(e.jb("Absent"))}, results: jen.Null(),
		name: func(b *model.BodyType) string { return e.BodyTypes[b].Defaults },
		does: "sets the defaults of what is absent in", doesMore: ".",
	}
	w.call = func(g *jen.Group, b *model.BodyType, s spot) {
		call := jen.Id(w.name(b)).Call(s.address(), jen.Id(e.Absent))
		if s.notNil != nil {
			g.If(s.notNil).Block(call)
		} else {
			g.Add(call)
		}
	}
	w.field = func(g *jen.Group, f model.BodyField, s spot) {
		if len(f.Default) == 0 {
			return
		}
		value := func() *jen.Statement { return s.code.Clone().Dot(f.Go) }
		absent := value().Op("==").Nil()
		if f.Value.Form == model.Single {
			absent = jen.Id(e.Absent).Dot("Next").Call()
		}
		g.If(absent).Block(value().Op("=").Add(e.defaultOf(f)))
	}
	return w
}

// defaultOf is the default of a field.
func (e *emitter) defaultOf(f model.BodyField) jen.Code {
	items := make([]jen.Code, len(f.Default))
	for i, item := range f.Default {
		items[i] = e.constant(f.Value, item)
	}
	switch f.Value.Form {
	case model.Optional:
		return e.jb("Pointer").Types(e.typ(f.Value.Type)).Call(items[0])
	case model.Repeated:
		return e.typ(f.Type).Values(items...)
	}
	return items[0]
}

// invalid writes the functions that ask what was decoded whether it is valid.
func (e *emitter) invalid() *bodyWalk {
	found := func() *jen.Statement { return jen.Id(e.Found) }
	w := &bodyWalk{
		emitter: e, concern: model.ForValidity, results: jen.Params(found().Add(e.jb("Invalid"))),
		name: func(b *model.BodyType) string { return e.BodyTypes[b].Invalid },
		does: "asks", doesMore: ", and what is in it, whether it is valid.",
	}
	w.end = func(g *jen.Group, t types.Type) {
		asked := e.jb("Ask").Call(jen.Id(e.V))
		if model.ValidationOf(t) == model.Never {
			g.Return(found())
			return
		}
		g.If(found().Op("!=").Nil()).Block(jen.Return(found()))
		g.Return(asked)
	}
	w.call = func(g *jen.Group, b *model.BodyType, s spot) {
		add := found().Dot("Add").Call(append([]jen.Code{jen.Id(w.name(b)).Call(s.address())}, s.path...)...)
		if s.notNil != nil {
			g.If(s.notNil).Block(add)
		} else {
			g.Add(add)
		}
	}
	w.ask = func(g *jen.Group, _ types.Type, s spot) {
		g.Add(found().Dot("Add").Call(append([]jen.Code{e.jb("Ask").Call(s.address())}, s.path...)...))
	}
	return w
}
