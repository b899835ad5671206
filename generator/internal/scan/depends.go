package scan

import (
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
)

// depends reads [param=]Func [fresh].
func (s *scanner) depends(d directive, onFunction bool) (dep Depend, ok bool) {
	if len(d.args) == 0 {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s names no function", d).
			WithHint("it is written %s", directives[d.name]))
		return dep, false
	}
	first := d.args[0]
	dep = Depend{Range: first.Range, Target: first.text}
	if param, target, named := strings.Cut(first.text, "="); named {
		dep.Param, dep.Target = param, target
	}
	for _, arg := range d.args[1:] {
		if arg.text != "fresh" || dep.Param == "" || dep.Fresh {
			s.badArgument(d, arg)
			continue
		}
		dep.Fresh = true
	}
	_, named := strings.CutPrefix(first.text, "=")
	if !onFunction && dep.Param != "" || dep.Target == "" || named {
		s.badArgument(d, first)
		return dep, false
	}
	dep.Package, dep.Target = load.SplitTarget(dep.Target)
	if name, rest, ok := strings.Cut(dep.Target, "."); ok && dep.Package == "" && s.pkg.Scope.Lookup(name) == nil && s.imports[name] != "" {
		dep.Package, dep.Target = s.imports[name], rest
	}
	return dep, true
}

// use reads the path of a package.
func (s *scanner) use(d directive) {
	if len(d.args) != 1 || strings.Contains(d.args[0].text, "=") {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s takes the path of one package", d).
			WithHint("it is written %s", directives[d.name]))
		return
	}
	if slices.ContainsFunc(s.pkg.Uses, func(u Use) bool { return u.Path == d.args[0].text }) {
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s of %s", d, d.args[0].text).
			WithHint("one in any file counts for the package"))
		return
	}
	s.pkg.Uses = append(s.pkg.Uses, Use{d.args[0].Range, d.args[0].text})
}

// paramSpec reads NAME [in][=NAME] [default=] and limits.
func (s *scanner) paramSpec(f *Func, d directive) {
	if len(d.args) == 0 {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s names no parameter", d).
			WithHint("it is written %s", directives[d.name]))
		return
	}
	spec := ParamSpec{Range: d.args[0].Range, Param: d.args[0].text}
	if slices.ContainsFunc(f.Specs, func(other ParamSpec) bool { return other.Param == spec.Param }) {
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s for %q", d, spec.Param).
			WithHint("write what it says into the first"))
		return
	}
	for _, arg := range d.args[1:] {
		key, value, hasValue := strings.Cut(arg.text, "=")
		switch {
		case key == "default" && hasValue && !spec.Or:
			spec.Default, spec.Or = value, true
		case slices.Contains([]string{"path", "query", "header", "cookie", "form"}, key) && spec.In == "" && (value != "") == hasValue:
			spec.In, spec.Name = key, value
		case slices.Contains([]string{"min", "max", "minlen", "maxlen", "pattern", "enum"}, key) && hasValue &&
			!slices.ContainsFunc(spec.Limits, func(l Limit) bool { return l.Kind == key }):
			spec.Limits = append(spec.Limits, Limit{arg.Range, key, value})
		default:
			s.badArgument(d, arg)
		}
	}
	if spec.In == "header" && spec.Name == "" {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "a header needs its name").
			WithHint("write //bggen:param %s header=X-Name", spec.Param))
		return
	}
	f.Specs = append(f.Specs, spec)
}
