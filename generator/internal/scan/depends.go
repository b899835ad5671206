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
		if param == "" || t.f == nil {
			dep.Target = "" // a guard fills no parameter
		}
	}
	if dep.Target == "" {
		s.badArgument(d, first)
		return false
	}
	t.depend = s.named(dep)
	return true
}

// named finds the package of what a directive names.
func (s *scanner) named(dep Depend) Depend {
	dep.Package, dep.Target = load.SplitTarget(dep.Target)
	if name, rest, ok := strings.Cut(dep.Target, "."); ok && dep.Package == "" && s.pkg.Scope.Lookup(name) == nil && s.imports[name] != "" {
		dep.Package, dep.Target = s.imports[name], rest
	}
	return dep
}

// addDepend adds what was read to a function, to the app struct, or to the
// package.
func (s *scanner) addDepend(t *target, d directive) {
	switch t.place {
	case onFunc, onVar:
		t.f.Depends = append(t.f.Depends, t.depend)
	case onType:
		s.appGuards = append(s.appGuards, appGuard{t.spec.Name.Name, d, t.depend})
	case onPackage:
		t.depend.constraint = s.constraint
		s.pkg.Guards = append(s.pkg.Guards, t.depend)
	}
}

// An appGuard is a guard that stands on a type, which is to be the app struct.
type appGuard struct {
	typeName string
	directive
	depend Depend
}

// addAppGuards gives the app struct its guards, when all types have been read.
func (s *scanner) addAppGuards() {
	for _, g := range s.appGuards {
		if s.pkg.App == nil || s.pkg.App.Named.Obj().Name() != g.typeName {
			s.report(diag.New(diag.MisplacedDirective, g.Range, "%s stands on %s, which is no app struct", g.directive, g.typeName).
				WithHint("on the struct with //bggen:app, it guards every handler that uses that struct"))
			continue
		}
		s.pkg.App.Guards = append(s.pkg.App.Guards, g.depend)
	}
}

// without reads the name of a guard.
func (s *scanner) without(t *target, d directive) bool {
	dep := s.named(Depend{Range: d.args[0].Range, Target: d.args[0].text})
	if slices.ContainsFunc(t.f.Without, func(other Depend) bool { return other.Package == dep.Package && other.Target == dep.Target }) {
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s of %s", d, d.args[0].text).WithHint("keep one of them"))
		return false
	}
	t.f.Without = append(t.f.Without, dep)
	return true
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
