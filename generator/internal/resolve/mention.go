package resolve

import "go/types"

// mentioned is the named types that t is written with.
func mentioned(t types.Type) (list []*types.TypeName) {
	add := func(t types.Type) { list = append(list, mentioned(t)...) }
	tuple := func(vars *types.Tuple) {
		for v := range vars.Variables() {
			add(v.Type())
		}
	}
	named := func(obj *types.TypeName, args *types.TypeList) {
		list = append(list, obj)
		for arg := range args.Types() {
			add(arg)
		}
	}
	switch t := t.(type) {
	case *types.Alias:
		named(t.Obj(), t.TypeArgs())
	case *types.Named:
		named(t.Obj(), t.TypeArgs())
	case *types.Pointer:
		add(t.Elem())
	case *types.Slice:
		add(t.Elem())
	case *types.Array:
		add(t.Elem())
	case *types.Chan:
		add(t.Elem())
	case *types.Map:
		add(t.Key())
		add(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			add(f.Type())
		}
	case *types.Signature:
		tuple(t.Params())
		tuple(t.Results())
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			add(m.Type())
		}
		for e := range t.EmbeddedTypes() {
			add(e)
		}
	}
	return list
}

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
				list = append(list, mentioned(arg)...)
			}
		}
	}
	for _, h := range p.Handlers {
		for _, b := range h.Bindings() {
			list = append(list, mentioned(b.Type)...)
		}
		args(h.Args)
		calls(h.Calls())
	}
	for _, c := range p.BodyChecks {
		list = append(list, mentioned(c.Type)...)
		for _, f := range c.Fields {
			list = append(list, mentioned(f.Type)...)
		}
	}
	for _, o := range p.Overrides {
		if o.Type != nil {
			list = append(list, mentioned(o.Type)...)
		}
	}
	for _, t := range p.Tasks {
		calls(t.Calls)
		for _, f := range t.Fields {
			list = append(list, mentioned(f.Type)...)
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
	list = mentioned(v.Struct.Type)
	for _, f := range v.Struct.Fields {
		list = append(list, builtTypes(f.Value)...)
	}
	return list
}

// hidden is a type that t is written with and that this package cannot name,
// because it was only reached through an alias; nil if there is none.
func (r *resolver) hidden(t types.Type) *types.TypeName {
	for _, obj := range mentioned(t) {
		if p := obj.Pkg(); p != nil && p.Path() != r.in.Path && !obj.Exported() {
			return obj
		}
	}
	return nil
}
