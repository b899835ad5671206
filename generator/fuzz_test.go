package generator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
)

// FuzzGenerate feeds the stages behind the loader with one-file packages,
// mutated from the golden cases. They never panic, and end in mistakes with
// positions, or in a file that compiles.
func FuzzGenerate(f *testing.F) {
	var paths []string
	for _, pattern := range []string{"../testdata/ok/*/*.go", "../testdata/errors/*/*.go", "../examples/notify/notify/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		paths = append(paths, found...)
	}
	for _, path := range paths {
		if filepath.Base(path) == FileName || strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	imports := knownPackages(f)
	f.Fuzz(func(t *testing.T, text string) {
		p := onePackage(text, imports)
		if p == nil {
			return // does not parse: the loader says so
		}
		o := newRun([]*load.Package{p}, true).generate(p)
		for _, d := range o.diagnostics {
			if d.Entry == diag.NotGenerated || !d.Start.IsValid() {
				t.Errorf("%s: %s", d.Start, d.Message)
			}
		}
		if o.file != nil {
			compiles(t, p, imports, o.file.Content)
		}
	})
}

var importsFset *token.FileSet // of the known packages

// knownPackages are the packages that the golden cases import.
func knownPackages(f *testing.F) map[string]*types.Package {
	pkgs, err := load.Load(f.Context(), load.Config{Dir: "..", Patterns: []string{"./testdata/ok/...", "./testdata/errors/...", "./examples/...", "./runtime/adapter/jsonbody"}})
	if err != nil {
		f.Fatal(err)
	}
	importsFset = pkgs[0].Fset
	known := map[string]*types.Package{"unsafe": types.Unsafe}
	var add func(p *types.Package)
	add = func(p *types.Package) {
		if known[p.Path()] == nil && p.Complete() {
			known[p.Path()] = p
			for _, q := range p.Imports() {
				add(q)
			}
		}
	}
	for _, p := range pkgs {
		if p.Types != nil {
			if strings.HasPrefix(p.Path, "github.com/bggen/bggen/runtime/") { // what generated code imports
				add(p.Types)
			}
			for _, q := range p.Types.Imports() {
				add(q)
			}
		}
	}
	return known
}

type importMap map[string]*types.Package

func (m importMap) Import(path string) (*types.Package, error) {
	if p := m[path]; p != nil {
		return p, nil
	}
	return nil, os.ErrNotExist
}

// onePackage is a package as the loader gives it, nil if it does not parse.
func onePackage(text string, imports importMap) *load.Package {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "/fuzz/fuzz.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || file.Name.Name == "_" {
		return nil
	}
	p := load.FromSyntax(types.Config{}, "example.com/fuzz", file.Name.Name, fset, []*ast.File{file}, imports)
	p.Dir = "/fuzz"
	known := p.Import
	p.Import = func(path string) *load.Package {
		imported := known(path)
		if imported != nil {
			imported.Fset = importsFset
		}
		return imported
	}
	return p
}

// compiles checks the generated file beside the package. What the package gets
// wrong by itself is the compiler's to say.
func compiles(t *testing.T, p *load.Package, imports importMap, content []byte) {
	alone := 0
	cfg := types.Config{FakeImportC: true, IgnoreFuncBodies: true, Importer: imports, Error: func(error) { alone++ }}
	cfg.Check(p.Path, p.Fset, p.Files, nil)
	if alone > 0 {
		return
	}
	generated, err := parser.ParseFile(p.Fset, FileName, content, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, content)
	}
	cfg = types.Config{FakeImportC: true, Importer: imports, Error: func(err error) {
		e := err.(types.Error)
		if strings.HasPrefix(e.Msg, "could not import") {
			return // regexp, say: no golden case imports it itself
		}
		if p.Fset.Position(e.Pos).Filename == FileName {
			t.Errorf("%v\n%s", err, content)
		}
	}}
	cfg.Check(p.Path, p.Fset, append([]*ast.File{generated}, p.Files...), nil)
}
