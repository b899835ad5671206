package resolve

import (
	"cmp"
	"go/token"
	"go/types"
	"net/http"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
)

// handler resolves one handler, and adds it if all went well.
func (r *resolver) handler(f *scan.Func) {
	g := &graph{resolver: r, root: f, path: []*scan.Func{f}, hoisted: map[*scan.Func]bool{}}
	g.wildcards = f.Path
	if len(f.Routes) > 0 {
		g.wildcards, g.partial = wildcardsOf(f.Routes)
	}
	h := &model.Handler{Func: f, Constructor: naming.Constructor(f), Strict: r.in.Strict}
	h.Guards, h.Without = g.outerGuards(f)
	h.Guards = append(h.Guards, g.firstGuards(f.Depends)...)
	g.hoist(f)
	h.Guards = g.withNeeded(h.Guards, f)
	h.Args = g.args(f)
	g.checkWithout(h)
	h.Result = g.result(f, h)
	g.emptyLists(h)
	g.checkCaptures(f, h.Args)
	g.warnLateSettle(h)
	g.checkRoutes(h)
	if g.failed {
		return
	}
	slices.SortStableFunc(g.bindings, func(a, b *model.Binding) int { return cmp.Compare(a.In, b.In) })
	h.Tasks, h.Calls, h.Bindings, h.Needs = g.tasks, g.calls, g.bindings, g.neededBy(f, h.Args)
	r.out.Handlers = append(r.out.Handlers, h)
	r.examplesOf(h)
	g.checkScopes(h)
}

// result says how the results of f are answered with.
func (g *graph) result(f *scan.Func, h *model.Handler) model.Result {
	results := f.Results
	var res model.Result
	if n := len(results); n > 0 && scan.IsError(results[n-1]) {
		res.HasError = true
		results = results[:n-1]
	}
	status := 0
	if len(f.Routes) > 0 {
		status = f.Routes[0].Status
	}
	switch {
	case len(results) > 1:
		g.report(diag.New(diag.BadResult, f.ResultsAt, "%s returns more than a value, and an error last", f.FullName()).
			WithHint("a handler returns nothing, error, T, or (T, error); write status=201 on its route for another status, or return (runtime.Response[T], error) to choose it"))
	case len(results) == 0 && slices.ContainsFunc(h.Args, isWriter):
		res.Kind = model.Own
		if status != 0 {
			g.report(diag.New(diag.DirectiveArgument, f.Routes[0].Range, "%s writes its response by itself, and its status with it", f.FullName()).
				WithHint("take status= away, or return the value to answer with"))
		}
		takeOver(h.Args, res.HasError)
	case len(results) == 0:
		res.Kind, res.Status = model.NoContent, cmp.Or(status, http.StatusNoContent)
	default:
		t := results[0]
		if body := responseBody(t); body != nil {
			t, res.Response = body, true
		}
		if p, ok := types.Unalias(t).(*types.Pointer); ok && responseBody(p.Elem()) != nil {
			g.badResult(f, "%s returns a pointer to a Response", f.FullName())
		}
		res.Kind, res.Status = g.resultKind(f, t), status
		res.Fails = gotype.IsNamed(t, "iter", "Seq2")
		if !res.Response {
			res.Status = cmp.Or(status, http.StatusOK)
		}
		if res.Kind == model.HandlerResult && res.Response {
			g.badResult(f, "%s returns an http.Handler within a Response, and each has a status of its own", f.FullName())
		}
		if res.Kind == model.HandlerResult && status != 0 {
			g.report(diag.New(diag.DirectiveArgument, f.Routes[0].Range, "%s returns an http.Handler, which answers with its own status", f.FullName()).
				WithHint("take status= away"))
		}
		if res.Status == http.StatusNoContent || res.Status == http.StatusNotModified {
			g.badResult(f, "%s returns a value, and status %d has no body", f.FullName(), res.Status)
		}
	}
	return res
}

// responseBody is T of a runtime.Response[T], nil if t is none.
func responseBody(t types.Type) types.Type {
	if !gotype.IsNamed(t, scan.RuntimePath, "Response") {
		return nil
	}
	return types.Unalias(t).(*types.Named).TypeArgs().At(0)
}

func isWriter(v model.Source) bool {
	_, ok := v.(model.Writer)
	return ok
}

// takeOver gives a handler that writes by itself the writer for that.
func takeOver(args []model.Source, mayFail bool) {
	for i := range args {
		if isWriter(args[i]) {
			args[i] = model.Writer{Mode: model.Takeover}
			if mayFail {
				args[i] = model.Writer{Mode: model.TakeoverOrFail}
			}
		}
	}
}

func (g *graph) badResult(f *scan.Func, format string, args ...any) {
	g.report(diag.New(diag.BadResult, f.ResultsAt, format, args...).
		WithHint("a handler returns nothing, error, T, or (T, error)"))
}

func (g *graph) notJSON(f *scan.Func, t types.Type, problem string) {
	g.report(diag.New(diag.BadResult, f.ResultsAt, "%s returns %s, which cannot be written as JSON: %s", f.FullName(), g.typeString(t), problem).
		WithHint("export the fields that clients are to see, leave a field out with the tag `json:\"-\"`, or give its type a method MarshalJSON"))
}

func (g *graph) resultKind(f *scan.Func, t types.Type) model.ResultKind {
	switch {
	case gotype.Invalid(t):
		g.report(diag.New(diag.InvalidType, f.ResultsAt, "the result of %s is not known: %s", f.FullName(), f.ResultProblem).
			WithHint("%s", typeHint(f.ResultProblem)))
	case gotype.HasMethod(t, "Error", nil, []types.Type{types.Typ[types.String]}):
		g.badResult(f, "%s returns %s, an error, as its value", f.FullName(), g.typeString(t))
	case types.Identical(t, types.Typ[types.String]):
		return model.TextResult
	case gotype.IsBytes(t):
		return model.BytesResult
	case gotype.HasMethod(t, "Read", gotype.OnlyBytes, gotype.IntAndError):
		return model.StreamResult
	case isHandler(t):
		return model.HandlerResult
	case gotype.IsNamed(t, "iter", "Seq") || gotype.IsNamed(t, "iter", "Seq2"):
		return g.sequenceKind(f, types.Unalias(t).(*types.Named).TypeArgs())
	case isHidden(gotype.UnderPointers(t)) && !gotype.WritesJSON(t) && !gotype.WritesText(t):
		g.report(diag.New(diag.BadResult, f.ResultsAt, "%s returns %s, of which no field is exported: the response would be {}", f.FullName(), g.typeString(t)).
			WithHint("export the fields that clients are to see, or give the type a method MarshalJSON"))
	default:
		if problem := jsonProblem(t, encoded); problem != "" {
			g.notJSON(f, t, problem)
		}
		g.findLimited(t)
	}
	return model.JSONResult
}

// findLimited looks for types in a result that say something of their values:
// descriptions of the API have it.
func (g *graph) findLimited(t types.Type) {
	gotype.Walk(t, func(part types.Type) bool { g.limited(part); return true })
}

// sequenceKind is how the values of a sequence are written.
func (g *graph) sequenceKind(f *scan.Func, args *types.TypeList) model.ResultKind {
	kind, value := model.LinesResult, args.At(0)
	if len(f.Routes) > 0 && f.Routes[0].Events {
		kind = model.EventsResult
	}
	if args.Len() > 1 && !scan.IsError(args.At(1)) {
		g.report(diag.New(diag.BadResult, f.ResultsAt, "%s returns a sequence of pairs, and the second of a pair is no error", f.FullName()).
			WithHint("return an iter.Seq[T] or an iter.Seq2[T, error]"))
	}
	if gotype.IsNamed(value, scan.RuntimePath, "Event") {
		value = types.Unalias(value).(*types.Named).TypeArgs().At(0)
		if kind == model.LinesResult {
			g.report(diag.New(diag.BadResult, f.ResultsAt, "%s returns events, and its route does not say stream=sse", f.FullName()).
				WithHint("write stream=sse on the route"))
		}
	}
	if problem := jsonProblem(value, encoded); problem != "" {
		g.notJSON(f, value, problem)
	}
	g.findLimited(value)
	return kind
}

// checkRoutes checks that the routes of a handler agree with its parameters
// and with each other.
func (g *graph) checkRoutes(h *model.Handler) {
	f := h.Func
	readsBody := slices.ContainsFunc(g.bindings, func(b *model.Binding) bool { return b.In >= model.FormData })
	for i, route := range f.Routes {
		if route.MaxBody != 0 && !readsBody {
			g.report(diag.New(diag.DirectiveArgument, route.Range, "maxbody= limits the parameter body, and nothing that %s needs has one", f.FullName()).
				WithHint("a handler that reads the request by itself limits it with http.MaxBytesReader"))
		}
		if readsJSON := slices.ContainsFunc(g.bindings, func(b *model.Binding) bool { return b.JSON != nil }); route.AnyType && !readsJSON {
			g.report(diag.New(diag.DirectiveArgument, route.Range, "anytype is for a JSON body, and nothing that %s needs has one", f.FullName()).
				WithHint("take anytype away"))
		}
		if route.Events && h.Result.Kind != model.EventsResult {
			g.report(diag.New(diag.DirectiveArgument, route.Range, "stream=sse is for a sequence, and %s returns none", f.FullName()).
				WithHint("return an iter.Seq[T] or an iter.Seq2[T, error]"))
		}
		if first := f.Routes[0]; i > 0 && (route.Events != first.Events || route.Status != first.Status || route.MaxBody != first.MaxBody || route.Strict != first.Strict || route.AnyType != first.AnyType || route.EmptyLists != first.EmptyLists) {
			g.report(diag.New(diag.DirectiveConflict, route.Range, "this route of %s has other options than its first, %s", f.FullName(), at(first.Start.Line)).
				WithHint("the options of a handler are the same on all its routes; or write two handlers"))
		}
		h.MaxBody = max(h.MaxBody, route.MaxBody)
		h.Strict, h.AnyType = h.Strict || route.Strict, h.AnyType || route.AnyType
		g.checkWildcards(h, route)
	}
}

// checkWildcards checks that each wildcard has a parameter, and the reverse.
func (g *graph) checkWildcards(h *model.Handler, route scan.Route) {
	f, byItself := h.Func, g.request || h.Result.Kind == model.HandlerResult // which may read them from the request
	var names []string
	for _, w := range route.Wildcards {
		names = append(names, w.Name)
		if w.Prefix || slices.ContainsFunc(g.bindings, func(b *model.Binding) bool { return b.In == model.Path && b.Name == w.Name }) {
			continue
		}
		p, named := paramNamed(f, w.Name)
		if g.faulty[w.Name] || byItself && !named {
			continue // the parameter of that name has been complained of
		}
		d := g.report(diag.New(diag.UnboundWildcard, w.Range, "no parameter of %s takes the wildcard {%s}", f.FullName(), w.Name))
		if named {
			d.WithHint("parameter %q is of type %s, which is not read from text", p.Name, g.typeString(p.Type))
		} else if like := diag.Nearest(w.Name, g.paramNames(f)); like != "" {
			d.WithHint("did you mean {%s}?", like)
		} else if b := g.calledLike(w.Name); b != nil {
			d.WithHint("write {%s} in the route, or rename the parameter %s, which is read from the query now, to %s", b.Name, b.Name, w.Name)
		} else if !token.IsIdentifier(w.Name) {
			d.WithHint("give it a name that a parameter can have")
		} else {
			d.WithHint("add a parameter: %s string", w.Name)
		}
	}
	for _, b := range g.bindings {
		if b.In == model.Path && b.Form != model.Optional && !slices.Contains(names, b.Name) {
			g.report(diag.New(diag.MissingWildcard, route.Range, "the wildcard {%s} is in another route of %s and not in this one", b.Name, f.FullName()).
				WithHint("take a pointer, *%s, which is nil then; or write two handlers", g.typeString(b.Type)))
		}
	}
}

// wildcardsOf are those of all routes, and the names of those that some routes lack.
func wildcardsOf(routes []scan.Route) (all []scan.Wildcard, partial []string) {
	count := map[string]int{}
	for _, r := range routes {
		for _, w := range r.Wildcards {
			if count[w.Name]++; count[w.Name] == 1 {
				all = append(all, w)
			}
		}
	}
	for _, w := range all {
		if count[w.Name] < len(routes) {
			partial = append(partial, w.Name)
		}
	}
	return all, partial
}

// calledLike is a value of the query, of a handler or of what it needs, whose name ends
// with that of a wildcard: userID, for id.
func (g *graph) calledLike(wildcard string) *model.Binding {
	for _, b := range g.bindings {
		if b.In == model.Query && b.Form == model.Single && strings.HasSuffix(strings.ToLower(b.Name), strings.ToLower(wildcard)) {
			return b
		}
	}
	return nil
}

func paramNamed(f *scan.Func, name string) (scan.Param, bool) {
	for _, p := range f.Params {
		if p.Name == name {
			return p, true
		}
	}
	return scan.Param{}, false
}

func (g *graph) paramNames(f *scan.Func) []string {
	var names []string
	for _, p := range f.Params {
		if _, ok := g.textOf(p.Type); ok && hasName(p) {
			names = append(names, p.Name)
		}
	}
	return names
}
