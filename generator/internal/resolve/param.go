package resolve

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A graph is what one handler or task needs, while it is being resolved.
type graph struct {
	*resolver
	root      *scan.Func
	wildcards []scan.Wildcard // of all routes
	partial   []string        // names of those that are not in all routes
	path      []*scan.Func    // from the root to the function whose parameters are looked at
	request   bool            // something takes the request: it can read wildcards by itself
	tasks     bool
	bindings  []*model.Binding
	calls     []*model.Call
	structs   []*model.Struct // of parameters: one for all that take it
	nesting   []*types.Struct // parameter structs around the field that is looked at
	failed    bool
	hoisted   map[*scan.Func]bool
	asked     int             // calls of a task that were looked at for what needs a request
	faulty    map[string]bool // names of parameters that were complained of
}

func (g *graph) report(d *diag.Diagnostic) *diag.Diagnostic {
	if !d.Entry.Warning {
		g.failed = true
	}
	return g.resolver.report(d)
}

// fault notes that something is wrong with a parameter.
func (g *graph) fault(p scan.Param) {
	if g.faulty == nil {
		g.faulty = map[string]bool{}
	}
	g.failed, g.faulty[p.Name] = true, true
}

// fail reports what is wrong with a parameter, and who needs it.
func (g *graph) fail(entry *diag.Entry, p scan.Param, format string, args ...any) *diag.Diagnostic {
	g.fault(p)
	d := g.report(diag.New(entry, p.Range, format, args...))
	for _, f := range slices.Backward(g.path) {
		if f == g.root && len(f.Routes) > 0 {
			d.WithRelated(f.Start, "needed by %s (%s)", f.FullName(), f.Routes[0].Pattern)
		} else {
			d.WithRelated(f.Start, "needed by %s", f.FullName())
		}
	}
	return d
}

// args resolves all parameters of f, the last one of the path.
func (g *graph) args(f *scan.Func) []model.Source {
	g.checkNamesOf(f)
	values := make([]model.Source, len(f.Params))
	for i, p := range f.Params {
		if obj := g.hidden(p.Type); f.Qualifier != "" && obj != nil {
			g.fail(diag.Unexported, p, "%s needs %s, which package %s does not export", f.FullName(), g.typeString(p.Type), obj.Pkg().Name()).
				WithHint("export the type and what makes it, or write a provider in this package in place of %s", f.FullName())
			continue
		}
		values[i] = g.param(p)
	}
	return values
}

// param resolves the source of p.
func (g *graph) param(p scan.Param) model.Source {
	if p.Problem != "" {
		g.invalid(p)
		return nil
	}
	if found, _ := g.site().source(p); found != nil {
		return found.take(g)
	}
	g.noSource(p)
	return nil
}

// site is that of the parameters of the function that is looked at.
func (g *graph) site() site {
	return site{resolver: g.resolver, path: g.path, wildcards: g.wildcards, partial: g.partial, guards: g.guardCalls()}
}

func (g *graph) invalid(p scan.Param) {
	g.fail(diag.InvalidType, p, "the type of parameter %s is not known: %s", paramName(p), p.Problem).
		WithHint("%s", typeHint(p.Problem))
}

// typeHint is the way out for a type that is not known: what the go command
// advises, if it does.
func typeHint(problem string) string {
	if _, advice, ok := strings.Cut(problem, "; to add"); ok {
		if _, command, ok := strings.Cut(advice, ": "); ok {
			return "run " + strings.TrimSuffix(command, ")")
		}
	}
	return "bggen needs the types of signatures; mistakes elsewhere do not matter to it"
}

func hasName(p scan.Param) bool { return p.Name != "" && p.Name != "_" }

// paramName is how messages call p.
func paramName(p scan.Param) string {
	if hasName(p) {
		return fmt.Sprintf("%q", p.Name)
	}
	return "without a name"
}

func (g *graph) special(p scan.Param, special scan.Special) model.Source {
	switch special {
	case scan.Context:
		if g.path[len(g.path)-1].Hold {
			return model.TaskContext{}
		}
		return model.Context{}
	case scan.Request:
		g.request = true
		return model.Request{}
	case scan.ResponseWriter:
		return model.Writer{}
	case scan.Runner:
		return model.Runner{}
	case scan.Tasks:
		g.tasks = true
		return model.Tasks{}
	}
	g.fail(diag.TasksByValue, p, "%s takes the collector by value: tasks added to a copy never run", g.path[len(g.path)-1].FullName()).
		WithHint("take a pointer: *%s", g.typeString(p.Type))
	return nil
}

func (g *graph) wildcard(p scan.Param) model.Source {
	b := model.Binding{In: model.Path, Name: p.Name}
	v, _ := g.textOf(p.Type)
	v.into(&b)
	g.checksOfType(&b)
	return g.bind(b)
}

// partialWildcard is a wildcard that some routes lack: then it is nil.
func (g *graph) partialWildcard(p scan.Param, v text) model.Source {
	b := model.Binding{In: model.Path, Name: p.Name, Form: model.Optional}
	v.into(&b)
	g.checksOfType(&b)
	return g.bind(b)
}

func (g *graph) wildcardOrProvider(p scan.Param, f *scan.Func) model.Source {
	g.use(f)
	g.fail(diag.AmbiguousSource, p, "parameter %q could be the wildcard {%s}, or what %s makes", p.Name, p.Name, f.FullName()).
		WithRelated(f.Start, "%s", f.FullName()).
		WithHint("give the parameter or the wildcard another name")
	return nil
}

func (g *graph) body(p scan.Param) model.Source {
	b := model.Binding{In: model.Body, Form: model.JSON, Type: p.Type}
	switch {
	case gotype.IsBytes(p.Type) || gotype.IsNamed(p.Type, "encoding/json", "RawMessage"):
		b.Form = model.Raw
	case gotype.IsNamed(p.Type, "io", "Reader"):
		b.Form = model.Stream
	default:
		return g.bodyOf(p, nil, "")
	}
	return g.bind(b)
}

// bodyOf binds p to the JSON body; or to a member of it, which is decoded into a
// struct with this field alone.
func (g *graph) bodyOf(p scan.Param, whole *types.Struct, member string) model.Source {
	b := model.Binding{In: model.Body, Form: model.JSON, Name: member, Type: p.Type}
	if problem := jsonProblem(p.Type, decoded); problem != "" {
		g.fail(diag.BadBody, p, "the body cannot be read as %s: %s", g.typeString(p.Type), problem).
			WithHint("a body is []byte, json.RawMessage or a type that encoding/json can decode; a type can have a method UnmarshalJSON")
		return nil
	}
	if obj := g.hidden(p.Type); obj != nil {
		g.fail(diag.BadBody, p, "the body is of the type %s, which this package cannot name", obj.Name()).
			WithHint("take a type that is exported")
		return nil
	}
	if ptr, ok := types.Unalias(p.Type).(*types.Pointer); ok {
		b.Form, b.Type = model.OptionalJSON, ptr.Elem()
	}
	if whole != nil {
		b.JSON = g.jsonBody(p, whole, member)
	} else {
		b.JSON = g.jsonBody(p, b.Type, "")
	}
	return g.bind(b)
}

// bind returns the binding that is there, or a new one: what is asked for
// twice is read once.
func (g *graph) bind(b model.Binding) model.Source {
	if strings.ContainsFunc(b.Name, unicode.IsControl) {
		g.report(diag.New(diag.BadParam, g.path[len(g.path)-1].Range, "the name %q has a control character in it", b.Name)).
			WithHint("no client can send it: take it out of the tag or the directive")
		return nil
	}
	for _, known := range g.bindings {
		if known.Same(&b) {
			known.Doc = cmp.Or(known.Doc, b.Doc)
			if known.Example == nil {
				known.Example = b.Example
			}
			return known
		}
	}
	if b.In == model.Body && slices.ContainsFunc(g.bindings, func(known *model.Binding) bool {
		return known.In >= model.FormData && (b.Form == model.Stream) != (known.Form == model.Stream)
	}) || b.In == model.FormData && slices.ContainsFunc(g.bindings, func(known *model.Binding) bool { return known.Form == model.Stream }) {
		g.twoBodies()
	}
	if slices.ContainsFunc(g.bindings, func(known *model.Binding) bool { return exclusive(known, &b) || exclusive(&b, known) }) {
		g.report(diag.New(diag.BadBody, g.path[len(g.path)-1].Range, "%s needs a JSON body and a form, and no request has both", g.root.FullName())).
			WithHint("take all of it from the form, or all from the body")
	}
	if b.In != model.Body && b.Form != model.File && b.Form != model.Files {
		b.Validate = model.ValidationOf(b.Type)
	}
	g.bindings = append(g.bindings, &b)
	return &b
}

// exclusive reports whether one is a JSON body and the other of a form.
func exclusive(body, form *model.Binding) bool {
	return body.In == model.Body && (body.Form == model.JSON || body.Form == model.OptionalJSON) && form.In == model.FormData
}

// twoBodies says that a stream can be read once.
func (g *graph) twoBodies() {
	f := g.path[len(g.path)-1]
	g.report(diag.New(diag.BadBody, f.Range, "%s needs the body, and so does something else of %s: a stream can be read once", f.FullName(), g.root.FullName())).
		WithHint("take []byte in place of io.Reader: the body is read once then, and shared")
}

// valueOf is the type of the value that a provider makes, nil if it is a guard
// that makes none.
func valueOf(f *scan.Func) types.Type {
	if len(f.Results) == 0 || scan.IsError(f.Results[0]) {
		return nil
	}
	return f.Results[0]
}

// provided calls a provider once per handler, after what it needs itself.
func (g *graph) provided(f *scan.Func) model.Source {
	g.use(f)
	for _, call := range g.calls {
		if call.Provider == f && !call.Fresh {
			return call
		}
	}
	return g.called(f)
}

// called calls f, once more if it was called before.
func (g *graph) called(f *scan.Func) model.Source {
	g.use(f)
	g.receiverOf(f)
	if i := slices.Index(g.path, f); i >= 0 || g.cyclic[f] {
		if i >= 0 && !g.cyclic[f] {
			g.reportCycle(slices.Clone(g.path[i:]))
		}
		g.failed = true // there is no order to call them in
		return nil
	}
	call := &model.Call{Provider: f, Type: valueOf(f)}
	call.Cleanup, call.HasError, _ = providerResults(f)
	call.HasError = call.HasError || call.Type == nil
	stop := g.within(f)
	call.Guards = g.withNeeded(g.guardsOf(f.Depends), f)
	call.Args = g.args(f)
	stop()
	call.Needs = g.neededBy(f, call.Args)
	if call.Cleanup == model.Hold {
		g.tasks = true
	}
	g.checkHold(call)
	g.checkLifetime(call)
	g.checkCaptures(f, call.Args)
	g.calls = append(g.calls, call)
	return call
}
