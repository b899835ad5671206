package load

import (
	"go/ast"
	"go/token"
	"strings"
	"unicode"

	"golang.org/x/tools/go/packages"
)

// SplitTarget splits what a directive names by full path,
// example.com/auth.RequireUser or example.com/auth.Users.Check, into the path of
// the package and the name in it. The path is "" where there is none.
func SplitTarget(text string) (path, name string) {
	slash := strings.LastIndexByte(text, '/')
	if slash < 0 {
		return "", text
	}
	last := strings.Split(text[slash+1:], ".")
	n := len(last) - 1 // of the function
	if n > 1 && strings.IndexFunc(last[n-1], unicode.IsUpper) == 0 {
		n-- // a method, with its type
	}
	if n < 1 {
		return text, ""
	}
	return text[:slash+1] + strings.Join(last[:n], "."), strings.Join(last[n:], ".")
}

// NamedPackages are the packages that the directives of a file name by path.
func NamedPackages(file *ast.File) (list []string) {
	for _, group := range file.Comments {
		for _, c := range group.List {
			d, ok := ast.ParseDirective(token.NoPos, c.Text)
			if !ok || d.Tool != "bggen" {
				continue
			}
			first, _, _ := strings.Cut(strings.TrimSpace(d.Args), " ")
			switch d.Name {
			case "use":
				list = append(list, first)
			case "depends":
				if _, target, ok := strings.Cut(first, "="); ok {
					first = target
				}
				if path, name := SplitTarget(first); path != "" && name != "" {
					list = append(list, path)
				}
			}
		}
	}
	return list
}

// imported is the package that from imports, at any depth, or names.
func (l *loader) imported(from *source, path string) *Package {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.external[path] != nil && !l.reaches(from, path) {
		return nil // what is generated must not depend on what else was asked for
	}
	p, ok := l.known[path]
	if !ok {
		p = l.toImport(path)
		l.known[path] = p
	}
	return p
}

func (l *loader) toImport(path string) *Package {
	s := l.external[path]
	if s == nil {
		s = l.sources[path]
	}
	if s == nil || !s.parsed {
		t, err := l.importOuter(path)
		if err != nil {
			return nil
		}
		return &Package{Path: path, Main: l.external[path] == nil && l.inMain(path), Name: t.Name(), Fset: l.fset, Types: t}
	}
	if s.types == nil {
		return nil
	}
	p := &Package{Path: s.path, Main: l.external[path] == nil && l.inMain(path), Name: s.name, Dir: s.dir, Fset: l.fset, Types: s.types}
	if s.directives || s.wanted {
		p.Files, p.Info, p.TypeErrs = s.files, s.info, s.typeErrs
	}
	return p
}

// reaches reports whether from imports a package that is not of a main module,
// as far as directives can tell.
func (l *loader) reaches(from *source, path string) bool {
	seen := map[string]bool{from.path: true}
	for todo := []*source{from}; len(todo) > 0; todo = todo[1:] {
		for _, next := range todo[0].imports() {
			if next == path {
				return true
			}
			s := l.external[next]
			if s == nil && l.inMain(next) {
				s = l.sources[next]
			}
			if s != nil && !seen[next] {
				seen[next] = true
				todo = append(todo, s)
			}
		}
	}
	return false
}

// readExternal reads those packages outside the main modules that have
// directives. It returns what these import.
func (l *loader) readExternal(metas []*packages.Package) (imports []string) {
	var found []*source
	for _, meta := range metas {
		if meta.Module != nil && !meta.Module.Main && len(meta.GoFiles) > 0 && l.external[meta.PkgPath] == nil {
			found = append(found, newSource(meta))
		}
	}
	each(found, func(s *source) {
		if s.read() {
			s.directives = s.hasDirectives()
		}
		if s.directives {
			s.parse(l.fset)
		}
		s.texts = nil
	})
	for _, s := range found {
		if s.directives {
			l.external[s.path] = s
			imports = append(imports, s.imports()...)
		}
	}
	return imports
}
