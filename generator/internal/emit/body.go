package emit

import (
	"go/types"
	"strings"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/dave/jennifer/jen"
)

// bodyChecks emits the functions that check the fields of JSON bodies.
func (e *emitter) bodyChecks() {
	for _, c := range e.pkg.BodyChecks {
		e.file.Line()
		e.file.Func().Id(e.Checks[c]).Params(
			jen.Id(e.X).Op("*").Add(e.ad("Exchange")), jen.Id(e.At).Op("*").Add(e.ad("Place")), jen.Id(e.V).Op("*").Add(e.typ(c.Type)),
		).BlockFunc(func(g *jen.Group) {
			for _, f := range c.Fields {
				e.bodyField(g, f)
			}
		})
	}
}

// checkBody calls the check of a whole body.
func (f *function) checkBody(g *jen.Group, b *model.Binding, name string) {
	if b.Limits {
		f.inside(g, model.TypeOf(b), jen.Id(name), f.x().Dot("Body").Call(), "", 0)
	}
}

// bodyField checks one field, and what is in it.
func (e *emitter) bodyField(g *jen.Group, f model.BodyField) {
	value := jen.Id(e.V).Dot(f.Go)
	if f.Required {
		require := jen.Id(e.X).Dot("RequireBody").Call(jen.Id(e.At), jen.Lit(f.JSON))
		if zero := e.isZero(value, f.Type); zero != nil {
			if absent := e.through(f, "==", "||"); len(f.Through) > 0 {
				zero = absent.Op("||").Add(zero)
			}
			g.If(zero).Block(require)
		} else {
			g.Add(require)
		}
	}
	switch {
	case !f.Inside && len(f.Value.Checks) == 0:
	case len(f.Through) > 0:
		g.If(e.through(f, "!=", "&&")).BlockFunc(func(g *jen.Group) { e.fieldChecks(g, f, value) })
	default:
		e.fieldChecks(g, f, value)
	}
}

// fieldChecks checks a field that is there.
func (e *emitter) fieldChecks(g *jen.Group, f model.BodyField, value *jen.Statement) {
	for _, c := range f.Value.Checks {
		reject := jen.Id(e.X).Dot("RejectBody").Call(jen.Id(e.At), jen.Lit(f.JSON), jen.Lit(c.Kind), jen.Lit(c.Message))
		if f.Value.Form == model.Optional {
			g.If(jen.Add(value).Op("!=").Nil().Op("&&").Add(e.outside(f.Value, c, jen.Op("*").Add(value)))).Block(reject)
		} else {
			g.If(e.outside(f.Value, c, value.Clone())).Block(reject)
		}
	}
	if f.Inside {
		(&function{emitter: e}).inside(g, f.Type, value, jen.Id(e.At), f.JSON, 0)
	}
}

// through compares the embedded pointers that lead to a field with nil.
func (e *emitter) through(f model.BodyField, op, join string) *jen.Statement {
	s := jen.Null()
	for i, pointer := range f.Through {
		if i > 0 {
			s.Op(join)
		}
		s.Id(e.V).Dot(pointer).Op(op).Nil()
	}
	return s
}

// isZero is the question whether a value may be missing in the JSON that it was
// decoded from; nil where only the JSON can tell.
func (e *emitter) isZero(value *jen.Statement, t types.Type) jen.Code {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return jen.Add(value).Op("==").Lit("")
		case u.Info()&types.IsBoolean != 0:
			return jen.Op("!").Add(value)
		}
		return jen.Add(value).Op("==").Lit(0)
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface:
		return jen.Add(value).Op("==").Nil()
	}
	if !types.Comparable(t) {
		return nil
	}
	return jen.Add(value).Op("==").Parens(jen.Add(e.typ(t)).Values())
}

// inside checks what is in a value: at the place name in what is around it, or
// at that place itself where name is "".
func (f *function) inside(g *jen.Group, t types.Type, value *jen.Statement, at *jen.Statement, name string, depth int) {
	place := at
	if name != "" {
		place = jen.Add(at).Dot("Field").Call(jen.Lit(name))
	}
	if check := f.pkg.CheckOf(t); check != nil {
		g.Id(f.Checks[check]).Call(f.x(), place, jen.Op("&").Add(value))
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		g.If(jen.Add(value).Op("!=").Nil()).BlockFunc(func(g *jen.Group) {
			if check := f.pkg.CheckOf(u.Elem()); check != nil {
				g.Id(f.Checks[check]).Call(f.x(), place, value)
			} else {
				f.inside(g, u.Elem(), jen.Parens(jen.Op("*").Add(value)), at, name, depth)
			}
		})
	case *types.Slice:
		f.each(g, u.Elem(), value, at, name, depth)
	case *types.Array:
		f.each(g, u.Elem(), value, at, name, depth)
	case *types.Map:
		key, item := jen.Id(f.loop("key", depth)), jen.Id(f.loop("item", depth))
		g.For(jen.List(key, item).Op(":=").Range().Add(f.ad("Sorted").Call(value))).BlockFunc(func(g *jen.Group) {
			name := jen.Add(key)
			if !types.Identical(u.Key(), types.Typ[types.String]) {
				name = jen.String().Call(key)
			}
			f.inside(g, u.Elem(), item, jen.Add(place).Dot("Field").Call(name), "", depth+1)
		})
	}
}

// each checks the items of a list.
func (f *function) each(g *jen.Group, elem types.Type, value *jen.Statement, at *jen.Statement, name string, depth int) {
	i := jen.Id(f.loop("i", depth))
	g.For(jen.Add(i).Op(":=").Range().Add(value)).BlockFunc(func(g *jen.Group) {
		f.inside(g, elem, jen.Add(value).Index(i), jen.Add(at).Dot("Item").Call(jen.Lit(name), i), "", depth+1)
	})
}

// loop is the name of a variable of a loop within loops.
func (e *emitter) loop(name string, depth int) string {
	if name == "i" && depth < 8 {
		return "ijklmnop"[depth : depth+1]
	}
	return name + strings.Repeat("s", depth)
}
