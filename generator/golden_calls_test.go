package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Everything that generated code can call is called in a golden case: what
// package adapter exports is for generated code alone.
func TestAdapterIsCalled(t *testing.T) {
	called := map[string]bool{"Decode": true, "Fill": true, "Find": true} // by package adapter
	for _, file := range parse(t, "../testdata/ok", "bggen_gen.go") {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				called[s.Sel.Name] = true
			}
			return true
		})
	}
	for _, file := range parse(t, "../runtime/adapter", ".go") {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Name.IsExported() && isCalledByName(f) && !called[f.Name.Name] {
				t.Errorf("no golden case calls %s.%s", file.Name, f.Name)
			}
		}
	}
}

// isCalledByName reports whether a function is one that generated code calls, or a
// method of a type that it sees: others implement interfaces.
func isCalledByName(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if index, ok := receiver.(*ast.IndexExpr); ok {
		receiver = index.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported() && f.Name.Name != "String"
}

// parse parses the Go files below dir whose names end in suffix, but tests.
func parse(t *testing.T, dir, suffix string) (files []*ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, suffix) || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		files = append(files, file)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	return files
}
