package resolve

import (
	"go/types"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A Result is a resolved package, and what is to be said of it.
type Result struct {
	*model.Package
	Diagnostics []*diag.Diagnostic
	Used        map[*scan.Func]bool // functions that something in the package needs, of other packages too

	unused []*scan.Func
}

// Unused warns of providers that nothing needs: what other packages need is
// given.
func (p *Result) Unused(needed map[*scan.Func]bool) (warnings []*diag.Diagnostic) {
	for _, f := range p.unused {
		if !needed[f] {
			warnings = append(warnings, diag.New(diag.UnusedProvider, f.Range, "nothing needs provider %s", f.FullName()).
				WithHint("take a parameter of type %s, or take the directive away", types.TypeString(f.Results[0], types.RelativeTo(f.Pkg))))
		}
	}
	return warnings
}
