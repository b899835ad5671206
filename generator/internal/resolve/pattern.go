package resolve

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
)

// checkPatterns has net/http's own matcher judge the patterns of the package:
// what it accepts here, it accepts when the program starts.
func (r *resolver) checkPatterns() {
	mux := http.NewServeMux()
	var accepted []scan.Route
	for _, f := range r.in.Funcs {
		for _, route := range f.Routes {
			if register(mux, route.Pattern) == "" {
				accepted = append(accepted, route)
				continue
			}
			r.reportPattern(route, accepted)
		}
	}
}

// reportPattern finds the pattern that a refused one conflicts with: net/http
// names it, but not where the user wrote it.
func (r *resolver) reportPattern(route scan.Route, accepted []scan.Route) {
	if alone := register(http.NewServeMux(), route.Pattern); alone != "" {
		r.report(diag.New(diag.BadPattern, route.Range, "net/http refuses this pattern: %s", alone).
			WithHint("patterns are described in the documentation of http.ServeMux"))
		return
	}
	for _, other := range accepted {
		mux := http.NewServeMux()
		register(mux, other.Pattern)
		if problem := register(mux, route.Pattern); problem != "" {
			r.report(diag.New(diag.PatternConflict, route.Range, "%s", problem).
				WithRelated(other.Start, "%s", other.Pattern).
				WithHint("make one of them more specific, or give it another path"))
			return
		}
	}
}

var registeredAt = regexp.MustCompile(` \(registered at [^)]*\)`)

// register is the reason why mux refuses pattern, "" if it does not.
func register(mux *http.ServeMux, pattern string) (problem string) {
	defer func() {
		if p := recover(); p != nil {
			problem = registeredAt.ReplaceAllString(fmt.Sprint(p), "")
			problem = strings.TrimPrefix(problem, "http: ")
			_, after, found := strings.Cut(problem, fmt.Sprintf("parsing %q: ", pattern))
			if found {
				problem = after
			}
			problem = strings.ReplaceAll(strings.TrimSuffix(problem, "."), "\n", " ")
		}
	}()
	mux.Handle(pattern, http.NotFoundHandler())
	return ""
}

func at(line int) string { return fmt.Sprintf("line %d", line) }
