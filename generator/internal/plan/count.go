package plan

import (
	"slices"

	"github.com/bggen/bggen/generator/internal/model"
)

// all are the providers that take part in a handler, callers before callees.
func (p *planner) all(h *Handler) (list []*Provider) {
	part := map[*Provider]bool{}
	var add func(n *Provider)
	add = func(n *Provider) {
		if !part[n] {
			part[n] = true
			for _, child := range n.Children() {
				add(child.Provider)
			}
		}
	}
	for _, g := range h.Guards {
		add(g.Provider)
	}
	for _, need := range h.Needs {
		add(need.Provider)
	}
	for _, n := range slices.Backward(p.out.Providers) {
		if part[n] {
			list = append(list, n)
		}
	}
	return list
}

// share finds what is bound more than once in a handler: first whole parameter
// structs, then the bindings that are left.
func (p *planner) share(h *Handler) {
	users := [][]model.Source{h.Binds}
	for _, n := range p.all(h) {
		users = append(users, n.Binds)
	}
	p.shareAmong(users)
	var single [][]model.Source
	for i, binds := range users {
		var list []model.Source
		for _, s := range binds {
			if p.out.ValueOf(s) != nil {
				continue
			}
			for _, b := range model.BindingsOf(s) {
				if i > 0 || !slices.Contains(list, model.Source(b)) { // an adapter has one variable for both
					list = append(list, b)
				}
			}
		}
		single = append(single, list)
	}
	for _, v := range p.out.Values {
		if s, ok := v.Source.(*model.Struct); ok {
			var list []model.Source
			for _, b := range s.Bindings() {
				list = append(list, b)
			}
			single = append(single, list)
		}
	}
	p.shareAmong(single)
}

// shareAmong finds what is in more than one of the lists.
func (p *planner) shareAmong(lists [][]model.Source) {
	for i, list := range lists {
		for j, s := range list {
			again := slices.ContainsFunc(append(slices.Clone(list[:j]), slices.Concat(lists[:i]...)...), func(o model.Source) bool { return model.Same(o, s) })
			if again && p.out.ValueOf(s) == nil {
				p.out.Values = append(p.out.Values, &Value{s})
			}
		}
	}
}

// shared finds what both a handler and its providers bind.
func (p *planner) shared(h *Handler) {
	for _, n := range p.all(h) {
		for _, v := range p.out.Values {
			if contains(n.Binds, v.Source) && contains(h.Binds, v.Source) && !slices.Contains(h.Shared, v) {
				h.Shared = append(h.Shared, v)
			}
		}
	}
}

// contains reports whether a source, or a field of one, is among others.
func contains(list []model.Source, s model.Source) bool {
	return slices.ContainsFunc(list, func(o model.Source) bool {
		return model.Same(o, s) || slices.ContainsFunc(model.BindingsOf(o), func(b *model.Binding) bool { return model.Same(b, s) })
	})
}

// count finds which methods of providers a handler calls, and which of them more
// than once in one request.
func (p *planner) count(h *Handler) {
	guards, binds, calls := map[*Provider]int{}, map[*Provider]int{}, map[*Provider]int{}
	step := func(g Guard, times int) {
		if g.Inside {
			guards[g.Provider] += times
		} else {
			calls[g.Provider] += times
		}
	}
	for _, g := range h.Guards {
		step(g, 1)
	}
	for _, need := range h.Needs {
		calls[need.Provider]++
	}
	for _, n := range h.Binders {
		binds[n]++
	}
	for _, n := range p.all(h) { // whoever calls it has been there
		times := min(calls[n], 1)
		if n.Fresh {
			times = calls[n]
		}
		for _, need := range n.Needs {
			if !n.MadeByStep(need) {
				calls[need.Provider] += times
			}
			if need.Provider.HasBinds() && (times > 0 && n.BindsItself && n.bindsNeeds() || binds[n] > 0) {
				binds[need.Provider]++
			}
		}
		if times > 0 && n.BindsItself {
			guards[n] += times
		}
		for _, g := range n.Steps {
			step(g, guards[n])
		}
		n.MadeTwice = n.MadeTwice || calls[n] > 1 && !n.Fresh
		n.Binder = n.Binder || binds[n] > 0
		n.BoundTwice = n.BoundTwice || binds[n] > 1 || binds[n] > 0 && n.BindsItself
	}
}

// bindsNeeds reports whether a guard has to bind what it needs: a single need
// that is a guard as well binds for itself.
func (n *Provider) bindsNeeds() bool { return len(n.BindsFirst()) > 0 }

// BindsFirst are the needs of n that are bound together with it.
func (n *Provider) BindsFirst() (list []Need) {
	for _, need := range n.Needs {
		if need.Provider.HasBinds() && !n.MadeByStep(need) {
			list = append(list, need)
		}
	}
	if n.BindsItself && len(n.Binds) == 0 && len(list) == 1 && list[0].Provider.BindsItself {
		return nil
	}
	return list
}
