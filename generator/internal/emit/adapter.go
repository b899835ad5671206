package emit

import (
	"slices"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/plan"
	"github.com/dave/jennifer/jen"
)

// constructor emits the function that makes the adapter of a handler.
func (e *emitter) constructor(h *plan.Handler) {
	e.comment(append([]string{h.Constructor + " serves " + h.Func.FullName() + "."}, docTable(e.doc(h))...)...)
	adapt := "New"
	if h.Tasks || h.Result.Response { // which may have some of its own
		adapt = "NewWithTasks"
	}
	e.file.Func().Id(h.Constructor).Params(append(e.params(), e.options())...).Add(e.std("net/http", "Handler")).BlockFunc(func(g *jen.Group) {
		by := jen.Lit(h.Func.FullName())
		for _, replaced := range h.Replaced {
			g.Id(e.Overrides[replaced]).Op(":=").Add(e.ad("Find")).Types(e.imported(replaced, "Overrides")).Call(jen.Id(e.Opts))
		}
		checked := h.Checked()
		if len(checked) > 0 {
			g.Add(e.provide(h, false))
		}
		for _, n := range checked {
			g.Id(e.P).Dot(e.Methods[n].Need).Call(by)
		}
		for _, field := range h.Handler.Needs {
			e.need(g, jen.Id(e.App), field, by)
		}
		g.Return(e.ad(adapt).Call(
			jen.Lit(e.pkg.Name+"."+h.Func.FullName()), jen.Id(e.Runner), jen.Id(e.Opts),
			jen.Func().Params(jen.Id(e.X).Op("*").Add(e.ad("Exchange"))).Error().BlockFunc(func(g *jen.Group) { e.adapter(g, h) }),
		))
	})
}

// adapter emits one request from top to bottom.
func (e *emitter) adapter(g *jen.Group, h *plan.Handler) {
	f := &function{emitter: e, vars: e.Vars[h], shared: h.ValueOf, bound: map[model.Source]bool{}, fail: jen.Return(jen.Id(e.Err))}
	if h.MaxBody != 0 {
		g.Id(e.X).Dot("LimitBody").Call(bytesLit(h.MaxBody))
	}
	if h.Result.Kind == model.LinesResult || h.Result.Kind == model.EventsResult {
		g.Id(e.X).Dot("Streaming").Call()
	}
	if h.AnyType {
		g.Id(e.X).Dot("AnyContentType").Call()
	}
	if h.Strict && h.ReadsJSON() {
		g.Id(e.X).Dot("Strict").Call(lits(h.BodyMembers())...)
	}
	if h.Lists != nil {
		g.Id(e.X).Dot("EmptyLists").Call(e.lists(h.Lists))
	}
	if h.UsesProviders {
		g.Add(e.provide(h, true))
		g.Line()
	}
	for _, step := range h.Guards {
		f.guard(g, step, usedIn(h.Args, step.Call))
	}
	if len(h.Guards) > 0 {
		g.Line()
	}
	for _, s := range h.Binds {
		f.local(g, s)
	}
	for _, n := range h.Binders {
		g.Id(e.P).Dot(e.Methods[n].Bind).Call()
	}
	if h.Strict {
		e.noOthers(g, h)
	}
	if h.Tasks || h.Strict || len(h.Binds)+len(h.Binders) > 0 {
		g.Add(e.ifError(f.checked(h.Tasks)))
		g.Line()
	}
	for _, need := range h.Needs {
		f.made(g, need)
	}
	e.answer(g, h, f)
}

// noOthers refuses what nothing reads in the query, and in a form.
func (e *emitter) noOthers(g *jen.Group, h *plan.Handler) {
	names := map[model.In][]string{model.Query: nil}
	for _, b := range h.Bindings {
		if !slices.Contains(names[b.In], b.Name) {
			names[b.In] = append(names[b.In], b.Name)
		}
	}
	for _, in := range []model.In{model.Query, model.FormData} {
		if list, ok := names[in]; ok {
			g.Id(e.X).Dot("NoOthers").Call(append([]jen.Code{jen.Lit(in.String())}, lits(list)...)...)
		}
	}
}

func lits(texts []string) (list []jen.Code) {
	for _, text := range texts {
		list = append(list, jen.Lit(text))
	}
	return list
}

// usedIn reports whether a function is given what a call makes.
func usedIn(args []model.Source, call *model.Call) bool {
	for _, arg := range args {
		if arg == model.Source(call) {
			return true
		}
	}
	return false
}

// bytesLit is a number of bytes as one writes it: 20 << 20.
func bytesLit(n int64) jen.Code {
	for _, shift := range []int{30, 20, 10} {
		if n%(1<<shift) == 0 {
			return jen.Lit(int(n >> shift)).Op("<<").Lit(shift)
		}
	}
	return jen.Lit(int(n))
}

// answer calls the handler, and answers with its result.
func (e *emitter) answer(g *jen.Group, h *plan.Handler, f *function) {
	handle := e.call(h.Func, f.app(), f.values(h.Args))
	res, result := h.Result, jen.Id(f.vars.Result)
	switch {
	case res.Kind == model.Own && res.HasError:
		g.Return(handle)
	case res.Kind == model.Own:
		g.Add(handle)
		g.Return(jen.Nil())
	case res.Kind == model.NoContent:
		if res.HasError {
			g.Add(e.ifError(handle))
		} else {
			g.Add(handle)
		}
		g.Return(e.ad("NoContent").Call(jen.Id(e.X), e.status(res.Status)))
	case res.HasError:
		g.List(result, jen.Id(e.Err)).Op(":=").Add(handle)
		g.Add(e.returnError())
		g.Return(e.respond(res, result))
	default:
		g.Return(e.respond(res, handle))
	}
}

func (e *emitter) respond(res model.Result, value jen.Code) jen.Code {
	function := map[model.ResultKind]string{
		model.JSONResult:    "JSON",
		model.TextResult:    "Text",
		model.BytesResult:   "Bytes",
		model.StreamResult:  "Stream",
		model.LinesResult:   "Lines",
		model.EventsResult:  "Events",
		model.HandlerResult: "ServeHandler",
	}[res.Kind]
	if res.Fails {
		function += "OrError"
	}
	switch {
	case res.Response:
		return e.ad("Respond").Call(jen.Id(e.X), e.status(res.Status), value, e.ad(function))
	case res.Kind == model.HandlerResult:
		return e.ad(function).Call(jen.Id(e.X), value)
	}
	return e.ad(function).Call(jen.Id(e.X), e.status(res.Status), value)
}

var statusNames = map[int]string{
	200: "OK", 201: "Created", 202: "Accepted", 203: "NonAuthoritativeInfo", 204: "NoContent",
	205: "ResetContent", 206: "PartialContent", 207: "MultiStatus", 208: "AlreadyReported", 226: "IMUsed",
	300: "MultipleChoices", 301: "MovedPermanently", 302: "Found", 303: "SeeOther", 304: "NotModified",
	305: "UseProxy", 307: "TemporaryRedirect", 308: "PermanentRedirect",
}

func (e *emitter) status(code int) jen.Code {
	if name := statusNames[code]; name != "" {
		return e.std("net/http", "Status"+name)
	}
	return jen.Lit(code) // 0: as the response says
}
