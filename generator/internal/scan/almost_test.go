package scan

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMeant(t *testing.T) {
	for _, line := range []string{
		"// bggen:depends Guard", "//bggen: depends Guard", "//bggen :depends Guard", "/*bggen:depends Guard*/", "///bggen:depends Guard",
		"//BGGEN:depends Guard", "//bggen depends Guard", "//bggen-depends Guard", "//bggen_depends Guard", "//bggen;depends Guard", "//bggen/depends Guard",
		"//bgen:depends Guard", "//bbgen:depends Guard", "//bgggen:depends Guard", "//bgegn:depends Guard", "//bgen: depends Guard", "// bgen:depends Guard",
		"//bgen:depnds Guard", "//bgen depends Guard", "//bggen depnds Guard",
		"//bggendepends Guard", "//bgendepends Guard", "//@bggendepends Guard",
		"//@bggen:depends Guard", "// @bggen:depends Guard", "//#bggen:depends Guard", "//+bggen:depends Guard", "//go:bggen depends Guard", "//go:bggen:depends Guard",
		"//\u00a0bggen:depends Guard", "//\u2003bggen:depends Guard", "//\u200bbggen:depends Guard", "//bg\u200dgen:depends Guard", "//\ufeffbggen:depends Guard",
		"//bggen：depends Guard", "//bggеn:depends Guard", "//bggen:dеpends Guard", "//ｂｇｇｅｎ:depends Guard", "//bɡɡen:depends Guard",
		"// bggen:depnds Guard",
	} {
		if name, _, ok := meant(line, strings.HasPrefix(line, "/*")); !ok || name != "depends" {
			t.Errorf("%q: %q, %t", line, name, ok)
		}
	}
	for _, line := range []string{"//bggen:", "//bbgen:", "//bggen:x"} {
		if name, _, ok := meant(line, false); !ok || name != "" {
			t.Errorf("%q: %q, %t", line, name, ok)
		}
	}
	for _, line := range []string{
		"// bggen generates what is around handlers, and bggen-handler is no word.", "// bggen: brings background tasks; this is prose.",
		"// bggen uses go/packages.", "// bggen provides adapters.", "//bggen uses what the go command says of packages.", "// bggen handler functions are plain.",
		"// See bggen:depends.", "// bggen.", "//go:generate go tool bggen ./...", "//go:generate bggen", "//go:build bggen",
		"//gen:qs", "//gogen:model", "//nolint:all", "//lint:ignore U1000 used by bggen", "//export bggen_use", "// began: use of it", "// begin: task one",
		"//bggen", "// bggen", "//", "// - bggen", "// Deprecated: use bggen.", "// begin use of the app", "// https://github.com/bggen/bggen", "// github.com/bggen/bggen/runtime",
	} {
		if name, _, ok := meant(line, false); ok {
			t.Errorf("%q was taken for %q", line, name)
		}
	}
}

// TestNoFalseAlarm looks at the comments of the standard library and of this
// repository, but for the cases that are meant to be wrong.
func TestNoFalseAlarm(t *testing.T) {
	goroot, err := filepath.EvalSymlinks(filepath.Join(strings.TrimSpace(os.Getenv("GOROOT")), "."))
	roots := []string{"../../.."}
	if os.Getenv("GOROOT") != "" && err == nil {
		roots = append(roots, filepath.Join(goroot, "src/net"), filepath.Join(goroot, "src/go"), filepath.Join(goroot, "src/cmd/go"))
	}
	seen := 0
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() && (d.Name() == "testdata" && !strings.HasSuffix(path, "lint/testdata") || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				seen += commentsOf(t, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 3000 {
		t.Errorf("only %d comments were looked at", seen)
	}
}

func commentsOf(t *testing.T, path string) (n int) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return 0
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			n++
			if strings.HasPrefix(c.Text, "//bggen:") {
				continue
			}
			for line := range strings.Lines(c.Text) {
				if name, _, ok := meant(line, strings.HasPrefix(c.Text, "/*")); ok {
					t.Errorf("%s: %q was taken for %q", path, line, name)
				}
			}
		}
	}
	return n
}

func FuzzMeant(f *testing.F) {
	f.Add("//bgen:depends Guard", false)
	f.Add("//\u00a0bggen：dеpends x", true)
	f.Fuzz(func(t *testing.T, line string, block bool) { meant(line, block) })
}
