package resolve

import (
	"go/types"

	"github.com/bggen/bggen/generator/internal/gotype"
)

// namedTypes is all named types that the generated code writes.
func (p *Package) namedTypes() (list []*types.TypeName) {
	args := func(values []Value) {
		for _, v := range values {
			list = append(list, builtTypes(v)...)
		}
	}
	if p.App != nil {
		list = append(list, p.App.Obj())
	}
	calls := func(calls []*Call) {
		for _, c := range calls {
			args(c.Args)
			for _, arg := range c.Provider.TypeArgs {
				list = append(list, gotype.Names(arg)...)
			}
		}
	}
	for _, h := range p.Handlers {
		for _, b := range h.Bindings() {
			list = append(list, gotype.Names(b.Type)...)
		}
		args(h.Args)
		calls(h.Calls())
	}
	for _, c := range p.BodyChecks {
		list = append(list, gotype.Names(c.Type)...)
		for _, f := range c.Fields {
			list = append(list, gotype.Names(f.Type)...)
		}
	}
	for _, o := range p.Overrides {
		if o.Type != nil {
			list = append(list, gotype.Names(o.Type)...)
		}
	}
	for _, t := range p.Tasks {
		calls(t.Calls)
		for _, f := range t.Fields {
			list = append(list, gotype.Names(f.Type)...)
		}
	}
	return list
}

// mentionedPackages is the packages that the generated code names.
func (p *Package) mentionedPackages() (list []*types.Package) {
	for _, obj := range p.namedTypes() {
		if obj.Pkg() != nil {
			list = append(list, obj.Pkg())
		}
	}
	calls := func(calls []*Call) {
		for _, c := range calls {
			if c.Provider.Receiver == nil {
				list = append(list, c.Provider.Pkg)
			}
		}
	}
	for _, h := range p.Handlers {
		calls(h.Calls())
	}
	for _, t := range p.Tasks {
		calls(t.Calls)
	}
	return list
}

func builtTypes(v Value) (list []*types.TypeName) {
	if v.Struct == nil {
		return nil
	}
	list = gotype.Names(v.Struct.Type)
	for _, f := range v.Struct.Fields {
		list = append(list, builtTypes(f.Value)...)
	}
	return list
}

// hidden is a type that t is written with and that this package cannot name,
// because it was only reached through an alias; nil if there is none.
func (r *resolver) hidden(t types.Type) *types.TypeName {
	for _, obj := range gotype.Names(t) {
		if p := obj.Pkg(); p != nil && p.Path() != r.in.Path && !obj.Exported() {
			return obj
		}
	}
	return nil
}
