package plan

import (
	"fmt"
	"go/types"
	"slices"
	"testing"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

var (
	pkg  = types.NewPackage("example.com/shop", "shop")
	text = types.Typ[types.String]
)

func function(name string) *scan.Func { return &scan.Func{Name: name, Pkg: pkg} }

func query(name string) *model.Binding {
	return &model.Binding{In: model.Query, Name: name, Type: text}
}

func call(f *scan.Func, args ...model.Source) *model.Call {
	return &model.Call{Provider: f, Type: text, Args: args, Override: model.Override{Package: pkg}}
}

// methods says which methods a provider has, and what it keeps.
func methods(p *Package) (list []string) {
	for _, n := range p.Providers {
		s := n.Provider.Name
		for _, flag := range []struct {
			is   bool
			name string
		}{{n.Guarder, "guard"}, {n.Binder, "bind"}, {n.BoundTwice, "bound"}, {n.MadeTwice, "made"}, {n.BindsItself, "itself"}} {
			if flag.is {
				s += " " + flag.name
			}
		}
		list = append(list, s)
	}
	for _, v := range p.Values {
		list = append(list, "value "+v.Source.(*model.Binding).Name)
	}
	return list
}

func TestOf(t *testing.T) {
	session, users, orders, user := function("session"), function("users"), function("orders"), function("user")
	for name, c := range map[string]struct {
		handler func() *model.Handler
		want    []string
	}{
		"one provider": {func() *model.Handler {
			return &model.Handler{Args: []model.Source{call(users, query("q"))}}
		}, []string{"users bind"}},
		"nothing to bind": {func() *model.Handler {
			return &model.Handler{Args: []model.Source{call(users, model.AppField{Name: "DB"})}}
		}, []string{"users"}},
		"one for two": {func() *model.Handler {
			s := call(session, query("tenant"))
			return &model.Handler{Args: []model.Source{call(users, s), call(orders, s)}}
		}, []string{"session bind bound made", "users bind", "orders bind"}},
		"fresh ones": {func() *model.Handler {
			one, two := call(session), call(session)
			one.Fresh, two.Fresh = true, true
			return &model.Handler{Args: []model.Source{one, two}}
		}, []string{"session"}},
		"a guard binds for itself": {func() *model.Handler {
			return &model.Handler{Guards: []*model.Call{call(user, query("token"))}}
		}, []string{"user itself"}},
		"a guard whose value is needed": {func() *model.Handler {
			guard := call(user, query("token"))
			return &model.Handler{Guards: []*model.Call{guard}, Args: []model.Source{guard}}
		}, []string{"user itself"}},
		"a guard that a provider needs": {func() *model.Handler {
			guard := call(user, query("token"))
			return &model.Handler{Guards: []*model.Call{guard}, Args: []model.Source{call(session, guard)}}
		}, []string{"user made itself", "session"}},
		"the guard of a provider": {func() *model.Handler {
			s := call(session)
			s.Guards = []*model.Call{call(user, query("token"))}
			return &model.Handler{Args: []model.Source{call(users, s)}}
		}, []string{"user itself", "session guard", "users guard"}},
		"a value for two": {func() *model.Handler {
			return &model.Handler{Args: []model.Source{query("q"), call(users, query("q"))}}
		}, []string{"users bind", "value q"}},
		"a variable for two": {func() *model.Handler {
			q := query("q")
			return &model.Handler{Args: []model.Source{q, q}}
		}, nil},
	} {
		p := Of(&model.Package{Handlers: []*model.Handler{c.handler()}})
		if got := methods(p); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Two handlers that give a provider the same share its methods, and others do
// not.
func TestShared(t *testing.T) {
	session := function("session")
	handler := func(name string) *model.Handler {
		return &model.Handler{Args: []model.Source{call(session, query(name))}}
	}
	p := Of(&model.Package{Handlers: []*model.Handler{handler("a"), handler("b"), handler("a")}})
	if len(p.Providers) != 2 || p.Handlers[0].Needs[0].Provider != p.Handlers[2].Needs[0].Provider {
		t.Errorf("there are %s", fmt.Sprint(methods(p)))
	}
}
