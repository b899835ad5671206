// Package plan says what an adapter does, in which order.
//
// A request goes through an adapter in three steps: guards are called, then
// everything is bound and checked at once, then providers are called and the
// handler. What a provider takes part in, it pulls: it has up to three methods,
// one for each step, that do so for all that the provider needs as well, and do
// nothing where a test has replaced the provider. So no adapter has to know what
// is replaced.
package plan

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/model"
)

// A Package is what is generated for a package, in its order.
type Package struct {
	*model.Package
	Handlers  []*Handler
	Providers []*Provider      // of all handlers, each after what it needs
	Values    []*Value         // of all handlers
	Replaced  []*types.Package // that have Overrides which replace some of the providers
}

// A Handler is one request from top to bottom.
type Handler struct {
	*model.Handler
	Guards []Guard        // called first
	Binds  []model.Source // *model.Binding or *model.Struct: of its own arguments
	Needs  []Need         // of its arguments, that no guard has made: bound, and called after that

	Shared  []*Value    // of what it binds: those that its providers bind as well
	Binders []*Provider // of Needs: those with something to bind that no guard has bound

	UsesProviders bool             // it calls methods of the struct of providers
	Replaced      []*types.Package // that have Overrides which replace some of its providers
}

// A Provider stands for all calls of one provider, in any handler, that are
// given the same.
type Provider struct {
	*model.Call                // one of those
	Steps       []Guard        // called before anything is bound for it
	Binds       []model.Source // *model.Binding or *model.Struct: of its arguments
	Needs       []Need         // of its arguments
	BindsItself bool           // it is a guard: when it is called nothing is bound yet
	Binder      bool           // somebody calls its method that binds
	BoundTwice  bool           // and perhaps more than once in a request
	Guarder     bool           // somebody calls its method that calls its guards
	MadeTwice   bool           // it is asked for more than once in a request
}

// A Need is a provider that an argument comes from.
type Need struct {
	Call     *model.Call // as its user knows it
	Provider *Provider
}

// A Guard is a step before anything is bound: a guard is called, or else those
// of a provider are.
type Guard struct {
	Need
	Inside bool // not it is called, but what guards it
}

// A Value is a binding, or a parameter struct, that is bound for more than one
// of a handler and its providers, and read once for all.
type Value struct{ Source model.Source }

// Of plans a package.
func Of(pkg *model.Package) *Package {
	p := &planner{out: &Package{Package: pkg}}
	for _, h := range pkg.Handlers {
		p.handler(h)
	}
	for _, h := range p.out.Handlers {
		p.share(h)
	}
	for _, h := range p.out.Handlers {
		p.count(h)
		p.shared(h)
		h.Replaced = replaced(p.all(h))
		h.UsesProviders = len(h.Guards)+len(h.Needs)+len(h.Shared) > 0
	}
	p.out.Replaced = replaced(p.out.Providers)
	return p.out
}

// replaced are the packages whose Overrides replace some of the providers.
func replaced(list []*Provider) (packages []*types.Package) {
	for _, n := range list {
		if !slices.Contains(packages, n.Override.Package) {
			packages = append(packages, n.Override.Package)
		}
	}
	slices.SortFunc(packages, func(a, b *types.Package) int { return strings.Compare(a.Path(), b.Path()) })
	return packages
}

type planner struct{ out *Package }

func (p *planner) handler(h *model.Handler) {
	out := &Handler{Handler: h, Binds: bound(h.Args)}
	for _, call := range h.Guards {
		out.Guards = p.guard(out.Guards, Guard{Need: p.need(call)})
	}
	slices.SortStableFunc(out.Binds, func(a, b model.Source) int {
		return int(model.BindingsOf(a)[0].In - model.BindingsOf(b)[0].In)
	})
	for _, need := range p.needs(h.Args) {
		if !slices.ContainsFunc(out.Guards, func(g Guard) bool { return g.Call == need.Call }) {
			out.Guards = p.guard(out.Guards, Guard{Need: need, Inside: true})
			out.Needs = append(out.Needs, need)
		}
	}
	for _, need := range out.Needs {
		if need.Provider.bindsBeyond(out.Guards) {
			out.Binders = append(out.Binders, need.Provider)
		}
	}
	p.out.Handlers = append(p.out.Handlers, out)
}

// guard adds a step, unless it is there or there is nothing to do in it.
func (p *planner) guard(list []Guard, g Guard) []Guard {
	if g.Inside && len(g.Provider.Steps) == 0 || slices.Contains(list, g) {
		return list
	}
	g.Provider.BindsItself = g.Provider.BindsItself || !g.Inside
	g.Provider.Guarder = g.Provider.Guarder || g.Inside
	return append(list, g)
}

// need is the provider that stands for a call.
func (p *planner) need(call *model.Call) Need {
	for _, known := range p.out.Providers {
		if model.Same(known.Call, call) {
			return Need{call, known}
		}
	}
	n := &Provider{Call: call, Binds: bound(call.Args)}
	for _, guard := range call.Guards {
		n.Steps = p.guard(n.Steps, Guard{Need: p.need(guard)})
	}
	n.Needs = p.needs(call.Args)
	for _, need := range n.Needs {
		n.Steps = p.guard(n.Steps, Guard{Need: need, Inside: true})
	}
	p.out.Providers = append(p.out.Providers, n)
	return Need{call, n}
}

// needs are the providers among arguments, each once.
func (p *planner) needs(args []model.Source) (list []Need) {
	for _, arg := range args {
		if call, ok := arg.(*model.Call); ok {
			if need := p.need(call); !slices.Contains(list, need) {
				list = append(list, need)
			}
		}
	}
	return list
}

// bound are those arguments that are read from the request, each once.
func bound(args []model.Source) (list []model.Source) {
	for _, arg := range args {
		if len(model.BindingsOf(arg)) > 0 && !slices.Contains(list, arg) {
			list = append(list, arg)
		}
	}
	return list
}

// HasBinds reports whether n, or something that it needs, is bound.
func (n *Provider) HasBinds() bool {
	return len(n.Binds) > 0 || slices.ContainsFunc(n.Needs, func(need Need) bool { return need.Provider.HasBinds() })
}

// bindsBeyond reports whether n, or something that it needs, is bound that none
// of the guards is.
func (n *Provider) bindsBeyond(guards []Guard) bool {
	if slices.ContainsFunc(guards, func(g Guard) bool { return g.Provider == n && !g.Inside }) {
		return false
	}
	return len(n.Binds) > 0 || slices.ContainsFunc(n.Needs, func(need Need) bool { return need.Provider.bindsBeyond(guards) })
}

// TakesTasks reports whether n, or something that it needs, uses the collector:
// the request takes a slot for its tasks before that.
func (n *Provider) TakesTasks() bool {
	return n.Cleanup == model.Hold || slices.ContainsFunc(n.Args, isTasks) ||
		slices.ContainsFunc(n.Needs, func(need Need) bool { return need.Provider.TakesTasks() })
}

func isTasks(s model.Source) bool {
	return s == model.Source(model.Tasks{}) || s == model.Source(model.TaskContext{})
}

// Checks reports whether the fields of the app struct that n, or something that
// it needs, is given have to be checked.
func (n *Provider) Checks() bool {
	return len(n.Call.Needs) > 0 || slices.ContainsFunc(n.Children(), func(need Need) bool { return need.Provider.Checks() })
}

// MadeByStep reports whether a guard has made what n needs when n, a guard itself,
// binds and is called.
func (n *Provider) MadeByStep(need Need) bool {
	return n.BindsItself && need.Call.Type != nil && slices.Contains(n.Steps, Guard{Need: need})
}

// Children are the providers that n needs, its guards among them.
func (n *Provider) Children() []Need {
	list := slices.Clone(n.Needs)
	for _, step := range n.Steps {
		if !step.Inside {
			list = append(list, step.Need)
		}
	}
	return list
}

// ValueOf is the shared value that a source is bound as, nil if it is none.
func (p *Package) ValueOf(s model.Source) *Value { return valueOf(p.Values, s) }

// ValueOf is the value that a handler and its providers both bind a source as,
// nil if the handler has it for itself.
func (h *Handler) ValueOf(s model.Source) *Value { return valueOf(h.Shared, s) }

func valueOf(list []*Value, s model.Source) *Value {
	for _, v := range list {
		if model.Same(v.Source, s) {
			return v
		}
	}
	return nil
}

// Checked are the providers of a handler that are given fields of the app struct
// which have to be checked, themselves or for what they need.
func (h *Handler) Checked() (list []*Provider) {
	for _, need := range h.Children() {
		if need.Provider.Checks() {
			list = append(list, need.Provider)
		}
	}
	return list
}

// Children are the providers that a handler needs, its guards among them.
func (h *Handler) Children() (list []Need) {
	for _, g := range h.Guards {
		if !g.Inside {
			list = append(list, g.Need)
		}
	}
	return append(list, h.Needs...)
}
