package lint_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/lint"
	"golang.org/x/tools/go/analysis/analysistest"
)

func TestAnalyzer(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), lint.Analyzer, "./conn", "./tasks", "./structs", "./foreign", "./quiet", "./services", "./stale", "./orphan")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), lint.Analyzer, "./fixes")
}

// TestOurOwn runs the command over the packages of this module, by itself and
// under go vet: nothing is wrong with them.
func TestOurOwn(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "bggenvet")
	for _, args := range [][]string{
		{"go", "build", "-o", tool, "../../cmd/bggenvet"},
		{tool, "../../examples/...", "../../testdata/ok/..."},
		{"go", "vet", "-vettool=" + tool, "../../examples/...", "../../testdata/ok/..."},
	} {
		if out, err := exec.CommandContext(t.Context(), args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}
