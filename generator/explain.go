package generator

import (
	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/explain"
)

// Explain explains the mistake of a code such as BG012: with a program that makes
// it, what is printed, and the program mended. It returns false if there is no
// such code.
func Explain(code string) (text string, ok bool) {
	for _, entry := range diag.Catalogue {
		if entry.Code == code {
			return explain.Of(entry).Text(), true
		}
	}
	return "", false
}

// Codes returns the codes of all mistakes, in order.
func Codes() (codes []string) {
	for _, entry := range diag.Catalogue {
		codes = append(codes, entry.Code)
	}
	return codes
}

// DiagnosticsPage returns docs/diagnostics.md, which holds what Explain returns
// for each code.
func DiagnosticsPage() string { return explain.Page() }
