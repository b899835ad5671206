package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/scan"
)

// nameVars names the variables of an adapter as its parameters are named.
func nameVars(n *names, h *Handler) {
	nameArgs(n, h.Func, h.Args)
	for _, stage := range h.Stages {
		for _, u := range stage.Units {
			nameInputs(n, u)
			if u.Binds() {
				for _, v := range u.Method.Results {
					u.Vars = append(u.Vars, n.take(v.Name, "Param"))
				}
			}
		}
	}
	for _, call := range h.Calls() {
		if call.Var == "" {
			call.Var = "_"
		}
	}
	if h.Result.Kind > NoContent {
		h.Result.Var = n.take(typeName(h.Func.Results[0], "result"), "Result")
	}
}

// nameInputs names what a unit takes from the adapter.
func nameInputs(n *names, u *Unit) {
	for i, v := range u.Call.Args {
		if !u.inline[i] {
			nameArg(n, u.Call.Provider.Params[i], v)
		}
	}
	for _, sub := range u.Subs {
		nameInputs(n, sub)
	}
}

// nameOverrides names the fields and the methods of Overrides.
func nameOverrides(pkg *Package) {
	n := newNames(nil).reserve("Option")
	pkg.Overrides = nil
	for _, m := range pkg.Methods { // in their order
		if o := m.Override; !slices.Contains(pkg.Overrides, o) {
			pkg.Overrides = append(pkg.Overrides, o)
		}
	}
	nameFieldsOf(n, pkg.Overrides)
	for _, m := range pkg.Methods {
		m.Name = n.take(lowerFirst(m.Override.Field), "With")
		if len(m.Results) > 0 && !m.Self {
			m.Bind = n.take("bind"+m.Override.Field, "With")
		}
	}
}

// nameFieldsOf names the fields of Overrides: as the providers are named, and
// where two have one name after their packages. It does not depend on which is
// needed first.
func nameFieldsOf(n *names, list []*Override) {
	shared := map[string]int{}
	for _, o := range list {
		shared[upperFirst(baseName(o.Provider))]++
	}
	named := func(o *Override) string {
		name := upperFirst(baseName(o.Provider))
		if shared[name] > 1 && o.Provider.Qualifier != "" {
			name = upperFirst(o.Provider.Qualifier) + name
		}
		return name
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b *Override) int { // NewThing is named before newThing
		return strings.Compare(a.Provider.Pkg.Path()+"."+a.Provider.FullName(), b.Provider.Pkg.Path()+"."+b.Provider.FullName())
	})
	for _, o := range sorted {
		o.Field = n.take(named(o), "Provider")
	}
}

// nameMethodVars names the variables of both methods for a provider.
func nameMethodVars(n *names, m *Method) {
	m.Scope = Scope{}
	call := m.Call
	for i := range m.Results {
		v := &m.Results[i]
		if v.Name == "" || v.Name == "_" {
			v.Name = typeName(v.Type, "value")
		}
		v.Name = n.take(v.Name, "Param")
		switch {
		case v.Sub >= 0:
		case v.Of.Struct != nil:
			m.Scope[v.Of.Struct] = v.Name
			m.nameFields(n, v.Of.Struct)
		default:
			m.Scope[v.Of.Binding] = v.Name
		}
	}
	for i := range m.Params {
		v := &m.Params[i]
		v.Name = n.take(m.Unit.inputName(v.Of), "Value")
		m.Scope[v.Of.key()] = v.Name
	}
	for _, sub := range m.Subs {
		for i, v := range call.Args {
			if v.Call == sub.Call {
				m.Scope[sub.Call] = n.take(nameOf(call.Provider.Params[i]), "Value")
			}
		}
	}
	if call.Cleanup != 0 {
		m.Scope[call] = n.take(typeName(call.Type, "value"), "Value")
		m.Clean = nameCleanup(n, call, m.Scope[call])
	}
}

// nameFields names what is bound for the fields of a parameter struct.
func (m *Method) nameFields(n *names, s *Struct) {
	for _, f := range s.Fields {
		switch {
		case f.Value.Struct != nil:
			m.nameFields(n, f.Value.Struct)
		case f.Value.Binding != nil && m.Scope[f.Value.Binding] == "":
			m.Scope[f.Value.Binding] = n.take(lowerFirst(f.Name), "Field")
		}
	}
}

// key is what a scope has the name of v under.
func (v Value) key() any {
	switch {
	case v.Call != nil:
		return v.Call
	case v.Struct != nil:
		return v.Struct
	}
	return v.Binding
}

// inputName is the name of the parameter that a value is taken for.
func (u *Unit) inputName(input Value) string {
	for i, v := range u.Call.Args {
		name := ""
		if v.key() == input.key() {
			name = nameOf(u.Call.Provider.Params[i])
		} else if v.Struct != nil {
			name = v.Struct.fieldOf(input.Binding)
		}
		if name != "" {
			return name
		}
	}
	for _, sub := range u.Subs {
		if name := sub.inputName(input); name != "" {
			return name
		}
	}
	return ""
}

// fieldOf is the name of the field that a binding fills, "" if none.
func (s *Struct) fieldOf(b *Binding) string {
	for _, f := range s.Fields {
		if f.Value.Struct != nil {
			if name := f.Value.Struct.fieldOf(b); name != "" {
				return name
			}
		} else if f.Value.Binding == b {
			return lowerFirst(f.Name)
		}
	}
	return ""
}

// nameOf is the name of a parameter, or one after its type.
func nameOf(p scan.Param) string {
	if hasName(p) {
		return p.Name
	}
	return typeName(p.Type, "value")
}

// nameCleanup names what a provider returns to be called later, beside a value
// that is called what.
func nameCleanup(n *names, c *Call, what string) string {
	if c.Cleanup == Settle {
		return n.take("settle", upperFirst(what))
	}
	return n.take("release", upperFirst(what))
}

// nameTaskVars names the variables of the function that runs a task.
func nameTaskVars(n *names, t *Task) {
	nameArgs(n, t.Func, t.Args)
	for _, call := range t.Calls {
		nameArgs(n, call.Provider, call.Args)
	}
	for _, call := range t.Calls {
		what := call.Var
		if call.Type != nil && what == "" { // of a guard: nobody takes it
			call.Var, what = "_", typeName(call.Type, "value")
		}
		if call.Cleanup != 0 {
			call.Clean = nameCleanup(n, call, what)
		}
	}
}

// nameArgs names the values that f is called with, if they have no name yet.
func nameArgs(n *names, f *scan.Func, args []Value) {
	for i, v := range args {
		nameArg(n, f.Params[i], v)
	}
}

func nameArg(n *names, p scan.Param, v Value) {
	switch {
	case v.Struct != nil:
		nameFields(n, v.Struct)
		if v.Struct.Validate != Never && v.Struct.Var == "" {
			v.Struct.Var = n.take(nameOf(p), "Param")
		}
	case v.Binding != nil && v.Binding.Var == "":
		v.Binding.Var = n.take(nameOf(p), "Param")
	case v.Call != nil && v.Call.Var == "" && v.Call.Type != nil:
		v.Call.Var = n.take(nameOf(p), "Value")
	}
}

func nameFields(n *names, s *Struct) {
	for _, f := range s.Fields {
		switch {
		case f.Value.Struct != nil:
			nameFields(n, f.Value.Struct)
		case f.Value.Binding != nil && f.Value.Binding.Var == "":
			f.Value.Binding.Var = n.take(lowerFirst(f.Name), "Field")
		}
	}
}

// typeName is the name of a type as that of a variable: order for Order.
func typeName(t types.Type, otherwise string) string {
	if body := responseBody(t); body != nil {
		return "response"
	}
	if named, ok := underPointers(t).(*types.Named); ok {
		if name := lowerFirst(named.Obj().Name()); name != named.Obj().Name() {
			return name
		}
	}
	return otherwise
}
