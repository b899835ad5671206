package naming

import (
	"path"
	"strings"

	"github.com/bggen/bggen/generator/internal/scan"
)

// An Import is a package that the generated code imports.
type Import struct {
	Path, Name string
	Alias      bool // the name is not the package's own
}

// Mentions is what a file mentions that it does not declare. It is known when the
// file has been written once, under whatever names: these do not change it.
type Mentions struct {
	Packages []Import // that it imports, by their own names
	Own      []string // names of its own package
}

// outer are the package's own names that generated functions refer to.
func (r *namer) outer() *Scope {
	outer := NewScope(nil).Reserve("len", r.Providers).Reserve(r.mentions.Own...)
	for _, p := range r.Patterns {
		outer.Reserve(p.Var)
	}
	for _, names := range r.BodyTypes {
		outer.Reserve(names.Shape, names.Fits, names.Defaults, names.Invalid)
	}
	for _, name := range r.Bodies {
		outer.Reserve(name)
	}
	for _, name := range r.ListTypes {
		outer.Reserve(name)
	}
	return outer
}

// first are the packages that keep their names where others have the same.
var first = []string{"context", "net/http", scan.RuntimePath, scan.AdapterPath, scan.JSONBodyPath, "regexp", "unicode/utf8", "time"}

// imports gives each imported package its own name, or an alias where that is
// taken: by another import, by what the package declares, or by a variable of the
// generated code.
func (r *namer) imports(n *Scope) {
	named := map[string]bool{}
	add := func(p Import) {
		if named[p.Path] {
			return
		}
		named[p.Path] = true
		own := p.Name
		for n.Has(p.Name) || r.pkg.Scope.Lookup(p.Name) != nil {
			p.Alias = true
			if p.Name == own {
				p.Name = strings.Map(smallLetter, path.Base(path.Dir(p.Path))) + own
			} else {
				p.Name += "pkg"
			}
			if p.Name == own { // nothing before it in the path
				p.Name += "pkg"
			}
		}
		n.Reserve(p.Name)
		r.Imports = append(r.Imports, p)
	}
	for _, path := range first {
		for _, p := range r.mentions.Packages {
			if p.Path == path {
				add(p)
			}
		}
	}
	for _, p := range r.mentions.Packages {
		add(p)
	}
}

func smallLetter(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}
