package resolve

import (
	"go/types"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/tools/go/types/typeutil"
)

// Resolve resolves a package. Where it has diagnostics that are errors, the
// rest of the result is not complete.
func Resolve(pkg *scan.Package) *Package {
	r := &resolver{
		in: pkg,
		out: &Package{
			Path:        pkg.Path,
			Name:        pkg.Name,
			Constraint:  pkg.Constraint,
			Scope:       pkg.Scope,
			Diagnostics: pkg.Diagnostics,
		},
		used: map[*scan.Func]bool{},
	}
	r.findApp()
	r.findProviders()
	for _, f := range pkg.Funcs {
		switch f.Role {
		case scan.Handler:
			r.handler(f)
		case scan.Task:
			r.task(f)
		}
	}
	r.checkIdle()
	r.checkPatterns()
	r.checkNames()
	r.nameAll()
	if len(r.out.Handlers)+len(r.out.Tasks) > 0 && !diag.HasErrors(r.out.Diagnostics) {
		r.warnUnused()
	}
	return r.out
}

type resolver struct {
	in        *scan.Package
	out       *Package
	providers typeutil.Map // types.Type to *scan.Func
	fields    []appField
	cyclic    map[*scan.Func]bool
	used      map[*scan.Func]bool // providers that something needs
}

func (r *resolver) report(d *diag.Diagnostic) *diag.Diagnostic {
	r.out.Diagnostics = append(r.out.Diagnostics, d)
	return d
}

// typeString is t as the user writes it in this package.
func (r *resolver) typeString(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == r.in.Path {
			return ""
		}
		return p.Name()
	})
}

// findProviders maps types to the providers that make them.
func (r *resolver) findProviders() {
	for _, f := range r.in.Funcs {
		if f.Role != scan.Provider || !r.checkProvider(f) {
			continue
		}
		t := types.Unalias(f.Results[0])
		if other, ok := r.providers.At(t).(*scan.Func); ok {
			r.report(diag.New(diag.TwoProviders, f.Range, "%s makes %s, and so does %s", f.FullName(), r.typeString(t), other.FullName()).
				WithRelated(other.Start, "%s", other.FullName()).
				WithHint("define a type for one of them, or take the directive off one"))
			continue
		}
		r.providers.Set(t, f)
	}
	r.findCycles()
}

// checkProvider reports whether f has the results of a provider.
func (r *resolver) checkProvider(f *scan.Func) bool {
	cleanup, _, ok := providerResults(f)
	if !ok {
		r.report(diag.New(diag.BadProvider, f.ResultsAt, "provider %s does not return a value, with a cleanup and an error as may be", f.FullName()).
			WithHint("it returns T, (T, error), (T, func()) or (T, func(), error); or func(error) error in place of func()"))
		return false
	}
	if f.Hold && cleanup != Hold {
		r.report(diag.New(diag.BadProvider, f.ResultsAt, "provider %s has hold, and no func() among its results that could wait for the tasks", f.FullName()).
			WithHint("return (T, func()) or (T, func(), error), or take hold away"))
		return false
	}
	t := f.Results[0]
	switch {
	case scan.Invalid(t):
		r.report(diag.New(diag.InvalidType, f.ResultsAt, "the result of provider %s is not known: %s", f.FullName(), f.ResultProblem).
			WithHint("%s", onlySignatures))
		return false
	case scan.SpecialOf(t) != scan.NotSpecial:
		r.report(diag.New(diag.BadProvider, f.ResultsAt, "provider %s makes %s, which every function can ask for as it is", f.FullName(), r.typeString(t)).
			WithHint("define a type with what is special about it"))
		return false
	case isPlain(t):
		r.report(diag.New(diag.BadProvider, f.ResultsAt, "provider %s makes %s: any parameter of that type would be filled by it", f.FullName(), r.typeString(t)).
			WithHint("define a type: type %s %s", strings.TrimPrefix(strings.TrimPrefix(f.Name, "Get"), "New"), r.typeString(t)))
		return false
	case r.hidden(t) != nil:
		r.report(diag.New(diag.BadProvider, f.ResultsAt, "provider %s makes %s, which this package cannot name", f.FullName(), r.hidden(t).Name()).
			WithHint("return a type that is exported"))
		return false
	}
	return true
}

// providerResults reads what a provider returns beside its value.
func providerResults(f *scan.Func) (cleanup Cleanup, hasError, ok bool) {
	rest := f.Results
	if len(rest) == 0 || scan.IsError(rest[0]) {
		return 0, false, false
	}
	rest = rest[1:]
	if n := len(rest); n > 0 && scan.IsError(rest[n-1]) {
		hasError = true
		rest = rest[:n-1]
	}
	switch {
	case len(rest) == 0:
		return 0, hasError, true
	case len(rest) > 1:
		return 0, false, false
	case isFunc(rest[0], onlyError, onlyError):
		return Settle, hasError, true
	case isFunc(rest[0], nil, nil) && f.Hold:
		return Hold, hasError, true
	case isFunc(rest[0], nil, nil):
		return Release, hasError, true
	}
	return 0, false, false
}

func isFunc(t types.Type, params, results []types.Type) bool {
	sig, ok := types.Unalias(t).(*types.Signature)
	return ok && sameTypes(sig.Params(), params) && sameTypes(sig.Results(), results)
}

func (r *resolver) providerOf(t types.Type) *scan.Func {
	f, _ := r.providers.At(types.Unalias(t)).(*scan.Func)
	return f
}

// findCycles reports providers that need each other, each circle once.
func (r *resolver) findCycles() {
	r.cyclic = map[*scan.Func]bool{}
	done := map[*scan.Func]bool{}
	var path []*scan.Func
	var visit func(f *scan.Func)
	visit = func(f *scan.Func) {
		for i, g := range path {
			if f == g {
				r.reportCycle(path[i:])
				return
			}
		}
		if done[f] {
			return
		}
		path = append(path, f)
		for _, p := range f.Params {
			if source := r.sourceOf(f, p); source != nil {
				visit(source)
			}
		}
		path = path[:len(path)-1]
		done[f] = true
	}
	for _, f := range r.in.Funcs {
		if f.Role == scan.Provider {
			visit(f)
		}
	}
}

func (r *resolver) reportCycle(circle []*scan.Func) {
	names := make([]string, 0, len(circle)+1)
	for _, f := range append(circle, circle[0]) {
		r.cyclic[f] = true
		names = append(names, f.FullName())
	}
	d := diag.New(diag.Cycle, circle[0].Range, "providers need each other: %s", strings.Join(names, " → "))
	for _, f := range circle[1:] {
		d.WithRelated(f.Start, "%s", f.FullName())
	}
	r.report(d.WithHint("move what both need into a provider of its own"))
}

func (r *resolver) warnUnused() {
	for _, f := range r.in.Funcs {
		if f.Role == scan.Provider && !r.used[f] && r.isProvider(f) {
			r.report(diag.New(diag.UnusedProvider, f.Range, "nothing needs provider %s", f.FullName()).
				WithHint("take a parameter of type %s, or take the directive away", r.typeString(f.Results[0])))
		}
	}
}

func (r *resolver) isProvider(f *scan.Func) bool {
	return len(f.Results) > 0 && r.providerOf(f.Results[0]) == f
}
