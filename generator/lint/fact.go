package lint

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/load"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A directedFact is of a package that has directives.
type directedFact struct {
	Provided []string // types
	Released []release
}

// A release is a type of which a provider releases or settles the values before
// the tasks of a request run.
type release struct{ Type, By string }

func (*directedFact) AFact() {}

func (f *directedFact) String() string {
	list := make([]string, len(f.Released))
	for i, r := range f.Released {
		list[i] = r.By + " releases " + r.Type
	}
	return "directed: " + strings.Join(list, ", ")
}

// A directedPackage is one that has directives.
type directedPackage struct {
	path string
	*directedFact
}

// readDirectives has package scan read what the directives of this package say,
// and exports it: that is all that is done with one which does not use the runtime.
func (l *linter) readDirectives() {
	var files []*ast.File
	directed := false
	for _, file := range l.Files {
		if !l.isTest(file) {
			files = append(files, file)
			directed = directed || len(directives(file)) > 0
		}
	}
	if !directed && !l.imports(runtimePath) {
		return
	}
	read := scan.Scan(&load.Package{Path: l.Pkg.Path(), Name: l.Pkg.Name(), Fset: l.Fset, Files: files, Types: l.Pkg, Info: l.TypesInfo})
	l.read = read
	for _, u := range read.Uses {
		l.mentioned = append(l.mentioned, u.Path)
	}
	l.mention(read.Guards)
	for _, f := range read.Funcs {
		l.said[f.Object] = f
		l.mention(f.Depends)
		if f.Role == scan.Provider {
			l.noteProvided(f)
		}
	}
	if directed {
		l.exportDirected()
	}
}

func (l *linter) mention(list []scan.Depend) {
	for _, d := range list {
		l.mentioned = append(l.mentioned, d.Package)
	}
}

// saidOf is what directives say of a function.
func (l *linter) saidOf(fn *ast.FuncDecl) *scan.Func {
	obj, _ := l.TypesInfo.Defs[fn.Name].(*types.Func)
	return cmp.Or(l.said[obj], new(scan.Func))
}

// noteProvided notes the type that a provider makes, and whether its values are
// given back before the tasks run.
func (l *linter) noteProvided(f *scan.Func) {
	if len(f.Results) == 0 {
		return
	}
	named := namedType(f.Results[0])
	if named == nil || named.Obj().Pkg() == nil {
		return
	}
	l.provided[typeName(named)] = true
	if len(f.Results) < 2 || f.Hold {
		return
	}
	if cleanup, ok := types.Unalias(f.Results[1]).(*types.Signature); ok && cleanup.Params().Len() < 2 {
		l.released[typeName(named)] = f.Name
	}
}

// importDirected finds the packages with directives that this one imports.
func (l *linter) importDirected() {
	for _, known := range l.AllPackageFacts() {
		if fact, ok := known.Fact.(*directedFact); ok && known.Package != l.Pkg {
			l.directed = append(l.directed, directedPackage{known.Package.Path(), fact})
		}
	}
}

func (l *linter) isDirected(path string) bool {
	return slices.ContainsFunc(l.directed, func(p directedPackage) bool { return p.path == path })
}

func (l *linter) exportDirected() {
	fact := &directedFact{Provided: slices.Sorted(maps.Keys(l.provided))}
	for _, name := range slices.Sorted(maps.Keys(l.released)) {
		fact.Released = append(fact.Released, release{name, l.released[name]})
	}
	l.ExportPackageFact(fact)
}

// releasedBy is the provider that makes values of t and releases them: one of
// this package, of that of t, or of one that a directive names.
func (l *linter) releasedBy(t types.Type) string {
	named := namedType(t)
	if named == nil || named.Obj().Pkg() == nil {
		return ""
	}
	name := typeName(named)
	if by := l.released[name]; by != "" {
		return by
	}
	for _, known := range l.directed {
		if !l.takesFrom(known, named) {
			continue
		}
		for _, r := range known.Released {
			if r.Type == name {
				return r.By
			}
		}
	}
	return ""
}

// takesFrom reports whether providers of a package count for a type: it is of that
// package, or a directive names the package.
func (l *linter) takesFrom(p directedPackage, t *types.Named) bool {
	return p.path == t.Obj().Pkg().Path() || slices.Contains(l.mentioned, p.path)
}

// typeName is what a type is called everywhere.
func typeName(named *types.Named) string {
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}
