package resolve

import (
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// checkScopes reports scopes of credentials that nobody gives: nothing that the
// handler needs says how to get them.
func (g *graph) checkScopes(h *model.Handler) {
	says := func(c *model.Call) bool { return len(c.Provider.Security) > 0 }
	if slices.ContainsFunc(h.Calls, says) {
		return
	}
	functions := []*scan.Func{h.Func}
	for _, call := range h.Calls {
		functions = append(functions, call.Provider)
	}
	for _, f := range functions {
		if len(f.Scopes) > 0 {
			g.report(diag.New(diag.MisplacedDirective, f.Scopes[0].Range, "%s needs scopes, and nothing says where a token with them is to be had", f.FullName())).
				WithHint("add a directive to the guard that reads the token: //bggen:security oauth2 authorizationCode authorize=https://id.example/authorize token=https://id.example/token")
		}
	}
}
