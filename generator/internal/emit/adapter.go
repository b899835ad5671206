package emit

import (
	"fmt"
	"go/types"
	"strings"
	"unicode/utf8"

	"github.com/bggen/bggen/generator/internal/resolve"
	"github.com/dave/jennifer/jen"
)

// constructor emits the function that makes the adapter of a handler.
func (e *emitter) constructor(h *resolve.Handler) {
	e.comment(append([]string{h.Constructor + " serves " + h.Func.FullName() + "."}, docTable(h.Doc())...)...)
	adapt := "Adapt"
	if h.Tasks {
		adapt = "AdaptTasks"
	}
	e.Func().Id(h.Constructor).Params(append(e.params(), e.options())...).Qual("net/http", "Handler").BlockFunc(func(g *jen.Group) {
		e.need(g, h.Func, h.Needs)
		g.Return(rt(adapt).Call(
			jen.Lit(e.pkg.Name+"."+h.Func.FullName()), jen.Id(e.Runner), jen.Id(e.Opts),
			jen.Func().Params(jen.Id(e.X).Op("*").Add(rt("Exchange"))).Error().BlockFunc(func(g *jen.Group) { e.adapter(g, h) }),
		))
	})
}

// docTable lists parameters and their sources, in columns.
func docTable(lines []resolve.DocLine) []string {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l.Name))
	}
	var table []string
	if len(lines) > 0 {
		table = append(table, "")
	}
	for _, l := range lines {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(l.Name))
		table = append(table, fmt.Sprintf("\t%s%s  %s", l.Name, pad, l.Text))
	}
	return table
}

// adapter emits one request from top to bottom.
func (e *emitter) adapter(g *jen.Group, h *resolve.Handler) {
	if h.MaxBody != 0 {
		g.Id(e.X).Dot("LimitBody").Call(bytesLit(h.MaxBody))
	}
	for _, stage := range h.Stages {
		for _, b := range stage.Bindings {
			g.Id(b.Var).Op(":=").Add(e.bind(b))
			e.check(g, b)
			e.validate(g, b)
		}
		if len(stage.Bindings) > 0 {
			g.Add(e.ifError(jen.Id(e.X).Dot("Bound").Call()))
			if len(stage.Calls) == 0 || !stage.Calls[0].Guard {
				g.Line()
			}
		}
		e.provide(g, e.X, stage.Calls, e.handlerArgs)
	}
	e.answer(g, h)
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

// bind is the expression that reads a value of the request.
func (e *emitter) bind(b *resolve.Binding) jen.Code {
	x, t := jen.Id(e.X), typeCode(b.Type)
	in := map[resolve.In]string{resolve.Path: "Path", resolve.Query: "Query", resolve.Header: "Header", resolve.Cookie: "Cookie", resolve.FormData: "Form"}[b.In]
	switch b.Form {
	case resolve.Defined:
		basic := typeCode(b.Type.Underlying().(*types.Basic))
		return jen.Add(t).Call(rt(in).Types(basic).Call(x, jen.Lit(b.Name)))
	case resolve.Text:
		return rt(in+"Text").Types(t).Call(x, jen.Lit(b.Name))
	case resolve.Optional:
		return rt(in+"Opt").Types(t).Call(x, jen.Lit(b.Name))
	case resolve.Default:
		return rt(in+"Or").Types(t).Call(x, jen.Lit(b.Name), jen.Op(b.Or))
	case resolve.Repeated:
		return rt(in+"All").Types(t).Call(x, jen.Lit(b.Name))
	case resolve.File:
		return rt("FormFile").Call(x, jen.Lit(b.Name))
	case resolve.Files:
		return rt("FormFiles").Call(x, jen.Lit(b.Name))
	case resolve.JSON:
		return rt("JSONBody").Types(t).Call(x)
	case resolve.OptionalJSON:
		return rt("JSONBodyOpt").Types(t).Call(x)
	case resolve.Raw:
		return rt("RawBody").Call(x)
	}
	return rt(in).Types(t).Call(x, jen.Lit(b.Name))
}

func (e *emitter) handlerArgs(values []resolve.Value) []jen.Code {
	list := make([]jen.Code, len(values))
	for i, v := range values {
		list[i] = e.handlerArg(v)
	}
	return list
}

func (e *emitter) handlerArg(v resolve.Value) jen.Code {
	x := jen.Id(e.X)
	switch v.Kind {
	case resolve.Context:
		return x.Dot("Context").Call()
	case resolve.TaskContext:
		return x.Dot("TaskContext").Call()
	case resolve.Request:
		return x.Dot("Request").Call()
	case resolve.Writer:
		return x.Dot("Writer").Call()
	case resolve.Takeover:
		return x.Dot("Takeover").Call()
	case resolve.TakeoverOrFail:
		return x.Dot("TakeoverOrFail").Call()
	case resolve.Tasks:
		return x.Dot("Tasks").Call()
	case resolve.Runner:
		return jen.Id(e.Runner)
	case resolve.App:
		return jen.Id(e.App)
	case resolve.AppField:
		return jen.Id(e.App).Dot(v.Field)
	case resolve.Built:
		return e.built(v.Struct)
	case resolve.Bound:
		return jen.Id(v.Binding.Var)
	case resolve.Provided:
		return jen.Id(v.Call.Var)
	}
	panic(fmt.Sprintf("emit: a handler has no value of kind %d", v.Kind))
}

// built is a parameter struct of what was bound for its fields.
func (e *emitter) built(s *resolve.Struct) jen.Code {
	literal := jen.Add(typeCode(s.Type)).Values(jen.DictFunc(func(d jen.Dict) {
		for _, f := range s.Fields {
			d[jen.Id(f.Name)] = e.handlerArg(f.Value)
		}
	}))
	if s.Pointer {
		return jen.Op("&").Add(literal)
	}
	return literal
}

// answer calls the handler, and answers with its result.
func (e *emitter) answer(g *jen.Group, h *resolve.Handler) {
	handle := e.call(h.Func, e.handlerArgs(h.Args))
	res := h.Result
	switch {
	case res.Kind == resolve.Own && res.HasError:
		g.Return(handle)
	case res.Kind == resolve.Own:
		g.Add(handle)
		g.Return(jen.Nil())
	case res.Kind == resolve.NoContent:
		if res.HasError {
			g.Add(e.ifError(handle))
		} else {
			g.Add(handle)
		}
		g.Return(rt("NoContent").Call(jen.Id(e.X), status(res.Status)))
	case res.HasError:
		g.List(jen.Id(res.Var), jen.Id(e.Err)).Op(":=").Add(handle)
		g.Add(e.returnError())
		g.Return(e.respond(res, jen.Id(res.Var)))
	default:
		g.Return(e.respond(res, handle))
	}
}

func (e *emitter) respond(res resolve.Result, value jen.Code) jen.Code {
	function := map[resolve.ResultKind]string{
		resolve.JSONResult:  "JSON",
		resolve.TextResult:  "Text",
		resolve.BytesResult: "Bytes",

		resolve.StreamResult:  "Stream",
		resolve.HandlerResult: "ServeHandler",
	}[res.Kind]
	switch {
	case res.Response:
		return rt("Respond").Call(jen.Id(e.X), status(res.Status), value, rt(function))
	case res.Kind == resolve.HandlerResult:
		return rt(function).Call(jen.Id(e.X), value)
	}
	return rt(function).Call(jen.Id(e.X), status(res.Status), value)
}

var statusNames = map[int]string{
	200: "OK", 201: "Created", 202: "Accepted", 203: "NonAuthoritativeInfo", 204: "NoContent",
	205: "ResetContent", 206: "PartialContent", 207: "MultiStatus", 208: "AlreadyReported", 226: "IMUsed",
	300: "MultipleChoices", 301: "MovedPermanently", 302: "Found", 303: "SeeOther", 304: "NotModified",
	305: "UseProxy", 307: "TemporaryRedirect", 308: "PermanentRedirect",
}

func status(code int) jen.Code {
	if code == 0 {
		return jen.Lit(0) // as the response says
	}
	if name := statusNames[code]; name != "" {
		return jen.Qual("net/http", "Status"+name)
	}
	return jen.Lit(code)
}
