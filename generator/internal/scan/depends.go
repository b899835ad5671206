package scan

import (
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
)

// depends reads [param=]Func.
func (s *scanner) depends(t *target, d directive) bool {
	first := d.args[0]
	dep := Depend{Range: first.Range, Target: first.text}
	if param, target, named := strings.Cut(first.text, "="); named {
		dep.Param, dep.Target = param, target
		if param == "" || t.place == onPackage {
			dep.Target = "" // a guard fills no parameter
		}
	}
	if dep.Target == "" {
		s.badArgument(d, first)
		return false
	}
	dep.Package, dep.Target = load.SplitTarget(dep.Target)
	if name, rest, ok := strings.Cut(dep.Target, "."); ok && dep.Package == "" && s.pkg.Scope.Lookup(name) == nil && s.imports[name] != "" {
		dep.Package, dep.Target = s.imports[name], rest
	}
	t.depend = dep
	return true
}

// addDepend adds what was read to a function, or to the package.
func (s *scanner) addDepend(t *target, _ directive) {
	if t.place == onFunc {
		t.f.Depends = append(t.f.Depends, t.depend)
		return
	}
	t.depend.constraint = s.constraint
	s.pkg.Guards = append(s.pkg.Guards, t.depend)
}

// use reads the path of a package.
func (s *scanner) use(_ *target, d directive) bool {
	path := d.args[0]
	switch {
	case strings.Contains(path.text, "="):
		s.badArgument(d, path)
		return false
	case slices.ContainsFunc(s.pkg.Uses, func(u Use) bool { return u.Path == path.text }):
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s of %s", d, path.text).
			WithHint("one in any file counts for the package"))
		return false
	}
	s.pkg.Uses = append(s.pkg.Uses, Use{path.Range, path.text})
	return true
}
