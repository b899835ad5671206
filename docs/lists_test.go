package docs

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// TestLists holds the tables of the reference against what they list.
func TestLists(t *testing.T) {
	directives := regexp.MustCompile(`(?m)^\t\tname: "([\w-]+)",`).FindAllStringSubmatch(read(t, "../generator/internal/scan/directive.go"), -1)
	if len(directives) < 10 {
		t.Fatalf("found only the directives %q", directives)
	}
	for _, m := range directives {
		wantIn(t, "directives.md", "| `//bggen:"+m[1])
	}

	flags := regexp.MustCompile(`flags\.\w+Var\(&o\.\w+, "(\w+)"`).FindAllStringSubmatch(read(t, "../cmd/bggen/flags.go"), -1)
	if len(flags) < 5 {
		t.Fatalf("found only the flags %q", flags)
	}
	for _, m := range flags {
		wantIn(t, "command.md", " -"+m[1])
	}

	for field := range reflect.TypeFor[runtime.Runner]().Fields() {
		if field.IsExported() {
			wantIn(t, "configuration.md", "| `"+field.Name+"` |")
		}
	}
}

func wantIn(t *testing.T, page, text string) {
	t.Helper()
	if !strings.Contains(read(t, page), text) {
		t.Errorf("docs/%s does not have %q", page, text)
	}
}
