package generator

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
)

var update = flag.Bool("update", false, "rewrite the generated files of testdata/ok")

// TestGolden generates testdata/ok, with dependencies from export data and from
// source, and compares the results with the files that are committed.
func TestGolden(t *testing.T) {
	for name, imports := range map[string]load.Imports{"export data": load.ExportData, "source": load.Source} {
		t.Run(name, func(t *testing.T) {
			result := golden(t, imports, "./testdata/ok/...", "./examples/...")
			for _, d := range result.Diagnostics {
				t.Errorf("%s: %s", d.Start, d.Message)
			}
			if len(result.Files) < 12 {
				t.Errorf("only %d files", len(result.Files))
			}
			for _, file := range result.Files {
				if !file.Stale() {
					continue
				}
				t.Errorf("%s is not what is generated:\n%s", file.Path, file.Content)
				if *update {
					if err := os.WriteFile(file.Path, file.Content, 0o644); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

// TestBothImports checks that mistakes, too, are the same whether dependencies
// come from export data or from source.
func TestBothImports(t *testing.T) {
	a := golden(t, load.ExportData, "./testdata/errors/...")
	b := golden(t, load.Source, "./testdata/errors/...")
	if !a.HasErrors() || !reflect.DeepEqual(texts(a.Diagnostics), texts(b.Diagnostics)) {
		t.Errorf("export data:\n%s\nsource:\n%s", texts(a.Diagnostics), texts(b.Diagnostics))
	}
}

// TestPatterns checks that what is generated for a package does not depend on
// which others are asked for.
func TestPatterns(t *testing.T) {
	all := golden(t, load.Auto, "./testdata/ok/...")
	for _, file := range all.Files {
		dir := filepath.Dir(file.Path)
		one := golden(t, load.Auto, dir)
		if !slices.ContainsFunc(one.Files, func(f File) bool { return f.Path == file.Path && string(f.Content) == string(file.Content) }) {
			t.Errorf("%s is generated otherwise when its package is asked for alone", file.Path)
		}
	}
}

func golden(t *testing.T, imports load.Imports, patterns ...string) Result {
	t.Helper()
	result, err := Generate(t.Context(), Config{Dir: "..", Patterns: patterns, imports: imports})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func texts(list []*Diagnostic) (all []string) {
	for _, d := range list {
		all = append(all, d.Start.String()+": "+d.Message+": "+d.Hint)
	}
	return all
}

// TestCatalogue checks that every kind of mistake has a case.
func TestCatalogue(t *testing.T) {
	result := golden(t, load.Auto, "./testdata/errors/...")
	seen := map[*diag.Entry]bool{}
	for _, d := range result.Diagnostics {
		seen[d.Entry] = true
		if !d.Start.IsValid() {
			t.Errorf("%s has no position", d.Message)
		}
		if d.Hint == "" && d.Entry != diag.Syntax {
			t.Errorf("%s: %s: no way out is named", d.Start, d.Message)
		}
	}
	for _, entry := range diag.Catalogue {
		if !seen[entry] && entry != diag.NotLoaded && entry != diag.NotGenerated {
			t.Errorf("%s, %s, has no case", entry.Code, entry.Title)
		}
	}
}
