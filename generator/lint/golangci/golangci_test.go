package golangci

import (
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/lint"
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

func TestPlugin(t *testing.T) {
	build, err := register.GetPlugin("bggen")
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := p.BuildAnalyzers()
	if err != nil || !slices.Equal(analyzers, []*analysis.Analyzer{lint.Analyzer}) {
		t.Errorf("BuildAnalyzers: %v, %v, want the analyzer of package lint", analyzers, err)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("GetLoadMode: %q, want %q", mode, register.LoadModeTypesInfo)
	}
}

// TestSettings gives the settings as golangci-lint decodes them from YAML.
func TestSettings(t *testing.T) {
	for _, tt := range []struct {
		name     string
		settings any
		refused  string // a part of the error, "" if there is none
	}{
		{"none", nil, ""},
		{"an empty map", map[string]any{}, ""},
		{"a name that nothing has", map[string]any{"severity": "error"}, `"severity"`},
		{"a list", []any{"severity"}, "array"},
		{"an empty list", []any{}, "array"},
		{"a text", "strict", "string"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := newPlugin(tt.settings)
			if tt.refused == "" {
				if err != nil || p == nil {
					t.Errorf("%v, %v, want a plugin", p, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), "takes no settings") || !strings.Contains(err.Error(), tt.refused) {
				t.Errorf("%v, want an error with %q", err, tt.refused)
			}
		})
	}
}
