package resolve

import (
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/scan"
)

// A Unit is a call of a provider in a handler, with everything that this call
// alone needs: what an override of the provider takes the place of.
type Unit struct {
	Call   *Call
	Method *Method
	Subs   []*Unit // calls that only this one needs, in their order
	Inputs []Value // what others need too: Bound or Provided, and named in the adapter
	Vars   []string
	When   Condition // nil: always

	inline []bool // by the index of an argument: it is bound, or made, in the unit
}

// A Condition says in which cases something is needed: where, in one of its
// lists, no override is given. A nil one is always true.
type Condition [][]*Override

// An Override is a field of the struct Overrides.
type Override struct {
	Field    string
	Provider *scan.Func
	Type     types.Type // of the value; nil: it is a guard that makes none
}

// arrange turns the calls of the handler's stages into units.
func (g *graph) arrange(h *Handler) {
	a := &arrangement{graph: g, uses: g.usesOf(h), inlined: map[any]bool{}, within: map[*Call]Condition{}}
	for i := range h.Stages {
		s := &h.Stages[i]
		for list := s.Calls; len(list) > 0; {
			var u *Unit
			u, list = a.unit(s, list)
			s.Units = append(s.Units, u)
		}
		slices.Reverse(s.Units)
		for _, b := range s.Bindings {
			if !a.inlined[b] {
				s.Own = append(s.Own, b)
			}
		}
	}
	for _, s := range slices.Backward(h.Stages) {
		for _, u := range slices.Backward(s.Units) {
			u.When = a.when(u.Call)
			a.place(u, nil, u.When)
		}
	}
	for _, s := range h.Stages {
		for i, u := range s.Units {
			g.methodOf(u, i == 0 && selfBinding(s.Units))
		}
		for _, b := range s.Own {
			b.When = a.when(b)
		}
	}
	a.placeStructs(h)
	h.Needs = a.needs(h)
}

// selfBinding reports whether the first of the units of a guard can bind what it
// needs by itself: no other one binds anything after it was called.
func selfBinding(units []*Unit) bool {
	if !units[len(units)-1].Call.Guard {
		return false
	}
	return !slices.ContainsFunc(units[1:], binds)
}

// binds reports whether a unit binds something of its own.
func binds(u *Unit) bool {
	for i, v := range u.Call.Args {
		if u.inline[i] && v.Kind != Provided {
			return true
		}
	}
	return slices.ContainsFunc(u.Subs, binds)
}

// placeStructs finds the stage in which a struct that says if it is valid is
// complete, unless it is bound within a unit.
func (a *arrangement) placeStructs(h *Handler) {
	users := map[*Struct][]*Call{}
	place := func(v Value, by *Call) {
		if v.Struct == nil || v.Struct.Validate == Never {
			return
		}
		users[v.Struct] = append(users[v.Struct], by)
		v.Struct.When = a.any(users[v.Struct])
		if len(users[v.Struct]) > 1 {
			return // it has its place
		}
		for i := range slices.Backward(h.Stages) {
			s := &h.Stages[i]
			if slices.ContainsFunc(v.Bindings(), func(b *Binding) bool { return slices.Contains(s.Own, b) }) {
				s.Structs = append(s.Structs, v.Struct)
				return
			}
		}
	}
	for _, v := range h.Args {
		place(v, nil)
	}
	var visit func(u *Unit)
	visit = func(u *Unit) {
		for i, v := range u.Call.Args {
			if !u.inline[i] {
				place(v, u.Call)
			}
		}
		for _, sub := range u.Subs {
			visit(sub)
		}
	}
	for _, s := range h.Stages {
		for _, u := range s.Units {
			visit(u)
		}
	}
}

// An arrangement is the state of arrange.
type arrangement struct {
	*graph
	uses    map[any][]*Call // by *Binding or *Call: once for each parameter it fills
	inlined map[any]bool
	within  map[*Call]Condition // when the call is made
}

// usesOf is who needs what in h: calls, and nil for the handler itself.
func (g *graph) usesOf(h *Handler) map[any][]*Call {
	uses := map[any][]*Call{}
	var record func(by *Call, v Value)
	record = func(by *Call, v Value) {
		switch v.Kind {
		case Bound:
			uses[v.Binding] = append(uses[v.Binding], by)
		case Provided:
			uses[v.Call] = append(uses[v.Call], by)
		case Built:
			for _, f := range v.Struct.Fields {
				record(by, f.Value)
			}
		}
	}
	for _, v := range h.Args {
		record(nil, v)
	}
	for _, c := range h.Calls() {
		for _, v := range c.Args {
			record(c, v)
		}
		for _, f := range g.guardedFor[c] {
			if f == nil {
				uses[c] = append(uses[c], nil)
			}
			for _, other := range h.Calls() {
				if other.Provider == f {
					uses[c] = append(uses[c], other)
				}
			}
		}
	}
	return uses
}

// unit makes a unit of the last call of the list, and of those right before it
// that only it needs. The order of all calls stays as it is.
func (a *arrangement) unit(s *Stage, list []*Call) (*Unit, []*Call) {
	u := &Unit{Call: list[len(list)-1]}
	list = list[:len(list)-1]
	for len(list) > 0 && !list[len(list)-1].Guard && slices.Equal(a.uses[list[len(list)-1]], []*Call{u.Call}) {
		var sub *Unit
		sub, list = a.unit(s, list)
		a.inlined[sub.Call] = true
		u.Subs = append(u.Subs, sub)
	}
	slices.Reverse(u.Subs)
	u.inline = make([]bool, len(u.Call.Args))
	for i, v := range u.Call.Args {
		u.inline[i] = v.Kind != Provided && a.only(s, u.Call, v) || v.Kind == Provided && a.inlined[v.Call]
		if u.inline[i] {
			each(v, func(b *Binding) { a.inlined[b] = true })
		} else {
			u.addInputs(v)
		}
	}
	for _, sub := range u.Subs {
		for _, v := range sub.Inputs {
			u.addInputs(v)
		}
	}
	return u, list
}

// only reports whether v is bound from the request in this stage, for c alone.
func (a *arrangement) only(s *Stage, c *Call, v Value) bool {
	found, only := false, true
	each(v, func(b *Binding) {
		found = true
		only = only && slices.Equal(a.uses[b], []*Call{c}) && slices.Contains(s.Bindings, b)
	})
	return found && only
}

// Bindings are those of a value.
func (v Value) Bindings() (list []*Binding) {
	each(v, func(b *Binding) { list = append(list, b) })
	return list
}

// each calls f for all bindings of a value.
func each(v Value, f func(*Binding)) {
	switch v.Kind {
	case Bound:
		f(v.Binding)
	case Built:
		for _, field := range v.Struct.Fields {
			each(field.Value, f)
		}
	}
}

// addInputs adds what v takes from the adapter, each once.
func (u *Unit) addInputs(v Value) {
	add := func(v Value) {
		if !slices.ContainsFunc(u.Inputs, func(other Value) bool { return other.key() == v.key() }) {
			u.Inputs = append(u.Inputs, v)
		}
	}
	if v.Kind == Provided && !slices.ContainsFunc(u.Subs, func(sub *Unit) bool { return sub.Call == v.Call }) {
		add(v)
	}
	if v.Kind == Built && v.Struct.Validate != Never {
		add(v)
		return
	}
	each(v, func(b *Binding) { add(Value{Kind: Bound, Binding: b}) })
}

// place notes when the calls within u are made.
func (a *arrangement) place(u *Unit, above []*Override, when Condition) {
	above = append(slices.Clone(above), a.override(u.Call.Provider))
	inner := Condition{above}
	if when != nil {
		inner = nil
		for _, list := range when {
			inner = append(inner, append(slices.Clone(list), above...))
		}
	}
	a.within[u.Call] = inner
	for _, sub := range u.Subs {
		a.place(sub, above, when)
	}
}

// when is the condition under which somebody needs a binding or a call.
func (a *arrangement) when(key any) Condition { return a.any(a.uses[key]) }

// any is the condition under which one of the calls is made.
func (a *arrangement) any(calls []*Call) (all Condition) {
	for _, by := range calls {
		if by == nil {
			return nil
		}
		for _, list := range a.within[by] {
			all = all.or(list)
		}
	}
	return all
}

// or adds a list, unless a shorter one says as much.
func (c Condition) or(list []*Override) Condition {
	within := func(short, long []*Override) bool {
		return !slices.ContainsFunc(short, func(o *Override) bool { return !slices.Contains(long, o) })
	}
	if slices.ContainsFunc(c, func(known []*Override) bool { return within(known, list) }) {
		return c
	}
	return append(slices.DeleteFunc(c, func(known []*Override) bool { return within(list, known) }), list)
}

// A Need is a field of the app struct that must not be nil.
type Need struct {
	Field string
	When  Condition // nil: always
}

// needs lists the fields that would panic in a request if they were nil.
func (a *arrangement) needs(h *Handler) (list []Need) {
	users := map[string][]*Call{}
	var order []string
	note := func(by *Call, f *scan.Func, args []Value) {
		for _, name := range a.neededBy(f, args) {
			if users[name] == nil {
				order = append(order, name)
			}
			users[name] = append(users[name], by)
		}
	}
	for _, c := range h.Calls() {
		note(c, c.Provider, c.Args)
	}
	note(nil, h.Func, h.Args)
	for _, name := range order {
		list = append(list, Need{name, a.any(users[name])})
	}
	return list
}

// Type is the type of a value that a method is given or binds; nil for one that
// needs neither.
func (v Value) Type() types.Type {
	switch v.Kind {
	case Provided:
		return v.Call.Type
	case Built:
		if v.Struct.Pointer {
			return types.NewPointer(v.Struct.Type)
		}
		return v.Struct.Type
	case Bound:
		switch v.Binding.Form {
		case Optional, OptionalJSON:
			return types.NewPointer(v.Binding.Type)
		case Repeated, Files:
			return types.NewSlice(v.Binding.Type)
		}
		return v.Binding.Type
	}
	return nil
}
