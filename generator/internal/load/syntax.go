package load

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
)

// FromSyntax is a package of which somebody else has parsed the files, with
// comments, and the imports are known by their paths. Size and version of the
// language are those of cfg.
func FromSyntax(cfg types.Config, path, name string, fset *token.FileSet, files []*ast.File, known map[string]*types.Package) *Package {
	p := &Package{Path: path, Name: name, Fset: fset, Files: files, Info: newInfo()}
	p.Import = func(path string) *Package {
		if t := known[path]; t != nil {
			return &Package{Path: path, Name: t.Name(), Fset: fset, Types: t}
		}
		return nil
	}
	cfg.Importer = importerFunc(func(path string) (*types.Package, error) {
		if t := known[path]; t != nil {
			return t, nil
		}
		return nil, errors.New("package " + path + " is not known")
	})
	p.Types, p.TypeErrs = checkSignatures(cfg, path, fset, files, p.Info)
	return p
}
