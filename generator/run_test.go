package generator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
)

// A bug of ours is a diagnostic of one package, and says where it is.
func TestPanicKeepsItsStack(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "/p/p.go", "package p\n\n//bggen:route GET /\nfunc F() {}\n", parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	p := load.FromSyntax(types.Config{}, "example.com/p", "p", fset, []*ast.File{file}, nil)
	p.Fset = nil // a bug
	o := newRun([]*load.Package{p}, false).generate(p)
	if len(o.diagnostics) != 1 || o.diagnostics[0].Entry != diag.NotGenerated || !strings.Contains(o.diagnostics[0].Stack, "scan.go") {
		t.Errorf("%+v", o.diagnostics)
	}
}

// imports are what each stage may import of the others. Data flows one way.
var imports = map[string][]string{
	"diag":     {},
	"explain":  {"diag"},
	"gotype":   {},
	"load":     {"diag"},
	"scan":     {"diag", "gotype", "load"},
	"model":    {"scan", "gotype"},
	"naming":   {"model", "plan", "scan", "gotype"},
	"resolve":  {"diag", "gotype", "load", "scan", "model", "naming"},
	"plan":     {"model", "scan", "gotype"},
	"emit":     {"diag", "gotype", "model", "naming", "plan", "scan"},
	"schema":   {"gotype", "model"},
	"describe": {"gotype", "model", "scan", "schema"},
	"openapi":  {"gotype", "model", "scan", "schema"},
}

func TestStagesImportOneWay(t *testing.T) {
	const prefix = "github.com/bggen/bggen/generator/internal/"
	dirs, err := os.ReadDir("internal")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		allowed, known := imports[dir.Name()]
		if !known {
			t.Errorf("package %s is in no stage: say in this test what it may import", dir.Name())
		}
		files, _ := filepath.Glob(filepath.Join("internal", dir.Name(), "*.go"))
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports {
				path := strings.Trim(spec.Path.Value, `"`)
				if other, internal := strings.CutPrefix(path, prefix); internal && !slices.Contains(allowed, other) {
					t.Errorf("%s imports %s: data flows load, scan, resolve, plan, emit", name, other)
				}
				if internal := path == "go/ast" || path == "go/parser"; internal && dir.Name() != "load" && dir.Name() != "scan" {
					t.Errorf("%s imports %s: there is no syntax tree below scan", name, path)
				}
			}
		}
	}
}
