package emit

import (
	"fmt"
	"go/types"

	"github.com/bggen/bggen/generator/internal/resolve"
	"github.com/dave/jennifer/jen"
)

// overrides emits the struct that replaces providers.
func (e *emitter) overrides() {
	e.comment("Overrides is an option that replaces providers, in tests: each field takes",
		"the place of the provider of that name, and of all that only this one needs.")
	e.Type().Id("Overrides").StructFunc(func(g *jen.Group) {
		g.Add(rt("Option"))
		for _, o := range e.pkg.Overrides {
			g.Id(o.Field).Func().Params(jen.Op("*").Qual("net/http", "Request")).Add(results(o.Type))
		}
	})
}

// methods are those of Overrides. Where two come out alike, one serves both.
func (e *emitter) methods() (list []jen.Code) {
	names := map[string]string{} // by what they are
	once := func(name string, code jen.Code) string {
		text := fmt.Sprintf("%#v", jen.Func().Id("m").Add(code))
		if known, ok := names[text]; ok {
			return known
		}
		names[text] = name
		list = append(list, jen.Func().Params(jen.Id(e.O).Op("*").Id("Overrides")).Id(name).Add(code))
		return name
	}
	for _, m := range e.pkg.Methods {
		w := &method{*e, m}
		w.scope = m.Scope
		if m.Bind != "" {
			m.Bind = once(m.Bind, w.binder())
		}
		m.Name = once(m.Name, w.caller())
	}
	return list
}

// results are those of a provider as an override has them.
func results(t types.Type) jen.Code {
	if t == nil {
		return jen.Error()
	}
	return jen.Params(typeCode(t), jen.Error())
}

// A method emits the methods of Overrides for one provider.
type method struct {
	emitter
	*resolve.Method
}

func (m *method) exchange() jen.Code { return jen.Id(m.X).Op("*").Add(ad("Exchange")) }

func (m *method) field() *jen.Statement { return jen.Id(m.O).Dot(m.Override.Field) }

// binder is the method that binds what only the provider needs.
func (m *method) binder() jen.Code {
	var named []jen.Code
	for _, v := range m.Results {
		named = append(named, jen.Id(v.Name).Add(typeCode(v.Type)))
	}
	return jen.Params(m.exchange()).Params(named...).BlockFunc(func(g *jen.Group) {
		g.If(m.field().Op("==").Nil()).BlockFunc(func(g *jen.Group) { m.bindAll(g, "=") })
		g.Return(jen.ListFunc(func(g *jen.Group) {
			for _, v := range m.Results {
				g.Id(v.Name)
			}
		}))
	})
}

// bindAll binds the arguments of the provider, and what is bound for those that
// it is made of.
func (m *method) bindAll(g *jen.Group, assign string) {
	for _, v := range m.Results {
		if v.Sub < 0 {
			m.bindOne(g, v, assign)
		}
	}
	for i, sub := range m.Subs {
		if !sub.Binds() {
			continue
		}
		var vars []jen.Code
		for _, v := range m.Results {
			if v.Sub == i {
				vars = append(vars, jen.Id(v.Name))
			}
		}
		g.List(vars...).Op(assign).Id(m.O).Dot(sub.Method.Bind).Call(jen.Id(m.X))
	}
}

// bindOne binds one argument: a value, or the fields of a struct.
func (m *method) bindOne(g *jen.Group, v resolve.Variable, assign string) {
	if v.Of.Struct == nil {
		m.bound(g, v.Of.Binding, assign)
		return
	}
	seen := map[*resolve.Binding]bool{}
	for _, b := range v.Of.Bindings() {
		if !seen[b] {
			seen[b] = true
			m.bound(g, b, ":=")
		}
	}
	g.Id(v.Name).Op(assign).Add(m.built(v.Of.Struct))
	m.validateStruct(g, v.Of.Struct, v.Name)
}

// caller is the method that calls the provider, or what is in its place.
func (m *method) caller() jen.Code {
	params := []jen.Code{m.exchange()}
	if m.takesApp(m.Unit) {
		params = append(params, m.params()[1])
	}
	if m.Bind != "" {
		for _, v := range m.Results {
			params = append(params, jen.Id(v.Name).Add(typeCode(v.Type)))
		}
	}
	for _, v := range m.Params {
		params = append(params, jen.Id(v.Name).Add(typeCode(v.Type)))
	}
	return jen.Params(params...).Add(results(m.Call.Type)).BlockFunc(func(g *jen.Group) {
		g.If(m.field().Op("!=").Nil()).Block(jen.Return(m.field().Call(jen.Id(m.X).Dot("Request").Call())))
		if m.Self {
			m.bindAll(g, ":=")
			g.If(jen.Id(m.Err).Op(":=").Id(m.X).Dot("Bound").Call(), jen.Id(m.Err).Op("!=").Nil()).Block(m.failed())
		}
		for i, sub := range m.Subs {
			m.unit(g, sub, func() (vars []jen.Code) {
				for _, v := range m.Results {
					if v.Sub == i {
						vars = append(vars, jen.Id(v.Name))
					}
				}
				return vars
			}(), m.failed())
		}
		m.provider(g)
	})
}

// provider calls the provider itself, and returns what it does.
func (m *method) provider(g *jen.Group) {
	c := m.Call
	call := m.call(c.Provider, m.handlerArgs(c.Args))
	switch {
	case c.Cleanup == 0 && (c.HasError || c.Type == nil):
		g.Return(call)
		return
	case c.Cleanup == 0:
		g.Return(call, jen.Nil())
		return
	}
	vars := []jen.Code{jen.Id(m.Scope[c]), jen.Id(m.Clean)}
	if c.HasError {
		vars = append(vars, jen.Id(m.Err))
	}
	g.List(vars...).Op(":=").Add(call)
	if c.HasError {
		g.If(jen.Id(m.Err).Op("!=").Nil()).Block(m.failed())
	}
	g.Id(m.X).Dot(cleanupMethods[c.Cleanup]).Call(jen.Id(m.Clean))
	g.Return(jen.Id(m.Scope[c]), jen.Nil())
}

// failed returns the error, and no value.
func (m *method) failed() jen.Code {
	if m.Call.Type == nil {
		return jen.Return(jen.Id(m.Err))
	}
	return jen.Return(zero(m.Call.Type), jen.Id(m.Err))
}

// zero is the zero value of t, as one writes it.
func zero(t types.Type) jen.Code {
	switch under := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case under.Info()&types.IsString != 0:
			return jen.Lit("")
		case under.Info()&types.IsNumeric != 0:
			return jen.Lit(0)
		case under.Info()&types.IsBoolean != 0:
			return jen.False()
		}
	case *types.Struct, *types.Array:
		return jen.Add(typeCode(t)).Values()
	}
	return jen.Nil()
}

// unit calls the method for a provider.
func (e *emitter) unit(g *jen.Group, u *resolve.Unit, bound []jen.Code, failed jen.Code) {
	call := e.unitCall(u, bound)
	name := e.name(u.Call, u.Call.Var)
	switch {
	case u.Call.Type == nil:
		g.If(jen.Id(e.Err).Op(":=").Add(call), jen.Id(e.Err).Op("!=").Nil()).Block(failed)
	case name == "_":
		g.If(jen.List(jen.Id("_"), jen.Id(e.Err)).Op(":=").Add(call), jen.Id(e.Err).Op("!=").Nil()).Block(failed)
	default:
		g.List(jen.Id(name), jen.Id(e.Err)).Op(":=").Add(call)
		g.If(jen.Id(e.Err).Op("!=").Nil()).Block(failed)
	}
}

func (e *emitter) unitCall(u *resolve.Unit, bound []jen.Code) jen.Code {
	args := []jen.Code{jen.Id(e.X)}
	if e.takesApp(u) {
		args = append(args, jen.Id(e.App))
	}
	args = append(args, bound...)
	for _, v := range u.Inputs {
		args = append(args, e.handlerArg(v))
	}
	return jen.Id(e.receiver()).Dot(u.Method.Name).Call(args...)
}

// takesApp reports whether a unit refers to the app value.
func (e *emitter) takesApp(u *resolve.Unit) bool {
	if u.Call.Provider.Receiver != nil {
		return true
	}
	for _, v := range u.Call.Args {
		if v.Kind == resolve.App || v.Kind == resolve.AppField {
			return true
		}
	}
	for _, sub := range u.Subs {
		if e.takesApp(sub) {
			return true
		}
	}
	return false
}

// condition is the condition under which something is needed.
func (e *emitter) condition(when resolve.Condition) *jen.Statement {
	var all *jen.Statement
	for _, list := range when {
		var one *jen.Statement
		for _, o := range list {
			is := jen.Id(e.Override).Dot(o.Field).Op("==").Nil()
			if one == nil {
				one = is
			} else {
				one = one.Op("&&").Add(is)
			}
		}
		if all == nil {
			all = one
		} else {
			all = all.Op("||").Add(one)
		}
	}
	return all
}
