package lint_test

import (
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
