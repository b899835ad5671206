package resolve

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/scan"
)

// override is the field for a provider, made when it is first asked for.
func (r *resolver) override(f *scan.Func) *Override {
	for _, o := range r.out.Overrides {
		if o.Provider == f {
			return o
		}
	}
	o := &Override{Provider: f}
	if len(f.Results) > 0 && !scan.IsError(f.Results[0]) {
		o.Type = f.Results[0]
	}
	r.out.Overrides = append(r.out.Overrides, o)
	return o
}

// A Method is what a unit is written as, once for all handlers that have one
// like it: a method of Overrides that binds what only its provider needs, and
// one that calls the provider.
type Method struct {
	*Unit    // one of those
	Override *Override
	Name     string
	Bind     string // "": it binds nothing, or does so by itself
	Self     bool   // it is a guard, and binds by itself
	Scope    Scope  // in both methods
	Results  []Variable
	Params   []Variable // for Inputs
	Clean    string     // of the cleanup, if there is one

	key string
}

// A Variable is a parameter or a result of a method.
type Variable struct {
	Name string
	Type types.Type
	Of   Value
	Sub  int // index in Subs whose Bind returns it; -1: it is an argument of the call
}

// A Scope is the names of values in a function: by *Binding, *Call or *Struct.
type Scope map[any]string

// methodOf finds the method that u, and all within it, can share.
func (g *graph) methodOf(u *Unit, self bool) {
	for _, sub := range u.Subs {
		g.methodOf(sub, false)
	}
	key := u.key(self)
	for _, m := range g.out.Methods {
		if m.key == key {
			u.Method = m
			return
		}
	}
	m := &Method{Unit: u, Override: g.override(u.Call.Provider), key: key}
	for i, v := range u.Call.Args {
		if u.inline[i] && v.Kind != Provided {
			t := v.Type()
			m.Results = append(m.Results, Variable{Name: u.Call.Provider.Params[i].Name, Type: t, Of: v, Sub: -1})
		}
	}
	for i, sub := range u.Subs {
		for _, v := range sub.Method.Results {
			m.Results = append(m.Results, Variable{Name: v.Name, Type: v.Type, Sub: i})
		}
	}
	m.Self = self && len(m.Results) > 0
	for _, v := range u.Inputs {
		m.Params = append(m.Params, Variable{Type: v.Type(), Of: v})
	}
	u.Method = m
	g.out.Methods = append(g.out.Methods, m)
}

// Binds reports whether the unit has a part of its own in the binding.
func (u *Unit) Binds() bool { return u.Method.Bind != "" }

// key is the same for units that one method can serve.
func (u *Unit) key(self bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%p self=%t", u.Call.Provider, self)
	for i, v := range u.Call.Args {
		fmt.Fprintf(&b, "; %d %s", v.Kind, v.Field)
		if v.Kind == Provided && u.inline[i] {
			at := slices.IndexFunc(u.Subs, func(sub *Unit) bool { return sub.Call == v.Call })
			fmt.Fprintf(&b, " [%s]", u.Subs[at].key(false))
		} else if u.inline[i] {
			each(v, func(v *Binding) {
				fmt.Fprintf(&b, " %d %q %d %q %v %v", v.In, v.Name, v.Form, v.Or, v.Checks, v.Type)
			})
		} else if t := v.Type(); t != nil {
			fmt.Fprintf(&b, " %v", t)
		}
	}
	for _, v := range u.Inputs {
		fmt.Fprintf(&b, "; given %v", v.Type())
		for i, arg := range u.Call.Args {
			if arg.key() == v.key() {
				fmt.Fprintf(&b, " as %d", i)
			}
		}
	}
	return b.String()
}
