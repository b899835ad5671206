package lint_test

import (
	"testing"

	"github.com/bggen/bggen/generator/lint"
	"golang.org/x/tools/go/analysis/analysistest"
)

func TestAnalyzer(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), lint.Analyzer,
		"./conn", "./tasks", "./structs", "./foreign", "./quiet", "./services", "./stale", "./orphan", "./frameworks", "./rows", "./answers", "./answers/errs", "./answers/store")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), lint.Analyzer, "./fixes", "./declare")
}

func TestFlags(t *testing.T) {
	for name, dir := range map[string]string{"all": "./plain", "why": "./silence"} {
		t.Run(name, func(t *testing.T) {
			set := func(value string) {
				if err := lint.Analyzer.Flags.Set(name, value); err != nil {
					t.Error(err)
				}
			}
			set("true")
			defer set("false")
			analysistest.Run(t, analysistest.TestData(), lint.Analyzer, dir)
		})
	}
}
