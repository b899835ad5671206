package resolve

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/tools/go/types/typeutil"
)

// Around is the packages around one. These are functions and no values, since
// which packages matter is only known while a package is resolved, and to scan
// all that it might import would cost more than everything else. They return
// what scan has made, and resolve asks for nothing else.
type Around struct {
	Import func(path string) *scan.Package // that it imports, at any depth, or names; nil if it cannot be loaded
	Others func() []*scan.Package          // that have directives, for hints

	DeclaredAs func(*types.TypeName) (pkg, name string) // see load.DeclaredAs
}

// Resolve resolves a package. Where it has diagnostics that are errors, the
// rest of the result is not complete.
func Resolve(pkg *scan.Package, around Around) *Result {
	r := newResolver(pkg, around)
	r.findUses()
	r.findApp()
	r.checkLimited()
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
	r.findOverrides()
	r.checkNames()
	if len(r.out.Handlers)+len(r.out.Tasks) > 0 && !diag.HasErrors(r.out.Diagnostics) {
		r.out.unused = r.unused()
	}
	return r.out
}

func newResolver(pkg *scan.Package, around Around) *resolver {
	return &resolver{
		in:     pkg,
		around: around,
		out: &Result{
			Package: &model.Package{
				Path:       pkg.Path,
				Name:       pkg.Name,
				Constraint: pkg.Constraint,
				Scope:      pkg.Scope,
				Receivers:  map[*scan.Func]string{},
				Examples:   map[token.Pos]any{},
			},
			Diagnostics: pkg.Diagnostics,
			Used:        map[*scan.Func]bool{},
		},
		taken: map[any]*scan.Func{},
	}
}

type resolver struct {
	in         *scan.Package
	around     Around
	out        *Result
	uses       []used
	app        *scan.App          // of this package, or of one it uses; nil: none
	providers  typeutil.Map       // types.Type to *scan.Func
	generics   []*scan.Func       // providers with type parameters
	taken      map[any]*scan.Func // of other packages, and variables: by where they are from
	fields     []appField
	plain      []appField // of types that say nothing: only directives name them
	cyclic     map[*scan.Func]bool
	broken     []*scan.Func                // providers that cannot be used, which has been said
	sourceless map[string]*diag.Diagnostic // parameters without a source, by what is said of them
	exampled   gotype.Seen                 // types whose examples have been read
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

// wrongProvider is what is wrong with a provider, nil if nothing is.
func (r *resolver) wrongProvider(f *scan.Func) *diag.Diagnostic {
	cleanup, _, ok := providerResults(f)
	switch {
	case !ok && f.Guard && len(f.Results) == 0:
		return diag.New(diag.BadProvider, f.ResultsAt, "guard %s returns nothing, and could refuse no request", f.FullName()).
			WithHint("return error, or a value and an error: (T, error)")
	case !ok:
		return diag.New(diag.BadProvider, f.ResultsAt, "provider %s does not return a value, with a cleanup and an error as may be", f.FullName()).
			WithHint("it returns T, (T, error), (T, func()) or (T, func(), error); or func(error) error in place of func()")
	case f.Hold && cleanup != model.Hold:
		return diag.New(diag.BadProvider, f.ResultsAt, "provider %s has hold, and no func() among its results that could wait for the tasks", f.FullName()).
			WithHint("return (T, func()) or (T, func(), error), or take hold away")
	}
	t := f.Results[0]
	switch {
	case gotype.Invalid(t):
		return diag.New(diag.InvalidType, f.ResultsAt, "the result of provider %s is not known: %s", f.FullName(), f.ResultProblem).
			WithHint("%s", typeHint(f.ResultProblem))
	case scan.SpecialOf(t) != scan.NotSpecial:
		return diag.New(diag.BadProvider, f.ResultsAt, "provider %s makes %s, which every function can ask for as it is", f.FullName(), r.typeString(t)).
			WithHint("define a type with what is special about it")
	case isPlain(t):
		return diag.New(diag.BadProvider, f.ResultsAt, "provider %s makes %s: any parameter of that type would be filled by it", f.FullName(), r.typeString(t)).
			WithHint("define a type: type %s %s", strings.TrimPrefix(strings.TrimPrefix(f.Name, "Get"), "New"), r.typeString(t))
	case r.hidden(t) != nil:
		return diag.New(diag.BadProvider, f.ResultsAt, "provider %s makes %s, which this package cannot name", f.FullName(), r.hidden(t).Name()).
			WithHint("return a type that is exported")
	}
	return nil
}

// providerResults reads what a provider returns beside its value.
func providerResults(f *scan.Func) (cleanup model.Cleanup, hasError, ok bool) {
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
	case isFunc(rest[0], gotype.OnlyError, gotype.OnlyError):
		return model.Settle, hasError, true
	case isFunc(rest[0], nil, nil) && f.Hold:
		return model.Hold, hasError, true
	case isFunc(rest[0], nil, nil):
		return model.Release, hasError, true
	}
	return 0, false, false
}

func isFunc(t types.Type, params, results []types.Type) bool {
	sig, ok := types.Unalias(t).(*types.Signature)
	return ok && gotype.SameTypes(sig.Params(), params) && gotype.SameTypes(sig.Results(), results)
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
			if found, _ := (site{resolver: r, path: path}).source(p); found != nil && found.source != nil {
				visit(found.source)
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

// unused is the providers that nothing in this package needs.
func (r *resolver) unused() (list []*scan.Func) {
	for _, f := range r.in.Funcs {
		if f.Role == scan.Provider && !r.out.Used[f] && r.isProvider(f) {
			list = append(list, f)
		}
	}
	return list
}

func (r *resolver) isProvider(f *scan.Func) bool {
	return len(f.Results) > 0 && (slices.Contains(r.generics, f) || r.providerOf(f.Results[0]) == f)
}

// use notes that f is needed, and what it was made of.
func (r *resolver) use(f *scan.Func) {
	for ; f != nil; f = f.Origin {
		r.out.Used[f] = true
	}
}
