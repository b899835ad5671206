package load

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strconv"
)

// DeclaredAs is the type that a defined type is declared as, by the path of its
// package and its name: "time" and "Duration" of type Timeout time.Duration, of which
// [types.Named] knows only that it is an int64. Both are "" where it is declared as
// something that has no name, or as a predeclared type, or where its source is not there.
func DeclaredAs(fset *token.FileSet, obj *types.TypeName) (pkg, name string) {
	at := fset.Position(obj.Pos())
	file, _ := parser.ParseFile(token.NewFileSet(), at.Filename, nil, parser.SkipObjectResolution)
	if file == nil || obj.Pkg() == nil {
		return "", ""
	}
	spec := typeSpec(file, obj.Name())
	if spec == nil {
		return "", ""
	}
	switch as := generic(ast.Unparen(spec.Type)).(type) {
	case *ast.Ident:
		if _, ok := obj.Pkg().Scope().Lookup(as.Name).(*types.TypeName); ok {
			return obj.Pkg().Path(), as.Name
		}
	case *ast.SelectorExpr:
		if x, ok := as.X.(*ast.Ident); ok {
			return importedAs(file, obj.Pkg(), x.Name), as.Sel.Name
		}
	}
	return "", ""
}

// generic is the type that an expression makes an instance of, or the expression itself.
func generic(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.IndexExpr:
		return e.X
	case *ast.IndexListExpr:
		return e.X
	}
	return e
}

// typeSpec is the declaration of a type of a package.
func typeSpec(file *ast.File, name string) *ast.TypeSpec {
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.TYPE {
			for _, spec := range decl.Specs {
				if spec := spec.(*ast.TypeSpec); spec.Name.Name == name {
					return spec
				}
			}
		}
	}
	return nil
}

// importedAs is the path of what a file of pkg calls name.
func importedAs(file *ast.File, pkg *types.Package, name string) string {
	names := map[string]string{}
	for _, imported := range pkg.Imports() {
		names[imported.Path()] = imported.Name()
	}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		called := names[p]
		if called == "" {
			called = path.Base(p)
		}
		if spec.Name != nil {
			called = spec.Name.Name
		}
		if err == nil && called == name {
			return p
		}
	}
	return ""
}
