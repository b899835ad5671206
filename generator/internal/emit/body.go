package emit

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/dave/jennifer/jen"
)

// bodies emits how JSON bodies are decoded: a variable for each type that is a body,
// and the shape and the functions of each type that is in one.
func (e *emitter) bodies() {
	for _, b := range e.pkg.Bodies {
		e.body(b)
	}
	e.shapes()
	for _, b := range e.pkg.BodyTypes {
		if b.Own {
			e.concerns(b)
		}
	}
}

// isFitted reports whether something asks whether a value of a type fits.
func (e *emitter) isFitted(t types.Type) bool {
	return slices.ContainsFunc(e.pkg.Bodies, func(b *model.JSONBody) bool {
		return !e.pkg.HasArrays(b.Type) && slices.ContainsFunc(e.pkg.PartsOf(b.Type), func(part types.Type) bool { return types.Identical(part, t) })
	})
}

func (e *emitter) body(b *model.JSONBody) {
	name := e.Bodies[b]
	into := "a JSON body"
	if text := e.typeName(b.Type); !strings.Contains(text, "struct{") {
		into = "JSON into " + article(text)
	}
	e.comment(name + " reads " + into + ".")
	members := []jen.Code{jen.Id("Shape").Op(":").Add(e.shape(b.Type, nil))}
	add := func(member string, f jen.Code) {
		if f != nil {
			members = append(members, jen.Id(member).Op(":").Add(f))
		}
	}
	add("Preset", e.preset(b.Type))
	if e.pkg.HasArrays(b.Type) {
		add("Arrays", jen.True())
	} else {
		add("Fits", e.member(b.Type, e.fits()))
	}
	add("Defaults", e.member(b.Type, e.defaults()))
	add("Invalid", e.member(b.Type, e.invalid()))
	e.file.Var().Id(name).Op("=").Add(e.jb("Body").Types(e.typ(b.Type))).
		Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, members...)
}

// member is the function for one concern of a body, nil if it is none: that of its
// type, or one that is written out.
func (e *emitter) member(t types.Type, w *bodyWalk) jen.Code {
	if !e.pkg.Concerns(t, w.concern) {
		return nil
	}
	if b := e.pkg.BodyTypeOf(t); b != nil && b.Own && e.pkg.ConcernsInside(t, w.concern) {
		return jen.Id(w.name(b))
	}
	if !e.pkg.ConcernsInside(t, w.concern) { // it has a method Validate, and that is all
		return jen.Func().Params(jen.Id(e.V).Op("*").Add(e.typ(t))).Add(e.jb("Invalid")).
			Custom(jen.Options{Open: "{ ", Close: " }"}, jen.Return(e.jb("Ask").Call(jen.Id(e.V))))
	}
	return w.function(jen.Func(), t)
}

// concerns emits the functions of a type of its own.
func (e *emitter) concerns(b *model.BodyType) {
	for _, w := range []*bodyWalk{e.fits(), e.defaults(), e.invalid()} {
		if e.pkg.ConcernsInside(b.Type, w.concern) && (w.concern != model.ForLimits || e.isFitted(b.Type)) {
			name := w.name(b)
			e.comment(name + " " + w.does + " " + article(e.typeName(b.Type)) + w.doesMore)
			e.file.Add(w.function(jen.Func().Id(name), b.Type))
		}
	}
}

// preset is the function that sets the defaults which a body has whatever is read
// into it, nil if there are none.
func (e *emitter) preset(t types.Type) jen.Code {
	list := e.presets(t, jen.Id(e.V))
	if len(list) == 0 {
		return nil
	}
	return jen.Func().Params(jen.Id(e.V).Op("*").Add(e.typ(t))).Block(list...)
}

func (e *emitter) presets(t types.Type, value *jen.Statement) (list []jen.Code) {
	b := e.pkg.BodyTypeOf(t)
	if b == nil || !e.pkg.Concerns(t, model.ForDefaults) {
		return nil
	}
	for _, f := range b.Fields {
		switch field := value.Clone().Dot(f.Go); {
		case f.Go == "":
		case len(f.Default) > 0 && f.Value.Form != model.Repeated: // which JSON would be read into
			list = append(list, field.Op("=").Add(e.defaultOf(f)))
		default:
			list = append(list, e.presets(f.Type, field)...)
		}
	}
	return list
}
