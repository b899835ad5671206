package emit

import (
	"fmt"
	"go/types"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/plan"
	"github.com/dave/jennifer/jen"
)

// A function emits what binds and calls within one function: an adapter, or a
// method of the struct of providers.
type function struct {
	*emitter
	vars   naming.Vars
	method bool                              // the exchange and the app value are fields of p
	stored func(model.Source) *jen.Statement // of what was bound before the function; nil: nothing was
	shared func(model.Source) *plan.Value    // what others bind as well
	bound  map[model.Source]bool             // in variables
	fail   jen.Code                          // what is done where a call has failed
}

func (f *function) x() *jen.Statement {
	if f.method {
		return jen.Id(f.P).Dot("x")
	}
	return jen.Id(f.X)
}

func (f *function) app() *jen.Statement {
	if f.method {
		return jen.Id(f.P).Dot("app")
	}
	return jen.Id(f.App)
}

// checked is the question whether all that was bound fits. Where tasks come next,
// it takes a slot for them as well.
func (f *function) checked(tasks bool) jen.Code {
	if tasks {
		return f.x().Dot("Ready").Call()
	}
	return f.x().Dot("Bound").Call()
}

// local binds a value, in variables of the function.
func (f *function) local(g *jen.Group, s model.Source) {
	if f.bound[s] {
		return
	}
	f.bound[s] = true
	name := f.vars.Of[s]
	if v := f.shared(s); v != nil {
		g.Id(name).Op(":=").Id(f.P).Dot(f.Methods[v].Bind).Call()
		return
	}
	f.variable(g, s, name, false)
}

// variable binds a value in the variable name. A parameter struct that nobody
// validates has one only if it is wanted: its fields have theirs.
func (f *function) variable(g *jen.Group, s model.Source, name string, wanted bool) {
	switch s := s.(type) {
	case *model.Binding:
		g.Id(name).Op(":=").Add(f.read(s))
		f.check(g, s, name)
	case *model.Struct:
		for _, b := range s.Bindings() {
			f.local(g, b)
		}
		f.parts(g, s)
		if wanted || s.Validate != model.Never {
			g.Id(name).Op(":=").Add(f.built(s))
			f.validateStruct(g, s, name)
		}
	}
}

// parts makes the parts of a parameter struct that say whether they are valid.
func (f *function) parts(g *jen.Group, s *model.Struct) {
	for _, field := range s.Fields {
		part, ok := field.Value.(*model.Struct)
		if !ok {
			continue
		}
		if f.parts(g, part); part.Validate != model.Never {
			g.Id(f.vars.Of[part]).Op(":=").Add(f.built(part))
			f.validateStruct(g, part, f.vars.Of[part])
		}
	}
}

// guard calls a guard, or the guards of a provider.
func (f *function) guard(g *jen.Group, step plan.Guard, used bool) {
	method := f.Methods[step.Provider]
	switch {
	case step.Inside:
		g.Add(f.ifFailed(jen.Id(f.Err), jen.Id(f.P).Dot(method.Guard).Call()))
	case step.Call.Type == nil:
		g.Add(f.ifFailed(jen.Id(f.Err), jen.Id(f.P).Dot(method.Call).Call()))
	case used:
		f.made(g, step.Need)
	default:
		g.Add(f.ifFailed(jen.List(jen.Id("_"), jen.Id(f.Err)), jen.Id(f.P).Dot(method.Call).Call()))
	}
}

// made calls a provider for its value.
func (f *function) made(g *jen.Group, need plan.Need) {
	g.List(jen.Id(f.vars.Of[need.Call]), jen.Id(f.Err)).Op(":=").Id(f.P).Dot(f.Methods[need.Provider].Call).Call()
	g.If(jen.Id(f.Err).Op("!=").Nil()).Block(f.fail)
}

func (f *function) ifFailed(results, call jen.Code) jen.Code {
	return jen.If(jen.Add(results).Op(":=").Add(call), jen.Id(f.Err).Op("!=").Nil()).Block(f.fail)
}

func (f *function) values(sources []model.Source) []jen.Code {
	list := make([]jen.Code, len(sources))
	for i, s := range sources {
		list[i] = f.value(s)
	}
	return list
}

// value is the expression for what comes from a source.
func (f *function) value(s model.Source) jen.Code {
	switch s := s.(type) {
	case model.Context:
		return f.x().Dot("Context").Call()
	case model.TaskContext:
		return f.x().Dot("TaskContext").Call()
	case model.Request:
		return f.x().Dot("Request").Call()
	case model.Writer:
		return f.x().Dot([...]string{model.Headers: "Writer", model.Takeover: "Takeover", model.TakeoverOrFail: "TakeoverOrFail"}[s.Mode]).Call()
	case model.Tasks:
		return f.x().Dot("Tasks").Call()
	case model.Runner:
		if f.method {
			return f.x().Dot("Runner").Call()
		}
		return jen.Id(f.Names.Runner)
	case model.App:
		return f.app()
	case model.AppField:
		return f.app().Dot(s.Name)
	case *model.Call:
		return jen.Id(f.vars.Of[s])
	case *model.Binding:
		if f.stored != nil {
			return f.stored(s)
		}
		return jen.Id(f.vars.Of[s])
	case *model.Struct:
		switch {
		case f.stored != nil:
			return f.stored(s)
		case s.Validate != model.Never || f.shared(s) != nil:
			return jen.Id(f.vars.Of[s])
		}
		return f.built(s)
	}
	panic(fmt.Sprintf("emit: a handler has no value from a %T", s))
}

// built is a parameter struct of what was bound for its fields.
func (f *function) built(s *model.Struct) jen.Code {
	var fields []jen.Code
	for _, field := range s.Fields {
		value := jen.Id(f.vars.Of[field.Value])
		if part, ok := field.Value.(*model.Struct); ok && part.Validate == model.Never {
			value = jen.Add(f.built(part))
		}
		fields = append(fields, jen.Id(field.Name).Op(":").Add(value))
	}
	literal := f.typ(s.Type).Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: len(fields) > 1}, fields...)
	if s.Pointer {
		return jen.Op("&").Add(literal)
	}
	return literal
}

// read is the expression that reads a value of the request.
func (f *function) read(b *model.Binding) jen.Code {
	switch b.Form {
	case model.File:
		return f.x().Dot("File").Call(jen.Lit(b.Name))
	case model.Files:
		return f.x().Dot("Files").Call(jen.Lit(b.Name))
	case model.JSON, model.OptionalJSON:
		if b.Name != "" {
			return f.ad("JSONBody").Call(f.x(), jen.Op("&").Id(f.Bodies[b.JSON])).Dot(b.JSON.Type.(*types.Struct).Field(0).Name())
		}
		if b.Form == model.JSON {
			return f.ad("JSONBody").Call(f.x(), jen.Op("&").Id(f.Bodies[b.JSON]))
		}
		return f.ad("JSONBodyOpt").Call(f.x(), jen.Op("&").Id(f.Bodies[b.JSON]))
	case model.Raw:
		return f.x().Dot("RawBody").Call()
	case model.Stream:
		return f.x().Dot("BodyStream").Call()
	}
	return f.readText(b)
}

// readText is read for what is read from text.
func (f *function) readText(b *model.Binding) jen.Code {
	part := [...]string{model.Path: "Path", model.Query: "Query", model.Header: "Header", model.Cookie: "Cookie", model.FormData: "Form"}[b.In]
	t := f.typ(b.Type)
	if b.In == model.Path && b.Form == model.Optional {
		part = "PartialPath"
	}
	scalar := t
	if b.Elem == model.Defined {
		scalar = f.typ(b.Base)
	}
	form, args := "Required", []jen.Code{f.x().Dot(part).Call(jen.Lit(b.Name))}
	switch b.Form {
	case model.Credential:
		return f.ad("Credential").Types(t).Call(args...)
	case model.Optional:
		form = "Optional"
	case model.Opt:
		form = "Opt"
	case model.Default:
		form = "Default"
		args = append(args, f.literal(b.ReadAs(), b.Or))
	case model.Repeated:
		form = "Repeated"
	}
	read := f.ad(form).Types(scalar).Call(args...)
	switch {
	case b.Elem != model.Defined:
		return read
	case b.Form == model.Optional:
		return jen.Parens(jen.Op("*").Add(t)).Call(read)
	case b.Form == model.Opt:
		return f.ad("ConvertOpt").Call(read, jen.Func().Params(jen.Id(f.V).Add(scalar)).Add(t).Block(jen.Return(jen.Add(t).Call(jen.Id(f.V)))))
	case b.Form == model.Repeated:
		return f.ad("Convert").Call(read, jen.Func().Params(jen.Id(f.V).Add(scalar)).Add(t).Block(jen.Return(jen.Add(t).Call(jen.Id(f.V)))))
	}
	return jen.Add(t).Call(read)
}
