package lint

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/scan"
)

// An answersFact says which statuses the errors of a package have. Its lists are
// sorted by name. What is not in them makes no status.
type answersFact struct {
	Funcs     []funcFact // exported functions and methods
	Vars      []namedStatuses
	Codes     []namedStatuses // what methods StatusCode return, by type; none: it is not known
	Providers []providerFact
}

// A funcFact says which statuses the errors have that a function returns.
type funcFact struct {
	Name    string // or Type.Method
	Made    []int  // that are sure to be made
	From    []int  // the arguments that are statuses, the receiver first
	May     []int  // that may be made, and no others unless Unknown
	Unknown bool
}

type namedStatuses struct {
	Name     string
	Statuses []int
}

// A providerFact is what may be answered where a provider is called, with all that
// it needs.
type providerFact struct {
	Name, Type    string
	Guard         bool
	May, Declared []int
	Unknown       bool
}

func (*answersFact) AFact() {}

func (f *answersFact) String() string {
	var list []string
	for _, fn := range f.Funcs {
		if len(fn.Made)+len(fn.From) > 0 {
			list = append(list, fmt.Sprintf("%s%v%v", fn.Name, fn.Made, fn.From))
		}
	}
	for _, of := range slices.Concat(f.Vars, f.Codes) {
		list = append(list, fmt.Sprintf("%s%v", of.Name, of.Statuses))
	}
	return "answers: " + strings.Join(list, ", ")
}

func (f *answersFact) isEmpty() bool {
	return len(f.Funcs)+len(f.Vars)+len(f.Codes)+len(f.Providers) == 0
}

// factsOf are the facts of another package.
func (l *linter) factsOf(p *types.Package) *answersFact {
	if p != nil && l.answers[p.Path()] != nil {
		return l.answers[p.Path()]
	}
	return new(answersFact)
}

// funcFactOf is what is known of a function of another package.
func (l *linter) funcFactOf(f *types.Func) funcFact {
	if isFunc(f, runtimePath, "Unavailable") {
		return funcFact{Made: []int{503}, May: []int{503}}
	}
	list := l.factsOf(f.Pkg()).Funcs
	if i, ok := slices.BinarySearchFunc(list, nameOf(f), func(f funcFact, name string) int { return cmp.Compare(f.Name, name) }); ok {
		return list[i]
	}
	return funcFact{}
}

// nameOf is the name of a function, after that of its receiver's type.
func nameOf(f *types.Func) string {
	if recv := f.Signature().Recv(); recv != nil {
		if named := namedType(recv.Type()); named != nil {
			return named.Obj().Name() + "." + f.Name()
		}
	}
	return f.Name()
}

func (f *answersFact) varOf(v types.Object) []int { return find(f.Vars, v.Name()) }

func (f *answersFact) codesOf(method *types.Func) []int {
	return find(f.Codes, namedType(method.Signature().Recv().Type()).Obj().Name())
}

func find(list []namedStatuses, name string) []int {
	for _, of := range list {
		if of.Name == name {
			return of.Statuses
		}
	}
	return nil
}

// importAnswers reads the facts of other packages, and reports whether this one may
// make errors that have a status.
func (l *linter) importAnswers() bool {
	for _, known := range l.AllPackageFacts() {
		if fact, ok := known.Fact.(*answersFact); ok && known.Package != l.Pkg {
			l.answers[known.Package.Path()] = fact
		}
	}
	if path := l.Pkg.Path(); path != runtimePath+"/auth" && (path == runtimePath || strings.HasPrefix(path, runtimePath+"/")) {
		return false // what these make is for others, or known
	}
	for _, p := range l.Pkg.Imports() {
		if p.Path() == runtimePath || l.answers[p.Path()] != nil {
			return true
		}
	}
	return len(l.ownCodes()) > 0
}

// ownCodes are the types of this package that have a method StatusCode.
func (l *linter) ownCodes() (list []namedStatuses) {
	scope := l.Pkg.Scope()
	for _, name := range scope.Names() {
		if of, ok := scope.Lookup(name).(*types.TypeName); ok && !of.IsAlias() {
			if method := statusCode(of.Type()); method != nil && method.problem == nil && method.Pkg() == l.Pkg {
				list = append(list, namedStatuses{name, l.codesOf(method.Func)})
			}
		}
	}
	return list
}

// exportAnswers exports what other packages need to know.
func (l *linter) exportAnswers() {
	fact := &answersFact{Codes: l.ownCodes()}
	for f, decl := range l.decls {
		if !f.Exported() || decl.Body == nil || !l.carries(f.Signature(), 0) {
			continue
		}
		m, seen := l.makes(l.prog.FuncValue(f)), l.mayOf(decl)
		known := funcFact{nameOf(f), slices.Sorted(maps.Keys(m.found)), m.from, seen.sorted(), seen.unknown}
		if len(known.From)+len(known.May) > 0 || known.Unknown {
			fact.Funcs = append(fact.Funcs, known)
		}
	}
	slices.SortFunc(fact.Funcs, func(a, b funcFact) int { return cmp.Compare(a.Name, b.Name) })
	scope := l.Pkg.Scope()
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok && v.Exported() && l.isAnswer(v.Type()) {
			if m := l.makesIn(v); len(m.found) > 0 {
				fact.Vars = append(fact.Vars, namedStatuses{name, slices.Sorted(maps.Keys(m.found))})
			}
		}
	}
	for _, f := range l.read.Funcs {
		if f.Role == scan.Provider {
			of := l.neededBy(f)
			p := providerFact{f.FullName(), madeType(f), f.Guard, of.sorted(), slices.Sorted(maps.Keys(of.declared)), of.unknown}
			if len(p.May) > 0 || p.Unknown {
				fact.Providers = append(fact.Providers, p)
			}
		}
	}
	if !fact.isEmpty() {
		l.ExportPackageFact(fact)
	}
}
