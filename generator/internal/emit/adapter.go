package emit

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bggen/bggen/generator/internal/resolve"
	"github.com/dave/jennifer/jen"
)

// constructor emits the function that makes the adapter of a handler.
func (e *emitter) constructor(h *resolve.Handler) {
	e.comment(append([]string{h.Constructor + " serves " + h.Func.FullName() + "."}, docTable(h.Doc())...)...)
	adapt := "New"
	if h.Tasks {
		adapt = "NewWithTasks"
	}
	e.Func().Id(h.Constructor).Params(append(e.params(), e.options())...).Qual("net/http", "Handler").BlockFunc(func(g *jen.Group) {
		if h.HasUnits() {
			g.Id(e.Override).Op(":=").Add(ad("Find")).Types(jen.Id("Overrides")).Call(jen.Id(e.Opts))
		}
		for _, n := range h.Needs {
			e.need(g, h.Func, n)
		}
		g.Return(ad(adapt).Call(
			jen.Lit(e.pkg.Name+"."+h.Func.FullName()), jen.Id(e.Runner), jen.Id(e.Opts),
			jen.Func().Params(jen.Id(e.X).Op("*").Add(ad("Exchange"))).Error().BlockFunc(func(g *jen.Group) { e.adapter(g, h) }),
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
	unchecked := false
	e.unready, e.ready = h.Tasks, firstReady(h)
	for _, stage := range h.Stages {
		unchecked = e.stage(g, stage, unchecked)
	}
	if e.unready {
		e.checkBound(g, true)
		g.Line()
	}
	e.answer(g, h)
}

// stage emits what is bound together, and the calls after that. Some values may
// be bound and not checked yet, and may be so afterwards: a guard that binds by
// itself checks all.
func (e *emitter) stage(g *jen.Group, s resolve.Stage, unchecked bool) bool {
	e.bindOwn(g, s.Own)
	unchecked = unchecked || len(s.Own) > 0
	for _, u := range s.Units {
		if u.Binds() {
			e.bindUnit(g, u)
			unchecked = true
		}
	}
	for _, structure := range s.Structs {
		e.buildStruct(g, structure)
	}
	if unchecked && len(s.Units) == 0 {
		e.checkBound(g, e.ready == nil)
		g.Line()
		unchecked = false
	}
	for _, u := range s.Units {
		if e.unready && u == e.ready || unchecked && !u.Method.Self {
			e.checkBound(g, u == e.ready)
			unchecked = false
			if !u.Call.Guard {
				g.Line()
			}
		}
		if u.When == nil {
			e.unit(g, u, ids(u.Vars), jen.Return(jen.Id(e.Err)))
		} else {
			e.unitWhen(g, u)
		}
	}
	if len(s.Units) > 0 {
		g.Line()
	}
	return unchecked
}

// checkBound checks what was bound. In an adapter with tasks it takes the slot for
// them, too, if it is here that the request takes one.
func (e *emitter) checkBound(g *jen.Group, here bool) {
	check := "Bound"
	if e.unready && here {
		check, e.unready = "Ready", false
	}
	g.Add(e.ifError(jen.Id(e.X).Dot(check).Call()))
}

// firstReady is the unit before which the request takes a slot: the first after
// all guards, or one that uses the collector before; nil if that is the handler.
func firstReady(h *resolve.Handler) (first *resolve.Unit) {
	for _, stage := range slices.Backward(h.Stages) {
		for _, u := range slices.Backward(stage.Units) {
			if u.Call.Guard {
				return firstWithTasks(h, first)
			}
			first = u
		}
	}
	return first
}

func firstWithTasks(h *resolve.Handler, otherwise *resolve.Unit) *resolve.Unit {
	for _, stage := range h.Stages {
		for _, u := range stage.Units {
			if u == otherwise || usesTasks(u) {
				return u
			}
		}
	}
	return otherwise
}

// usesTasks reports whether a provider, or one that only it needs, uses the
// collector.
func usesTasks(u *resolve.Unit) bool {
	return u.Call.Cleanup == resolve.Hold || slices.ContainsFunc(u.Call.Args, isTasks) || slices.ContainsFunc(u.Subs, usesTasks)
}

func isTasks(v resolve.Value) bool {
	switch v.Kind {
	case resolve.Tasks, resolve.TaskContext:
		return true
	case resolve.Built:
		return slices.ContainsFunc(v.Struct.Fields, func(f resolve.StructField) bool { return isTasks(f.Value) })
	}
	return false
}

// bindOwn binds what is needed by more than one. What only providers need is
// not bound where all of these are replaced.
func (e *emitter) bindOwn(g *jen.Group, list []*resolve.Binding) {
	for len(list) > 0 {
		n := 1
		for n < len(list) && reflect.DeepEqual(list[n].When, list[0].When) {
			n++
		}
		together := list[:n]
		list = list[n:]
		if together[0].When == nil {
			for _, b := range together {
				e.bound(g, b, ":=")
			}
			continue
		}
		for _, b := range together {
			g.Var().Id(b.Var).Add(typeCode(resolve.Value{Kind: resolve.Bound, Binding: b}.Type()))
		}
		g.If(e.condition(together[0].When)).BlockFunc(func(g *jen.Group) {
			for _, b := range together {
				e.bound(g, b, "=")
			}
		})
	}
}

// buildStruct makes a struct that says if it is valid of what was bound.
func (e *emitter) buildStruct(g *jen.Group, s *resolve.Struct) {
	if s.When == nil {
		g.Id(s.Var).Op(":=").Add(e.built(s))
		e.validateStruct(g, s, s.Var)
		return
	}
	g.Var().Id(s.Var).Add(typeCode(resolve.Value{Kind: resolve.Built, Struct: s}.Type()))
	g.If(e.condition(s.When)).BlockFunc(func(g *jen.Group) {
		g.Id(s.Var).Op("=").Add(e.built(s))
		e.validateStruct(g, s, s.Var)
	})
}

// bound binds one value, and checks its limits.
func (e *emitter) bound(g *jen.Group, b *resolve.Binding, assign string) {
	g.Id(e.name(b, b.Var)).Op(assign).Add(e.bind(b))
	e.check(g, b)
	e.checkBody(g, b)
	e.validate(g, b)
}

// bindUnit binds what only one provider needs.
func (e *emitter) bindUnit(g *jen.Group, u *resolve.Unit) {
	bind := jen.Id(e.Override).Dot(u.Method.Bind).Call(jen.Id(e.X))
	if u.When == nil {
		g.List(ids(u.Vars)...).Op(":=").Add(bind)
		return
	}
	for i, name := range u.Vars {
		g.Var().Id(name).Add(typeCode(u.Method.Results[i].Type))
	}
	g.If(e.condition(u.When)).Block(jen.List(ids(u.Vars)...).Op("=").Add(bind))
}

// unitWhen calls the method for a provider that only providers need, unless all
// of these are replaced.
func (e *emitter) unitWhen(g *jen.Group, u *resolve.Unit) {
	if u.Call.Type == nil || u.Call.Var == "_" {
		g.If(e.condition(u.When)).BlockFunc(func(g *jen.Group) { e.unit(g, u, ids(u.Vars), jen.Return(jen.Id(e.Err))) })
		return
	}
	g.Var().Id(u.Call.Var).Add(typeCode(u.Call.Type))
	g.If(e.condition(u.When)).Block(
		jen.Var().Id(e.Err).Error(),
		jen.If(jen.List(jen.Id(u.Call.Var), jen.Id(e.Err)).Op("=").Add(e.unitCall(u, ids(u.Vars))), jen.Id(e.Err).Op("!=").Nil()).Block(jen.Return(jen.Id(e.Err))),
	)
}

func ids(names []string) (list []jen.Code) {
	for _, name := range names {
		list = append(list, jen.Id(name))
	}
	return list
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
	x := jen.Id(e.X)
	switch b.Form {
	case resolve.File:
		return x.Dot("File").Call(jen.Lit(b.Name))
	case resolve.Files:
		return x.Dot("Files").Call(jen.Lit(b.Name))
	case resolve.JSON:
		return ad("JSONBody").Types(typeCode(b.Type)).Call(x)
	case resolve.OptionalJSON:
		return ad("JSONBodyOpt").Types(typeCode(b.Type)).Call(x)
	case resolve.Raw:
		return x.Dot("RawBody").Call()
	case resolve.Stream:
		return x.Dot("BodyStream").Call()
	}
	return e.bindText(b)
}

// bindText is bind for what is read from text.
func (e *emitter) bindText(b *resolve.Binding) jen.Code {
	source := map[resolve.In]string{resolve.Path: "Path", resolve.Query: "Query", resolve.Header: "Header", resolve.Cookie: "Cookie", resolve.FormData: "Form"}[b.In]
	t := typeCode(b.Type)
	scalar := t
	if b.Elem == resolve.Defined {
		scalar = typeCode(b.Type.Underlying())
	}
	args := []jen.Code{jen.Id(e.X).Dot(source).Call(jen.Lit(b.Name))}
	form := "Required"
	switch b.Form {
	case resolve.Optional:
		form = "Optional"
	case resolve.Default:
		form = "Default"
		args = append(args, jen.Op(b.Or))
	case resolve.Repeated:
		form = "Repeated"
	}
	read := ad(form).Types(scalar).Call(args...)
	switch {
	case b.Elem != resolve.Defined:
		return read
	case b.Form == resolve.Optional:
		return jen.Parens(jen.Op("*").Add(t)).Call(read)
	case b.Form == resolve.Repeated:
		return ad("Convert").Call(read, jen.Func().Params(jen.Id(e.V).Add(scalar)).Add(t).Block(jen.Return(jen.Add(t).Call(jen.Id(e.V)))))
	}
	return jen.Add(t).Call(read)
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
		if e.scope != nil {
			return x.Dot("Runner").Call()
		}
		return jen.Id(e.Runner)
	case resolve.App:
		return jen.Id(e.App)
	case resolve.AppField:
		return jen.Id(e.App).Dot(v.Field)
	case resolve.Built:
		if name := e.name(v.Struct, v.Struct.Var); name != "" {
			return jen.Id(name)
		}
		return e.built(v.Struct)
	case resolve.Bound:
		return jen.Id(e.name(v.Binding, v.Binding.Var))
	case resolve.Provided:
		return jen.Id(e.name(v.Call, v.Call.Var))
	}
	panic(fmt.Sprintf("emit: a handler has no value of kind %d", v.Kind))
}

// built is a parameter struct of what was bound for its fields.
func (e *emitter) built(s *resolve.Struct) jen.Code {
	var fields []jen.Code
	for _, f := range s.Fields {
		fields = append(fields, jen.Id(f.Name).Op(":").Add(e.handlerArg(f.Value)))
	}
	literal := jen.Add(typeCode(s.Type)).Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: len(fields) > 1}, fields...)
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
		g.Return(ad("NoContent").Call(jen.Id(e.X), status(res.Status)))
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
		return ad("Respond").Call(jen.Id(e.X), status(res.Status), value, ad(function))
	case res.Kind == resolve.HandlerResult:
		return ad(function).Call(jen.Id(e.X), value)
	}
	return ad(function).Call(jen.Id(e.X), status(res.Status), value)
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
