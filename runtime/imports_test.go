package runtime_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The packages of the runtime import the standard library, and of each other only what
// is below them.
func TestImports(t *testing.T) {
	const module = "github.com/bggen/bggen/"
	below := map[string][]string{
		"internal/failure":    nil,
		"internal/option":     nil,
		"internal/stored":     nil,
		"cron":                nil,
		"engine":              {"runtime/internal/failure"},
		"internal/core":       {"runtime/engine"},
		".":                   {"runtime/engine", "runtime/internal/core", "runtime/internal/failure", "runtime/internal/option"},
		"internal/fielderror": {"runtime"},
		"adapter/jsonbody":    {"runtime", "runtime/internal/fielderror"},
		"adapter":             {"runtime", "runtime/adapter/jsonbody", "runtime/cron", "runtime/engine", "runtime/internal/core", "runtime/internal/fielderror", "runtime/internal/option", "runtime/internal/stored"},
	}
	for dir, allowed := range below {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range file.Imports {
				path, _ := strconv.Unquote(i.Path.Value)
				ours, isOurs := strings.CutPrefix(path, module)
				if isOurs && !slices.Contains(allowed, ours) || !isOurs && strings.Contains(path, ".") {
					t.Errorf("%s imports %s", name, path)
				}
			}
		}
	}
}
