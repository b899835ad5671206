package generator

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
)

var update = flag.Bool("update", false, "rewrite the generated files of testdata/ok")

// ways are how the types of dependencies are read.
var ways = []string{"export data", "source", "bundle"}

// generateBy generates with the types of dependencies read in one of these ways. A
// bundle is what a run from source before has kept.
func generateBy(t *testing.T, way string, cfg Config) Result {
	t.Helper()
	cfg.imports = load.ExportData
	if way != "export data" {
		cfg.imports = load.Source
	}
	generate := func() Result {
		result, err := Generate(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	if way != "bundle" {
		return generate()
	}
	cfg.cache = t.TempDir()
	generate()
	bundles := readDir(t, cfg.cache)
	if len(bundles) == 0 {
		t.Fatal("no bundle is kept")
	}
	longAgo := time.Unix(1, 0)
	for name := range bundles {
		if err := os.Chtimes(name, longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
	result := generate()
	for name, now := range readDir(t, cfg.cache) {
		if before := bundles[name]; before == nil || !os.SameFile(before, now) || now.ModTime().Equal(longAgo) {
			t.Errorf("the bundle %s was written, and should have been used", name)
		}
	}
	return result
}

// readDir are the files of a directory, by their paths.
func readDir(t *testing.T, dir string) map[string]os.FileInfo {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]os.FileInfo{}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Join(dir, entry.Name())] = info
	}
	return files
}

// TestGolden generates testdata/ok, with dependencies from export data, from source and
// from a bundle, and compares the results with the files that are committed.
func TestGolden(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			result := generateBy(t, way, Config{Dir: "..", Patterns: []string{"./testdata/ok/...", "./examples/..."}})
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

// TestMistakes checks that mistakes, too, are the same whether dependencies come from
// export data, from source or from a bundle.
func TestMistakes(t *testing.T) {
	var first []string
	for _, way := range ways {
		result := generateBy(t, way, Config{Dir: "..", Patterns: []string{"./testdata/errors/..."}})
		list := texts(result.Diagnostics)
		if first == nil {
			first = list
		}
		if !result.HasErrors() || !slices.Equal(list, first) {
			t.Errorf("%s:\n%s\n%s:\n%s", ways[0], strings.Join(first, "\n"), way, strings.Join(list, "\n"))
		}
	}
}

// TestPatterns checks that what is generated for a package does not depend on
// which others are asked for.
func TestPatterns(t *testing.T) {
	all := golden(t, "./testdata/ok/...")
	for _, file := range all.Files {
		dir := filepath.Dir(file.Path)
		one := golden(t, dir)
		if !slices.ContainsFunc(one.Files, func(f File) bool { return f.Path == file.Path && string(f.Content) == string(file.Content) }) {
			t.Errorf("%s is generated otherwise when its package is asked for alone", file.Path)
		}
	}
}

func golden(t *testing.T, patterns ...string) Result {
	t.Helper()
	result, err := Generate(t.Context(), Config{Dir: "..", Patterns: patterns})
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
	result := golden(t, "./testdata/errors/...")
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
