package emit

import (
	"slices"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/plan"
	"github.com/dave/jennifer/jen"
)

// provide declares p, a struct of providers: for a request, or where the program
// starts.
func (e *emitter) provide(h *plan.Handler, request bool) jen.Code {
	return jen.Id(e.P).Op(":=").Id(e.Providers).ValuesFunc(func(g *jen.Group) {
		if request {
			g.Id("x").Op(":").Id(e.X)
		}
		if e.pkg.App != nil {
			g.Id("app").Op(":").Id(e.App)
		}
		for _, replaced := range h.Replaced {
			g.Id(e.Overrides[replaced]).Op(":").Id(e.Overrides[replaced])
		}
	})
}

// providers emits the struct of providers, and its methods.
func (e *emitter) providers() {
	e.comment(e.Providers+" makes what the handlers of package "+e.pkg.Name+" need, for one request. For",
		"each provider it has a method that calls it, or what replaces it, and where",
		"there is something to do: one that binds what it takes from the request, one",
		"that calls its guards, and one that checks what it takes from the app value.")
	e.file.Type().Id(e.Providers).StructFunc(func(g *jen.Group) {
		g.Id("x").Op("*").Add(e.ad("Exchange"))
		if e.pkg.App != nil {
			g.Id("app").Op("*").Add(e.typ(e.pkg.App))
		}
		for _, replaced := range e.pkg.Replaced {
			g.Id(e.Overrides[replaced]).Op("*").Add(e.imported(replaced, "Overrides"))
		}
		e.states(g)
	})
	for _, v := range e.pkg.Values {
		e.valueMethod(v)
	}
	for _, p := range e.pkg.Providers {
		m := &method{function{emitter: e, vars: e.Vars[p], shared: e.pkg.ValueOf, bound: map[model.Source]bool{}, method: true}, p}
		m.emit()
	}
}

// states are the fields for what providers keep during a request.
func (e *emitter) states(g *jen.Group) {
	first := true
	state := func(name string, fields []jen.Code) {
		if len(fields) == 0 {
			return
		}
		if first {
			g.Line()
		}
		first = false
		g.Id(name).Struct(fields...)
	}
	for _, v := range e.pkg.Values {
		state(e.Methods[v].State, []jen.Code{jen.Id("value").Add(e.typ(model.TypeOf(v.Source))), jen.Id("bound").Bool()})
	}
	for _, p := range e.pkg.Providers {
		var fields []jen.Code
		if p.Binder {
			for _, s := range p.Binds {
				if e.pkg.ValueOf(s) == nil {
					fields = append(fields, jen.Id(e.Vars[p].Of[s]).Add(e.typ(model.TypeOf(s))))
				}
			}
			if p.BoundTwice {
				fields = append(fields, jen.Id("bound").Bool())
			}
		}
		if p.MadeTwice {
			if p.Type != nil {
				fields = append(fields, jen.Id("value").Add(e.typ(p.Type)))
			}
			fields = append(fields, jen.Id("made").Bool())
		}
		state(e.Methods[p].State, fields)
	}
}

// methodOf begins a method of the struct of providers.
func (e *emitter) methodOf(name string) *jen.Statement {
	return e.file.Func().Params(jen.Id(e.P).Op("*").Id(e.Providers)).Id(name)
}

// valueMethod emits the method that binds a shared value, once.
func (e *emitter) valueMethod(v *plan.Value) {
	f := &function{emitter: e, vars: e.Vars[v], shared: e.pkg.ValueOf, bound: map[model.Source]bool{}, method: true}
	state := func() *jen.Statement { return jen.Id(e.P).Dot(e.Methods[v].State) }
	name := e.Vars[v].Of[v.Source]
	e.file.Line()
	e.methodOf(e.Methods[v].Bind).Params().Add(e.typ(model.TypeOf(v.Source))).BlockFunc(func(g *jen.Group) {
		g.If(state().Dot("bound")).Block(jen.Return(state().Dot("value")))
		f.variable(g, v.Source, name, true)
		g.List(state().Dot("value"), state().Dot("bound")).Op("=").List(jen.Id(name), jen.True())
		g.Return(jen.Id(name))
	})
}

// A method emits the methods for one provider.
type method struct {
	function
	p *plan.Provider
}

func (m *method) emit() {
	m.fail = m.failed()
	if m.p.Checks() {
		m.needs()
	}
	if m.p.Guarder {
		m.guards()
	}
	if m.p.Binder {
		m.binds()
	}
	m.calls()
}

// override is the field that replaces the provider.
func (m *method) override() *jen.Statement {
	return jen.Id(m.P).Dot(m.Overrides[m.p.Override.Package]).Dot(m.p.Override.Field)
}

func (m *method) state() *jen.Statement { return jen.Id(m.P).Dot(m.Methods[m.p].State) }

// failed returns the error, and no value.
func (m *method) failed() jen.Code {
	if m.p.Type == nil {
		return jen.Return(jen.Id(m.Err))
	}
	return jen.Return(m.zero(m.p.Type), jen.Id(m.Err))
}

// needs checks the fields of the app struct.
func (m *method) needs() {
	m.file.Line()
	m.methodOf(m.Methods[m.p].Need).Params(jen.Id(m.By).String()).Block(jen.If(m.override().Op("==").Nil()).BlockFunc(func(g *jen.Group) {
		for _, field := range m.p.Call.Needs {
			m.need(g, m.app(), field, jen.Id(m.By))
		}
		for _, child := range m.p.Children() {
			if child.Provider.Checks() {
				g.Id(m.P).Dot(m.Methods[child.Provider].Need).Call(jen.Id(m.By))
			}
		}
	}))
}

// guards calls what is called before anything is bound for the provider.
func (m *method) guards() {
	f := m.function
	f.fail = jen.Return(jen.Id(m.Err))
	m.file.Line()
	m.methodOf(m.Methods[m.p].Guard).Params().Error().BlockFunc(func(g *jen.Group) {
		g.If(m.override().Op("!=").Nil()).Block(jen.Return(jen.Nil()))
		last := len(m.p.Steps) - 1
		for _, step := range m.p.Steps[:last] {
			f.guard(g, step, false)
		}
		f.lastGuard(g, m.p.Steps[last])
	})
}

// lastGuard is guard for the last step of a method: it returns the error, if any.
func (f *function) lastGuard(g *jen.Group, step plan.Guard) {
	method := f.Methods[step.Provider]
	call := method.Call
	if step.Inside {
		call = method.Guard
	}
	if step.Inside || step.Call.Type == nil {
		g.Return(jen.Id(f.P).Dot(call).Call())
		return
	}
	g.List(jen.Id("_"), jen.Id(f.Err)).Op(":=").Id(f.P).Dot(call).Call()
	g.Return(jen.Id(f.Err))
}

// binds binds what the provider, and what it needs, take from the request.
func (m *method) binds() {
	m.file.Line()
	m.methodOf(m.Methods[m.p].Bind).Params().BlockFunc(func(g *jen.Group) {
		done := m.override().Op("!=").Nil()
		if m.p.BoundTwice {
			done = m.state().Dot("bound").Op("||").Add(done)
		}
		g.If(done).Block(jen.Return())
		if m.p.BoundTwice {
			g.Add(m.state().Dot("bound").Op("=").True())
		}
		for _, s := range m.p.Binds {
			m.store(g, s)
		}
		for _, need := range m.p.Needs {
			if need.Provider.HasBinds() {
				g.Id(m.P).Dot(m.Methods[need.Provider].Bind).Call()
			}
		}
	})
}

// store binds an argument, and keeps it until the call.
func (m *method) store(g *jen.Group, s model.Source) {
	if v := m.pkg.ValueOf(s); v != nil {
		g.Id(m.P).Dot(m.Methods[v].Bind).Call()
		return
	}
	field := m.state().Dot(m.vars.Of[s])
	if b, ok := s.(*model.Binding); ok && len(b.Checks)+len(b.Each)+len(b.OrList) == 0 && b.Validate == model.Never {
		g.Add(field.Op("=").Add(m.read(b)))
		return
	}
	m.local(g, s)
	if structure, ok := s.(*model.Struct); ok && structure.Validate == model.Never {
		g.Add(field.Op("=").Add(m.built(structure)))
		return
	}
	g.Add(field.Op("=").Id(m.vars.Of[s]))
}

// calls calls the provider, or what replaces it.
func (m *method) calls() {
	m.file.Line()
	m.methodOf(m.Methods[m.p].Call).Params().Add(m.results(m.p.Type)).BlockFunc(func(g *jen.Group) {
		if m.p.MadeTwice {
			g.If(m.state().Dot("made")).Block(m.made())
			g.Add(m.state().Dot("made").Op("=").True())
		}
		replaced := m.override().Call(jen.Id(m.P).Dot("x").Dot("Request").Call())
		g.If(m.override().Op("!=").Nil()).BlockFunc(func(g *jen.Group) { m.returns(g, replaced, true) })
		if m.p.BindsItself {
			m.bindsItself(g)
		}
		for _, need := range m.p.Needs {
			if !m.p.MadeByStep(need) {
				m.function.made(g, need)
			}
		}
		if m.p.Binder {
			m.stored = m.kept
		}
		m.provider(g)
	})
}

// made returns what was made before.
func (m *method) made() jen.Code {
	if m.p.Type == nil {
		return jen.Return(jen.Nil())
	}
	return jen.Return(m.state().Dot("value"), jen.Nil())
}

// bindsItself calls the guards of a guard, and binds what it takes.
func (m *method) bindsItself(g *jen.Group) {
	for _, step := range m.p.Steps {
		m.guard(g, step, slices.ContainsFunc(m.p.Needs, func(need plan.Need) bool { return need == step.Need && m.p.MadeByStep(need) }))
	}
	first := m.p.BindsFirst()
	switch {
	case m.p.Binder && m.p.HasBinds():
		g.Id(m.P).Dot(m.Methods[m.p].Bind).Call()
	default:
		for _, s := range m.p.Binds {
			m.local(g, s)
		}
		for _, need := range first {
			g.Id(m.P).Dot(m.Methods[need.Provider].Bind).Call()
		}
	}
	if tasks := m.p.TakesTasks(); tasks || len(m.p.Binds)+len(first) > 0 {
		g.Add(m.ifFailed(jen.Id(m.Err), m.checked(tasks)))
	}
}

// kept is what an argument was bound as before.
func (m *method) kept(s model.Source) *jen.Statement {
	if v := m.pkg.ValueOf(s); v != nil {
		return jen.Id(m.P).Dot(m.Methods[v].State).Dot("value")
	}
	return m.state().Dot(m.vars.Of[s])
}

// provider calls the provider itself, and returns what it does.
func (m *method) provider(g *jen.Group) {
	c := m.p.Call
	call := m.call(c.Provider, m.app(), m.values(c.Args))
	if c.Cleanup == 0 {
		m.returns(g, call, c.HasError)
		return
	}
	value := jen.Id(m.vars.Of[c])
	vars := []jen.Code{value, jen.Id(m.vars.Clean[c])}
	if c.HasError {
		vars = append(vars, jen.Id(m.Err))
	}
	g.List(vars...).Op(":=").Add(call)
	if c.HasError {
		g.If(jen.Id(m.Err).Op("!=").Nil()).Block(m.fail)
	}
	g.Id(m.P).Dot("x").Dot(cleanupMethods[c.Cleanup]).Call(jen.Id(m.vars.Clean[c]))
	m.returns(g, value, false)
}

// returns returns the value of an expression, which has an error or not, and
// keeps it if it is asked for again.
func (m *method) returns(g *jen.Group, value jen.Code, hasError bool) {
	switch {
	case m.p.Type == nil:
		g.Return(value)
	case !m.p.MadeTwice && hasError:
		g.Return(value)
	case !m.p.MadeTwice:
		g.Return(value, jen.Nil())
	case hasError:
		name, err := jen.Id(m.vars.Of[m.p.Call]), jen.Id(m.Err)
		g.List(name, err).Op(":=").Add(value)
		g.Add(m.state().Dot("value").Op("=").Add(name))
		g.Return(name, err)
	default:
		g.Add(m.state().Dot("value").Op("=").Add(value))
		g.Return(m.state().Dot("value"), jen.Nil())
	}
}
