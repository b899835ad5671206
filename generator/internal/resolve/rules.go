package resolve

import (
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A rule is one way in which a parameter gets its value.
//
// Rules only look. What they find says which function would make the value, so
// that circles are found, guards are called first and hints are given without
// anything being resolved; and it can be taken, which resolves it and reports
// what is wrong with it.
type rule struct {
	name string
	look func(s site, p scan.Param) *found
	task bool // it holds for the parameters of a task itself, too
}

// rules are all of them, in their order: the first that finds something counts.
// It is the list in docs/reference.md, and the only one in the code.
func rules() []rule {
	return []rule{
		{"special type", site.special, true},
		{"variadic", site.variadic, false},
		{"depends directive", site.depended, true},
		{"param directive", site.specified, false},
		{"wildcard", site.wildcard, false},
		{"body", site.body, false},
		{"guard", site.guarded, false},
		{"provider", site.provider, true},
		{"app value", site.appValue, true},
		{"interface", site.implementing, true},
		{"parameter struct", site.paramStruct, false},
		{"query", site.query, false},
	}
}

// A site is where a parameter is: all that a rule may know beside it.
type site struct {
	*resolver
	path      []*scan.Func    // from the handler or task to the function whose parameter it is
	wildcards []scan.Wildcard // of the routes
	partial   []string        // names of those that are not in all routes
	guards    []*model.Call   // that are called before
	task      bool            // the function is a task
}

// A found is the source of a parameter, as a rule has found it.
type found struct {
	what   string     // as a message names it; "": the client
	source *scan.Func // that makes the value; nil: no function does
	take   func(g *graph) model.Source
}

func (s site) f() *scan.Func { return s.path[len(s.path)-1] }

// source finds where the value of p comes from, nil if from nowhere, and by which
// rule.
func (s site) source(p scan.Param) (*found, rule) { return s.first(p, 0) }

// unspecified is the source that p would have if no directive said anything.
func (s site) unspecified(p scan.Param) *found {
	found, _ := s.first(p, slices.IndexFunc(rules(), func(r rule) bool { return r.name == "param directive" })+1)
	return found
}

func (s site) first(p scan.Param, from int) (*found, rule) {
	for _, rule := range rules()[from:] {
		if s.task && !rule.task {
			continue
		}
		if found := rule.look(s, p); found != nil {
			return found, rule
		}
	}
	return nil, rule{}
}

// made is a value of a provider that is called once for all.
func made(f *scan.Func) *found {
	return &found{"provider " + f.FullName(), f, func(g *graph) model.Source { return g.provided(f) }}
}

func (s site) special(p scan.Param) *found {
	special := scan.SpecialOf(p.Type)
	if special == scan.NotSpecial {
		return nil
	}
	return &found{what: s.typeString(p.Type), take: func(g *graph) model.Source { return g.special(p, special) }}
}

func (s site) variadic(p scan.Param) *found {
	if !p.Variadic {
		return nil
	}
	return &found{take: func(g *graph) model.Source {
		g.fail(diag.NoSource, p, "a variadic parameter has no source").WithHint("take a slice: %s", g.typeString(p.Type))
		return nil
	}}
}

func (s site) depended(p scan.Param) *found {
	dep, ok := dependOf(s.f(), p.Name)
	if !ok {
		return nil
	}
	if field, ok := s.fieldNamed(dep); ok {
		return &found{what: "app." + field.name, take: func(g *graph) model.Source { return g.dependedField(p, dep, field) }}
	}
	return &found{dep.Target, s.lookup(dep), func(g *graph) model.Source { return g.depended(p, dep) }}
}

func (s site) specified(p scan.Param) *found {
	spec, ok := specOf(s.f(), p.Name)
	if !ok {
		return nil
	}
	return &found{take: func(g *graph) model.Source { return g.specified(p, spec) }}
}

func (s site) isWildcard(name string) bool {
	return slices.ContainsFunc(s.wildcards, func(w scan.Wildcard) bool { return w.Name == name })
}

func (s site) wildcard(p scan.Param) *found {
	if !s.isWildcard(p.Name) {
		return nil
	}
	if _, ok := s.textOf(p.Type); !ok {
		_, elem, ok := queryForm(p.Type)
		if ptr, pointer := types.Unalias(p.Type).(*types.Pointer); pointer && slices.Contains(s.partial, p.Name) {
			if v, ok := s.textOf(ptr.Elem()); ok {
				return &found{take: func(g *graph) model.Source { return g.partialWildcard(p, v) }}
			}
		}
		if !ok {
			return nil
		}
		return &found{take: func(g *graph) model.Source {
			g.fail(diag.NoSource, p, "parameter %q is of type %s, and the wildcard {%s} is one value that is always there", p.Name, g.typeString(p.Type), p.Name).
				WithHint("take %s", g.typeString(elem))
			return nil
		}}
	}
	if f := s.providerOf(p.Type); f != nil {
		return &found{"provider " + f.FullName(), nil, func(g *graph) model.Source { return g.wildcardOrProvider(p, f) }}
	}
	return &found{take: func(g *graph) model.Source { return g.wildcard(p) }}
}

func (s site) body(p scan.Param) *found {
	if p.Name != "body" {
		return nil
	}
	return &found{what: "the body", take: func(g *graph) model.Source { return g.body(p) }}
}

// guarded finds guards that make a value of exactly that type.
func (s site) guarded(p scan.Param) *found {
	var makers []*model.Call
	for _, call := range s.guards {
		if call.Type != nil && types.Identical(call.Type, p.Type) {
			makers = append(makers, call)
		}
	}
	if len(makers) == 0 {
		return nil
	}
	return &found{"guard " + makers[0].Provider.FullName(), makers[0].Provider, func(g *graph) model.Source {
		if len(makers) > 1 {
			g.fail(diag.AmbiguousSource, p, "parameter %s could be what %s makes, or what %s makes", paramName(p), makers[0].Provider.FullName(), makers[1].Provider.FullName()).
				WithHint("say which: //bggen:depends %s=%s", p.Name, makers[0].Provider.FullName())
		}
		return makers[0]
	}}
}

func (s site) provider(p scan.Param) *found {
	f := s.providerOf(p.Type)
	if f == nil || p.Variadic {
		return nil
	}
	return made(f)
}

// appValue finds the app value of exactly that type.
func (s site) appValue(p scan.Param) *found {
	if p.Variadic {
		return nil
	}
	if s.isApp(p.Type) {
		return &found{what: "the app value", take: func(*graph) model.Source { return model.App{} }}
	}
	fields := s.fieldsOf(p.Type)
	if len(fields) == 0 {
		return nil
	}
	return &found{what: "app." + fields[0].name, take: func(g *graph) model.Source { return g.appField(p, fields) }}
}

// implementing finds the providers and app values whose type implements an
// interface. Interfaces of the standard library say too little for that.
func (s site) implementing(p scan.Param) *found {
	i, ok := p.Type.Underlying().(*types.Interface)
	if !ok || i.Empty() || s.isStandard(p.Type) || p.Variadic {
		return nil
	}
	var all []candidate
	for _, f := range s.near() {
		if s.isProvider(f) && !slices.Contains(s.path, f) && types.Implements(f.Results[0], i) {
			all = append(all, candidate{f.FullName(), f.Range, made(f)})
		}
	}
	var fields []appField
	for _, field := range s.fields {
		if types.Implements(field.typ, i) {
			fields = append(fields, field)
		}
	}
	for _, field := range shallowest(fields) {
		all = append(all, candidate{s.out.App.Obj().Name() + "." + field.name, field.at, &found{
			what: "app." + field.name, take: func(*graph) model.Source { return model.AppField{Name: field.name} },
		}})
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0].found
	}
	return &found{what: all[0].what, take: func(g *graph) model.Source { return g.severalImplement(p, all) }}
}

func (s site) paramStruct(p scan.Param) *found {
	t, pointer := types.Unalias(p.Type), false
	if ptr, ok := t.(*types.Pointer); ok {
		t, pointer = types.Unalias(ptr.Elem()), true
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok || !isParamStruct(structure, nil) {
		return nil
	}
	return &found{take: func(g *graph) model.Source { return g.paramStruct(p, t, pointer) }}
}

func (s site) query(p scan.Param) *found {
	form, elem, ok := queryForm(p.Type)
	if !ok {
		return nil
	}
	return &found{take: func(g *graph) model.Source {
		if !hasName(p) {
			g.fail(diag.Unnamed, p, "a parameter of type %s is read from the query by its name, and has none", g.typeString(p.Type)).
				WithHint("name it as the client does")
			return nil
		}
		return g.bind(model.Binding{In: model.Query, Name: p.Name, Form: form, Type: elem, Whole: p.Type})
	}}
}
