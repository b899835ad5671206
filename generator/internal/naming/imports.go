package naming

import (
	"go/types"
	"path"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// An Import is a package that the generated code may import.
type Import struct {
	Path, Name string
	Alias      bool // the name is not the package's own
}

// outer are the package's own names that generated functions refer to.
func (r *namer) outer() *Scope {
	outer := NewScope(nil).Reserve("len", r.Providers)
	for _, p := range r.Patterns {
		outer.Reserve(p.Var)
	}
	for _, name := range r.Checks {
		outer.Reserve(name)
	}
	for _, f := range r.functions() {
		if f.Receiver == nil && f.Qualifier == "" {
			outer.Reserve(f.Name)
		}
	}
	for _, obj := range r.types() {
		if obj.Pkg() != nil && obj.Pkg().Path() == r.pkg.Path {
			outer.Reserve(obj.Name())
		}
	}
	return outer
}

// imports gives each package that the generated code may import its own name,
// or an alias where that is taken: by another import, by what the package
// declares, or by a variable of the generated code.
func (r *namer) imports(n *Scope) {
	seen := map[string]bool{r.pkg.Path: true}
	add := func(importPath, name string) {
		if seen[importPath] {
			return
		}
		seen[importPath] = true
		i := Import{Path: importPath, Name: name}
		for n.Has(i.Name) || r.pkg.Scope.Lookup(i.Name) != nil {
			i.Alias = true
			if i.Name == name {
				i.Name = strings.Map(smallLetter, path.Base(path.Dir(importPath))) + name
			} else {
				i.Name += "pkg"
			}
			if i.Name == name { // nothing before it in the path
				i.Name += "pkg"
			}
		}
		n.Reserve(i.Name)
		r.Imports = append(r.Imports, i)
	}
	add("context", "context")
	add("net/http", "http")
	add(scan.RuntimePath, "runtime")
	add(scan.AdapterPath, "adapter")
	add("regexp", "regexp")
	add("unicode/utf8", "utf8")
	for _, t := range r.pkg.Tasks {
		if t.Func.Task.Timeout+t.Func.Task.Backoff != 0 {
			add("time", "time")
		}
	}
	for _, obj := range r.types() {
		if p := obj.Pkg(); p != nil {
			add(p.Path(), p.Name())
		}
	}
	for _, f := range r.functions() {
		if f.Receiver == nil {
			add(f.Pkg.Path(), f.Pkg.Name())
		}
	}
	for _, p := range r.pkg.Replaced {
		add(p.Path(), p.Name())
	}
}

func smallLetter(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

// functions are those that the generated code calls.
func (r *namer) functions() (list []*scan.Func) {
	for _, h := range r.pkg.Handlers {
		list = append(list, h.Func)
	}
	for _, t := range r.pkg.Tasks {
		list = append(list, t.Func)
	}
	for _, c := range r.calls() {
		list = append(list, c.Provider)
	}
	return list
}

func (r *namer) calls() (list []*model.Call) {
	for _, h := range r.pkg.Handlers {
		list = append(list, h.Calls...)
	}
	for _, t := range r.pkg.Tasks {
		list = append(list, t.Calls...)
	}
	return list
}

// types are all that the generated code writes.
func (r *namer) types() (list []*types.TypeName) {
	add := func(t types.Type) {
		if t != nil {
			list = append(list, gotype.Names(t)...)
		}
	}
	var args func(sources []model.Source)
	args = func(sources []model.Source) {
		for _, s := range sources {
			add(model.TypeOf(s))
			if s, ok := s.(*model.Struct); ok {
				for _, f := range s.Fields {
					args([]model.Source{f.Value})
				}
			}
		}
	}
	if r.pkg.App != nil {
		add(r.pkg.App)
	}
	for _, h := range r.pkg.Handlers {
		args(h.Args)
	}
	for _, c := range r.calls() {
		args(c.Args)
		add(c.Type)
		for _, arg := range c.Provider.TypeArgs {
			add(arg)
		}
	}
	for _, c := range r.pkg.BodyChecks {
		add(c.Type)
		for _, f := range c.Fields {
			add(f.Type)
		}
	}
	for _, o := range r.pkg.Overrides {
		add(o.Type)
	}
	for _, t := range r.pkg.Tasks {
		for _, f := range t.Fields {
			add(f.Type)
		}
	}
	return list
}
