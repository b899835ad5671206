package scan

import (
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// prefix reads what comes before the path of every route of the package.
func (s *scanner) prefix(_ *target, d directive) bool {
	path := d.args[0]
	switch {
	case !isPrefix(path.text):
		s.report(diag.New(diag.DirectiveArgument, path.Range, "%q is no prefix of paths", path.text).
			WithHint("a prefix begins with a slash and does not end with one: /v1, /orgs/{org}"))
		return false
	case s.pkg.Prefix.Path != "":
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s", d).
			WithHint("one in any file counts for the package"))
		return false
	}
	s.foreignWildcards(path)
	s.pkg.Prefix = Prefix{path.Range, path.text, wildcards(path)}
	for i := range s.pkg.Prefix.Wildcards {
		s.pkg.Prefix.Wildcards[i].Prefix = true
	}
	return true
}

// once sets what a directive says of all handlers of the package.
func (s *scanner) once(d directive, said *bool) {
	if *said {
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s", d).
			WithHint("one in any file counts for the package"))
	}
	*said = true
}

func isPrefix(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") && !strings.Contains(path, "...}") && !strings.Contains(path, "{$}")
}

// addPrefix puts the prefix of the package before the paths of all routes.
func (s *scanner) addPrefix() {
	p := s.pkg.Prefix
	if p.Path == "" {
		return
	}
	used := false
	for _, f := range s.pkg.Funcs {
		for i := range f.Routes {
			r := &f.Routes[i]
			slash := strings.IndexByte(r.Pattern, '/')
			r.Pattern = r.Pattern[:slash] + p.Path + r.Pattern[slash:]
			r.Wildcards = slices.Concat(p.Wildcards, r.Wildcards)
			used = true
		}
	}
	if !used {
		s.report(diag.New(diag.MisplacedDirective, p.Range, "the package has no routes that a prefix could stand before").
			WithHint("take the directive away"))
	}
}
