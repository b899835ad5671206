package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A used package is one whose providers count as this one's.
type used struct {
	diag.Range
	*scan.Package
}

// findUses finds the packages of the use directives.
func (r *resolver) findUses() {
	for _, u := range r.in.Uses {
		if pkg := r.foreignPackage(u.Range, u.Path); pkg != nil {
			r.uses = append(r.uses, used{u.Range, pkg})
		}
	}
}

// foreignPackage is a package that a directive names; nil, and a complaint,
// where generated code cannot import it.
func (r *resolver) foreignPackage(where diag.Range, path string) *scan.Package {
	pkg := r.around.Import(path)
	problem, hint := "", "move what both need into a package that neither of them imports"
	switch {
	case path == r.in.Path:
		problem, hint = "it is this package", "take the directive away"
	case pkg == nil:
		problem, hint = "it cannot be loaded", "it is written as in an import: example.com/auth"
	case pkg.Name == "main":
		problem = "it is a command"
	case isInternal(path, r.in.Path):
		problem, hint = "it is internal", "ask for what it does in a package around it"
	case imports(pkg.Types, r.in.Path, map[*types.Package]bool{}):
		problem = "it imports this package"
	default:
		return pkg
	}
	r.report(diag.New(diag.BadImport, where, "generated code cannot import %s: %s", path, problem).WithHint("%s", hint))
	return nil
}

// imports reports whether p imports path, at any depth.
func imports(p *types.Package, path string, seen map[*types.Package]bool) bool {
	if p.Path() == path {
		return true
	}
	seen[p] = true
	return slices.ContainsFunc(p.Imports(), func(next *types.Package) bool { return !seen[next] && imports(next, path, seen) })
}

// isInternal reports whether from must not import path.
func isInternal(path, from string) bool {
	above, _, found := strings.Cut("/"+path+"/", "/internal/")
	return found && !strings.HasPrefix("/"+from+"/", above+"/")
}

// findProviders maps types to the providers that make them.
func (r *resolver) findProviders() {
	for _, f := range r.in.Funcs {
		if f.Role != scan.Provider || f.Guard && isCheck(f) {
			continue
		}
		if d := r.wrongProvider(f); d != nil {
			r.report(d)
			r.broken = append(r.broken, f)
			continue
		}
		r.addProvider(f, f.Range)
	}
	for _, u := range r.uses {
		for _, f := range u.Funcs {
			if f.Role == scan.Provider && isExported(f) && r.wrongProvider(f) == nil {
				r.addProvider(r.foreign(f), u.Range)
			}
		}
	}
	r.findCycles()
}

func (r *resolver) addProvider(f *scan.Func, where diag.Range) {
	t := types.Unalias(f.Results[0])
	if f.TypeParams != nil {
		r.generics = append(r.generics, f)
	} else if other, ok := r.providers.At(t).(*scan.Func); ok {
		r.report(diag.New(diag.TwoProviders, where, "%s makes %s, and so does %s", f.FullName(), r.typeString(t), other.FullName()).
			WithRelated(other.Start, "%s", other.FullName()).
			WithHint("define a type for one of them, or take the directive off one"))
	} else {
		r.providers.Set(t, f)
	}
}

// hidden is a type that t is written with and that this package cannot name,
// because it was only reached through an alias; nil if there is none.
func (r *resolver) hidden(t types.Type) *types.TypeName { return gotype.Hidden(t, r.in.Path) }

// isExported reports whether other packages can call f.
func isExported(f *scan.Func) bool {
	return f.Exported && (f.Receiver == nil || f.Receiver.Named.Obj().Exported())
}

// providerOf is the provider of exactly type t: of this package or of one that
// it uses, or else of the package that defines the type.
func (r *resolver) providerOf(t types.Type) *scan.Func {
	t = types.Unalias(t)
	if f, ok := r.providers.At(t).(*scan.Func); ok {
		return f
	}
	if gotype.Invalid(t) || isPlain(t) || scan.SpecialOf(t) != scan.NotSpecial {
		return nil
	}
	f := r.instanceOf(r.generics, t)
	if home := r.home(t); f == nil && home != nil {
		var generics []*scan.Func
		for _, other := range home.Funcs {
			if other.Role != scan.Provider || !isExported(other) || r.wrongProvider(other) != nil {
				continue
			}
			if other.TypeParams != nil {
				generics = append(generics, r.foreign(other))
			} else if types.Identical(other.Results[0], t) {
				f = r.foreign(other)
				break
			}
		}
		if f == nil {
			f = r.instanceOf(generics, t)
		}
	}
	if f != nil {
		r.providers.Set(t, f)
	}
	return f
}

// home is the package that defines t, or what t points to; nil if it is this
// one, or one that cannot have directives.
func (r *resolver) home(t types.Type) *scan.Package {
	named, ok := types.Unalias(gotype.UnderPointers(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return nil
	}
	path := named.Obj().Pkg().Path()
	if path == r.in.Path || path == scan.RuntimePath || r.isStandard(named) || isInternal(path, r.in.Path) {
		return nil
	}
	return r.around.Import(path)
}

// foreign is a function of another package as this one sees it.
func (r *resolver) foreign(f *scan.Func) *scan.Func {
	if seen := r.taken[f]; seen != nil {
		return seen
	}
	here := *f
	here.Origin, here.Qualifier = f, f.Pkg.Name()
	here.Depends = fromOutside(f.Depends, f.Pkg)
	r.taken[f] = &here
	return &here
}

// fromOutside are directives of a package as other packages read them: they say
// of which package the functions are.
func fromOutside(list []scan.Depend, pkg *types.Package) []scan.Depend {
	list = slices.Clone(list)
	for i := range list {
		if list[i].Package == "" {
			list[i].Package = pkg.Path()
		}
	}
	return list
}

// lookup is the function, method or variable of func type that a directive
// names, nil if there is none that could be called.
func (r *resolver) lookup(dep scan.Depend) *scan.Func {
	pkg := r.in
	if dep.Package != "" && dep.Package != r.in.Path {
		if pkg = r.around.Import(dep.Package); pkg == nil {
			return nil
		}
	}
	f := r.local(pkg, dep.Target)
	if f == nil || pkg == r.in {
		return f
	}
	if !isExported(f) {
		return nil
	}
	return r.foreign(f)
}

// local is the function of a package with that name, nil if there is none.
func (r *resolver) local(pkg *scan.Package, target string) *scan.Func {
	if f := pkg.ByName[target]; f != nil {
		return f
	}
	key := pkg.Path + "." + target
	if r.taken[key] == nil {
		r.taken[key] = objectFunc(pkg, target)
	}
	return r.taken[key]
}

// objectFunc is a function of a package as its object alone tells: a variable
// of func type, or a function of a package without directives.
func objectFunc(pkg *scan.Package, target string) *scan.Func {
	name, method, isMethod := strings.Cut(target, ".")
	obj := pkg.Scope.Lookup(name)
	var receiver *scan.Receiver
	if isMethod {
		typ, ok := obj.(*types.TypeName)
		if !ok {
			return nil
		}
		named, ok := typ.Type().(*types.Named)
		if !ok {
			return nil
		}
		receiver = &scan.Receiver{Range: pkg.Position(obj), Named: named}
		obj, _, _ = types.LookupFieldOrMethod(types.NewPointer(named), true, pkg.Types, method)
		if _, ok := obj.(*types.Func); !ok {
			return nil
		}
	}
	switch obj.(type) {
	case *types.Func, *types.Var:
	default:
		return nil
	}
	return scan.FuncOf(obj, receiver, pkg.Position(obj))
}
