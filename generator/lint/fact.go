package lint

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/load"
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

// importDirected finds the packages with directives that this one imports, and those
// that its own name.
func (l *linter) importDirected() {
	for _, file := range l.Files {
		l.mentioned = append(l.mentioned, load.NamedPackages(file)...)
	}
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

// isDirected reports whether a comment has a directive.
func isDirected(group *ast.CommentGroup) bool {
	return slices.ContainsFunc(group.List, func(c *ast.Comment) bool {
		_, ok := parseDirective(c)
		return ok
	})
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
