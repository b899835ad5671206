package emit

import (
	"go/types"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
	"github.com/dave/jennifer/jen"
)

// jb is a name of the package that generated code reads JSON bodies with.
func (e *emitter) jb(name string) *jen.Statement { return e.std(scan.JSONBodyPath, name) }

// shapes emits the shapes of types that have a name.
func (e *emitter) shapes() {
	for _, b := range e.pkg.BodyTypes {
		if !b.Own {
			continue
		}
		name := e.BodyTypes[b].Shape
		e.comment(name + " is the JSON of " + article(e.typeName(b.Type)) + ".")
		e.file.Add(e.declared(name, b.Recursive, func() jen.Code { return e.written(b.Type, nil) }))
	}
}

// typeName is how comments call a type.
func (e *emitter) typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == e.pkg.Path {
			return ""
		}
		return p.Name()
	})
}

// article puts "a" or "an" before a name.
func article(name string) string {
	if strings.ContainsAny(name[:1], "AEIOUaeiou") {
		return "an " + name
	}
	return "a " + name
}

// shape is the shape of a type with the limits of a field.
func (e *emitter) shape(t types.Type, limits []jen.Code) *jen.Statement {
	if limited := e.pkg.LimitedOf(t); limited != nil {
		limits = append(e.limitsOf(limited.Binding()), limits...)
	}
	if b := e.pkg.BodyTypeOf(t); b != nil && b.Own && len(limits) == 0 {
		return jen.Id(e.BodyTypes[b].Shape)
	}
	return e.written(t, limits)
}

// written is a shape, written out.
func (e *emitter) written(t types.Type, limits []jen.Code) *jen.Statement {
	switch {
	case gotype.IsTime(t):
		return e.jb("Time").Call(limits...)
	case gotype.IsNamed(t, "encoding/json", "Number"):
		return e.jb("Number").Call()
	case gotype.IsNamed(t, "encoding/json", "RawMessage"):
		return e.jb("Raw").Call()
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return e.jb("Nullable").Call(e.shape(p.Elem(), limits))
	}
	if elem := gotype.OptElem(t); elem != nil {
		return e.jb("Nullable").Call(e.shape(elem, limits))
	}
	if gotype.ReadsItself(t) {
		return e.readsItself(t, limits)
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return e.jb("Nullable").Call(e.shape(u.Elem(), limits))
	case *types.Basic:
		return e.basic(u, limits)
	case *types.Struct:
		return e.object(e.pkg.BodyTypeOf(t))
	case *types.Map:
		args := append([]jen.Code{e.shape(u.Elem(), nil)}, limits...)
		if basic, ok := u.Key().Underlying().(*types.Basic); ok && basic.Info()&types.IsString != 0 && !gotype.ReadsText(u.Key()) {
			return e.jb("Map").Call(args...)
		}
		return e.jb("MapOf").Call(append([]jen.Code{e.shape(u.Key(), nil)}, args...)...)
	case *types.Array:
		return e.jb("Array").Call(jen.Lit(int(u.Len())), e.shape(u.Elem(), nil))
	case *types.Slice:
		if types.Identical(u.Elem(), types.Typ[types.Byte]) {
			return e.jb("Bytes").Call(limits...)
		}
		of := "List"
		if gotype.ReadsBase64(u) {
			of = "BytesOf"
		}
		return e.jb(of).Call(append([]jen.Code{e.shape(u.Elem(), nil)}, limits...)...)
	}
	return e.jb("Any").Call()
}

// readsItself is the shape of a type that reads itself. What generated code cannot
// name is taken as it is: decoding says whether it is right.
func (e *emitter) readsItself(t types.Type, limits []jen.Code) *jen.Statement {
	if e.isHidden(t) {
		return e.jb("Raw").Call()
	}
	want := "is not valid"
	if named, ok := types.Unalias(t).(*types.Named); ok {
		want = "must be a valid " + named.Obj().Name()
	}
	kind := "Text"
	if gotype.ReadsJSON(t) {
		kind, limits = "Custom", nil
	}
	return e.jb(kind).Types(e.typ(t)).Call(append([]jen.Code{jen.Lit(want)}, limits...)...)
}

func (e *emitter) basic(t *types.Basic, limits []jen.Code) *jen.Statement {
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return e.jb("Bool").Call()
	case info&types.IsUnsigned != 0:
		return e.jb("Uint").Types(jen.Id(t.Name())).Call(limits...)
	case info&types.IsInteger != 0:
		return e.jb("Int").Types(jen.Id(t.Name())).Call(limits...)
	case info&types.IsFloat != 0:
		return e.jb("Float").Types(jen.Id(t.Name())).Call(limits...)
	}
	return e.jb("String").Call(limits...)
}

// object is the shape of a struct, a field a line.
func (e *emitter) object(b *model.BodyType) *jen.Statement {
	var fields []jen.Code
	for _, f := range b.Fields {
		shape := e.shape(f.Type, e.limitsOf(f.Value))
		if f.Quoted {
			shape = e.jb("Quoted").Call(shape)
		}
		field := e.jb("Field").Call(jen.Lit(f.JSON), shape)
		switch {
		case f.Required:
			field.Dot("Required").Call()
		case len(f.Default) > 0 && f.Value.Form == model.Single:
			field.Dot("Default").Call()
		}
		fields = append(fields, field)
	}
	return e.jb("Object").Custom(jen.Options{Open: "(", Close: ")", Separator: ",", Multi: len(fields) > 0}, fields...)
}

// limitsOf are the limits of a field, as the shape has them.
func (e *emitter) limitsOf(b *model.Binding) (list []jen.Code) {
	for _, c := range b.Checks {
		var args []jen.Code
		for _, arg := range c.Args {
			args = append(args, e.literal(b.ReadAs(), arg))
		}
		name := limitNames[c.Kind]
		if moment := map[string]string{"min": "NotBefore", "max": "NotAfter"}[c.Kind]; moment != "" && gotype.IsTime(b.ReadAs()) {
			name = moment
		}
		limit := e.jb(name)
		switch numeric := numericOf(b.Type, c.Args); {
		case c.Kind == "pattern":
			args = []jen.Code{jen.Id(e.Pattern(c.Args[0]))}
		case c.Kind != "minlen" && c.Kind != "maxlen" && numeric != "" && !gotype.IsDuration(b.ReadAs()):
			limit.Types(jen.Id(numeric))
		}
		list = append(list, limit.Call(args...))
	}
	return list
}

// limitNames are the functions for limits.
var limitNames = map[string]string{
	"min": "Min", "max": "Max", "gt": "Gt", "lt": "Lt", "multiple": "Multiple",
	"minlen": "MinLen", "maxlen": "MaxLen", "pattern": "Pattern", "enum": "Enum",
}

// numericOf is the type of numbers that are limits, where it is not the one that
// their literals have by themselves, "" otherwise.
func numericOf(t types.Type, literals []string) string {
	basic, ok := t.Underlying().(*types.Basic)
	switch {
	case ok && basic.Kind() == types.Float32:
		return "float32"
	case !ok || basic.Info()&types.IsInteger == 0:
		return ""
	}
	for _, text := range literals {
		if _, err := strconv.ParseInt(text, 10, 32); err == nil {
			continue
		}
		if basic.Info()&types.IsUnsigned != 0 {
			return "uint64"
		}
		return "int64"
	}
	return ""
}
