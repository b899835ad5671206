package emit

import (
	"go/types"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/dave/jennifer/jen"
)

// A bodyWalk writes what is done for one concern with what was decoded, at any depth.
type bodyWalk struct {
	*emitter
	concern  model.Concern
	name     func(b *model.BodyType) string // of the function of a type of its own
	does     string                         // what that does, in its comment
	doesMore string
	params   []jen.Code // beside the value
	results  jen.Code
	end      func(g *jen.Group, t types.Type) // of a function for a T, nil: it just ends

	call  func(g *jen.Group, b *model.BodyType, s spot)    // that function
	field func(g *jen.Group, f model.BodyField, s spot)    // does what has to be done for a field itself; nil: nothing
	limit func(g *jen.Group, l *model.LimitedType, s spot) // does so for a value with limits of its own
	ask   func(g *jen.Group, t types.Type, s spot)         // does so for any value, when all in it is done
}

// A spot is where something in a body is.
type spot struct {
	code    *jen.Statement // of the value
	pointer bool           // or of a pointer to it
	path    []jen.Code     // from the value that the function is about
	depth   int            // of loops around it
	notNil  *jen.Statement // what has to hold first; nil: nothing
}

func (s spot) address() *jen.Statement {
	if s.pointer {
		return s.code.Clone()
	}
	return jen.Op("&").Add(s.code.Clone())
}

func (s spot) value() *jen.Statement {
	if s.pointer {
		return jen.Parens(jen.Op("*").Add(s.code.Clone()))
	}
	return s.code.Clone()
}

// in is the spot of something in s.
func (s spot) in(code *jen.Statement, step ...jen.Code) spot {
	return spot{code: code, path: append(s.path[:len(s.path):len(s.path)], step...), depth: s.depth}
}

// function writes the function for a type, after func and its name.
func (w *bodyWalk) function(head *jen.Statement, t types.Type) *jen.Statement {
	return head.Params(append([]jen.Code{jen.Id(w.V).Op("*").Add(w.typ(t))}, w.params...)...).Add(w.results).BlockFunc(func(g *jen.Group) {
		w.inside(g, t, spot{code: jen.Id(w.V), pointer: true})
		if w.end != nil {
			w.end(g, t)
		}
	})
}

// at does what has to be done for the value of type t at a spot.
func (w *bodyWalk) at(g *jen.Group, t types.Type, s spot) {
	if !w.pkg.Concerns(t, w.concern) {
		return
	}
	if b := w.pkg.BodyTypeOf(t); b != nil && b.Own && w.pkg.ConcernsInside(t, w.concern) {
		w.call(g, b, s)
		return
	}
	if limited := w.pkg.LimitedOf(t); limited != nil && w.limit != nil {
		w.limit(g, limited, s)
		if !w.pkg.ConcernsInside(t, w.concern) {
			return
		}
	}
	if s.notNil != nil {
		notNil := s.notNil
		s.notNil = nil
		g.If(notNil).BlockFunc(func(g *jen.Group) { w.at(g, t, s) })
		return
	}
	w.inside(g, t, s)
	if w.ask != nil && model.ValidationOf(t) != model.Never && !gotype.IsPointer(t) {
		w.ask(g, t, s)
	}
}

// inside does so for what is in a value.
func (w *bodyWalk) inside(g *jen.Group, t types.Type, s spot) {
	if !w.pkg.ConcernsInside(t, w.concern) {
		return
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		target := s.in(s.value())
		target.pointer, target.notNil = true, s.value().Op("!=").Nil()
		w.at(g, p.Elem(), target)
		return
	}
	if elem := gotype.OptElem(t); elem != nil {
		value := s.in(s.code.Clone().Dot("Value"))
		value.notNil = s.code.Clone().Dot("Present")
		w.at(g, elem, value)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		w.fields(g, w.pkg.BodyTypeOf(t), s)
	case *types.Array:
		w.each(g, u.Elem(), s)
	case *types.Slice:
		w.each(g, u.Elem(), s)
	case *types.Map:
		w.members(g, u, s)
	}
}

// fields does so for the fields of a struct.
func (w *bodyWalk) fields(g *jen.Group, b *model.BodyType, s spot) {
	for _, f := range b.Fields {
		if f.Go == "" {
			continue
		}
		if w.field != nil {
			w.field(g, f, s)
		}
		if !w.pkg.Concerns(f.Type, w.concern) {
			continue
		}
		value := s.in(s.code.Clone().Dot(f.Go), jen.Lit(f.JSON))
		if len(f.Through) > 0 {
			g.If(through(f, s, "!=", "&&")).BlockFunc(func(g *jen.Group) { w.at(g, f.Type, value) })
		} else {
			w.at(g, f.Type, value)
		}
	}
	if w.ask == nil {
		return
	}
	for _, f := range b.Embedded {
		embedded := s.in(s.code.Clone().Dot(f.Go))
		if p, ok := types.Unalias(f.Type).(*types.Pointer); ok {
			embedded.pointer = true
			g.If(embedded.code.Clone().Op("!=").Nil()).BlockFunc(func(g *jen.Group) { w.ask(g, p.Elem(), embedded) })
		} else {
			w.ask(g, f.Type, embedded)
		}
	}
}

// through compares the embedded pointers that lead to a field with nil.
func through(f model.BodyField, s spot, op, join string) *jen.Statement {
	list := make([]*jen.Statement, len(f.Through))
	for i, pointer := range f.Through {
		list[i] = s.code.Clone().Dot(pointer).Op(op).Nil()
	}
	return joined(join, list)
}

// joined is conditions with an operator between them.
func joined(op string, list []*jen.Statement) *jen.Statement {
	out := jen.Null()
	for i, one := range list {
		if i > 0 {
			out.Op(op)
		}
		out.Add(one)
	}
	return out
}

// each does so for the items of a list.
func (w *bodyWalk) each(g *jen.Group, elem types.Type, s spot) {
	if !w.pkg.Concerns(elem, w.concern) {
		return
	}
	i := jen.Id(w.loop("i", s.depth))
	list := s.value()
	g.For(i.Clone().Op(":=").Range().Add(list)).BlockFunc(func(g *jen.Group) {
		item := s.in(list.Clone().Index(i.Clone()), i.Clone())
		item.depth++
		w.at(g, elem, item)
	})
}

// members does so for those of a map.
func (w *bodyWalk) members(g *jen.Group, m *types.Map, s spot) {
	if !w.pkg.Concerns(m.Elem(), w.concern) {
		return
	}
	item := jen.Id(w.loop("item", s.depth))
	values, key, step := s.value(), jen.Id("_"), jen.Code(jen.Null())
	if w.concern == model.ForValidity { // the errors are in the order of keys
		key = jen.Id(w.loop("key", s.depth))
		step = key.Clone()
		if basic, ok := m.Key().(*types.Basic); !ok || basic.Kind() != types.String {
			step = w.std("fmt", "Sprint").Call(key.Clone())
		}
		values = w.jb("Sorted").Call(values)
	}
	g.For(jen.List(key, item.Clone()).Op(":=").Range().Add(values)).BlockFunc(func(g *jen.Group) {
		member := s.in(item.Clone(), step)
		member.depth++
		w.at(g, m.Elem(), member)
	})
}

// loop is the name of a variable of a loop within loops.
func (e *emitter) loop(name string, depth int) string {
	if name == "i" && depth < 8 {
		return "ijklmnop"[depth : depth+1]
	}
	return name + strings.Repeat("s", depth)
}

// isZero is the question whether a value may be missing in the JSON that it was
// decoded from, or whether it cannot.
func (e *emitter) isZero(value *jen.Statement, t types.Type, is bool) *jen.Statement {
	op, not := "==", ""
	if !is {
		op, not = "!=", "!"
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return value.Op(op).Lit("")
		case u.Info()&types.IsBoolean != 0 && is:
			return jen.Op("!").Add(value)
		case u.Info()&types.IsBoolean != 0:
			return value
		}
		return value.Op(op).Lit(0)
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface:
		return value.Op(op).Nil()
	}
	if !types.Comparable(t) || e.isHidden(t) {
		return jen.Op(not).Add(e.jb("IsZero")).Call(jen.Op("&").Add(value))
	}
	return value.Op(op).Parens(jen.Add(e.typ(t)).Values())
}

// isHidden reports whether generated code cannot write t.
func (e *emitter) isHidden(t types.Type) bool { return gotype.Hidden(t, e.pkg.Path) != nil }
