package synthetic

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is written is Go, and an edit changes one package or all.
func TestModule(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Handlers(t.Context(), t.TempDir(), root, Bggen, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	edited := func() (n int) {
		for _, pkg := range []string{"p0", "p1"} {
			text, err := os.ReadFile(filepath.Join(m.Dir, pkg, sourceFile))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.ParseFile(token.NewFileSet(), "", text, 0); err != nil {
				t.Error(err)
			}
			if got := strings.Count(string(text), "func Handler"); got != 3 {
				t.Errorf("%d handlers", got)
			}
			n += strings.Count(string(text), "var edited")
		}
		return n
	}
	for _, c := range []struct {
		all  bool
		want int
	}{{false, 1}, {false, 1}, {true, 2}} {
		if err := m.Edit(c.all); err != nil {
			t.Fatal(err)
		}
		if got := edited(); got != c.want {
			t.Errorf("%d packages are edited, want %d", got, c.want)
		}
	}
}

// The sources for both tools parse, for all modules.
func TestSources(t *testing.T) {
	for _, text := range []string{
		source("p", Bggen, 10, large), source("p", Wire, 10, large), injectors("p", 10, len(large)),
	} {
		if _, err := parser.ParseFile(token.NewFileSet(), "", text, 0); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	}
	for _, module := range largeModules {
		if versions[module] == "" {
			t.Errorf("%s has no version", module)
		}
	}
	if _, err := Sized(t.Context(), t.TempDir(), "", Wire, "XL"); err == nil {
		t.Error("there is a module XL")
	}
}
