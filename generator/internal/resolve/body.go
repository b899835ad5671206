package resolve

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A bodyOf collects what one body is made of.
type bodyOf struct {
	*graph
	param scan.Param
	seen  gotype.Seen
	found []*model.BodyType
}

// jsonBody is how bodies of type t are decoded, which has one member if that is not "". What is in them is collected once
// for the package.
func (g *graph) jsonBody(p scan.Param, t types.Type, member string) *model.JSONBody {
	if known := g.out.BodyOf(t); known != nil {
		return known
	}
	b := &model.JSONBody{Type: t, Within: naming.Base(g.path[len(g.path)-1]) + "Body"}
	if member != "" {
		b.Within = naming.Base(g.path[len(g.path)-1]) + naming.Exported(member)
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		b.Within = named.Obj().Name()
	}
	c := &bodyOf{graph: g, param: p}
	c.collect(t, b.Within)
	c.concerns()
	c.checkHidden()
	c.checkDefaults(t)
	g.out.Bodies = append(g.out.Bodies, b)
	return b
}

// collect reads the tags of all structs in t, which is the type of what is called
// name.
func (c *bodyOf) collect(t types.Type, name string) {
	for ; t != nil && c.seen.Add(t) && c.out.BodyTypeOf(t) == nil; t = gotype.JSONElem(t) {
		named, isNamed := types.Unalias(t).(*types.Named)
		if isNamed {
			name = named.Obj().Name()
			c.boundChecks(t)
		}
		_, isStruct := t.Underlying().(*types.Struct)
		hasOwn := isNamed && (gotype.IsRecursive(t) || gotype.JSONElem(t) != nil && model.ValidationOf(t) != model.Never)
		if gotype.ReadsItself(t) || !isStruct && !hasOwn {
			continue
		}
		b := &model.BodyType{Type: t, Within: name, Recursive: isNamed && gotype.IsRecursive(t)}
		b.Own = isNamed && (b.Recursive || c.hidden(t) == nil)
		c.out.BodyTypes = append(c.out.BodyTypes, b)
		c.found = append(c.found, b)
		if isStruct {
			c.fields(b)
			c.embedded(b)
		}
	}
}

func (c *bodyOf) fields(b *model.BodyType) {
	for _, f := range gotype.JSONFields(b.Type) {
		c.checkBodyTag(c.param, f.Var, string(f.Tag))
		field := model.BodyField{JSON: f.Name, Type: f.Var.Type(), Quoted: f.String}
		field.Value = c.limits(f.Var, f.Tag)
		field.Required = f.Tag.Get("required") == "true"
		field.Default = c.defaults(field, f)
		c.selectField(&field, b.Type, f)
		b.Fields = append(b.Fields, field)
		c.collect(field.Type, b.Within+naming.UpperFirst(f.Var.Name()))
	}
}

// embedded finds the embedded structs with a method Validate that asking the struct
// around them would not call.
func (c *bodyOf) embedded(b *model.BodyType) {
	s := b.Type.Underlying().(*types.Struct)
	_, path, _ := types.LookupFieldOrMethod(types.NewPointer(b.Type), true, c.in.Types, "Validate")
	for i := range s.NumFields() {
		f := s.Field(i)
		promoted := len(path) > 1 && path[0] == i && model.ValidationOf(b.Type) != model.Never
		if !f.Embedded() || gotype.StructOf(f.Type()) == nil || reflect.StructTag(s.Tag(i)).Get("json") != "" || promoted {
			continue
		}
		selector, ok := gotype.Selector(c.in.Types, b.Type, []*types.Var{f})
		field := model.BodyField{Go: selector, Type: f.Type()}
		if of := gotype.UnderPointers(f.Type()); ok && model.ValidationOf(of) != model.Never {
			b.Embedded = append(b.Embedded, field)
		}
	}
}

// concerns finds out what has to be done for the types that were found, which may
// hold each other.
func (c *bodyOf) concerns() {
	for changed := true; changed; {
		changed = false
		for _, b := range c.found {
			for concern := range b.Concerns {
				if !b.Concerns[concern] && c.out.ConcernsItself(b.Type, model.Concern(concern)) {
					b.Concerns[concern], changed = true, true
				}
			}
		}
	}
}

// checkHidden reports a type that needs functions which cannot name it.
func (c *bodyOf) checkHidden() {
	for _, b := range c.found {
		if obj := c.hidden(b.Type); b.Own && obj != nil && slices.Contains(b.Concerns[:], true) {
			c.fail(diag.BadParam, c.param, "there are limits in %s, which package %s does not export", c.typeString(b.Type), obj.Pkg().Name()).
				WithHint("export the type: the generated code checks its fields")
		}
	}
}

// checkDefaults reports defaults in what is in a map, since a map has no order in
// which what was absent could be told, and in what is embedded by a pointer.
func (c *bodyOf) checkDefaults(t types.Type) {
	report := func(of types.Type, where diag.Range) {
		var seen gotype.Seen // a type may be a list of itself
		for ; of != nil && seen.Add(of); of = gotype.JSONElem(of) {
			m, ok := of.Underlying().(*types.Map)
			if !ok || gotype.ReadsItself(of) || !c.out.Concerns(m.Elem(), model.ForDefaults) {
				continue
			}
			c.report(diag.New(diag.BadParam, where, "a field in %s has a default, and is in a map here: defaults are not set in maps", c.typeString(m.Elem()))).
				WithHint("take the default away, or use a list in place of the map")
			return
		}
	}
	report(t, c.param.Range)
	for _, b := range c.found {
		for _, f := range b.Fields {
			if len(f.Through) > 0 && (len(f.Default) > 0 || c.out.Concerns(f.Type, model.ForDefaults)) {
				c.fail(diag.BadParam, c.param, "the field for %q in %s has a default, and is in a struct that is embedded by a pointer", f.JSON, c.typeString(b.Type)).
					WithHint("embed the struct itself, not a pointer to it")
			}
		}
		if s, ok := b.Type.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				report(f.Type(), c.fieldRange(c.param, f))
			}
		}
	}
}

// selectField finds how generated code selects a field of a struct, and the
// embedded pointers on the way.
func (c *bodyOf) selectField(field *model.BodyField, t types.Type, f gotype.JSONField) {
	path := append(slices.Clip(f.Through), f.Var)
	for i, embedded := range f.Through {
		if gotype.IsPointer(embedded.Type()) {
			selector, ok := gotype.Selector(c.in.Types, t, path[:i+1])
			if !ok {
				return // jsonProblem has said that nothing can be decoded into it
			}
			field.Through = append(field.Through, selector)
		}
	}
	var ok bool
	field.Go, ok = gotype.Selector(c.in.Types, t, path)
	if hasMore := field.Required || len(field.Value.Checks)+len(field.Default) > 0; !ok && hasMore {
		c.report(diag.New(diag.BadParam, c.fieldRange(c.param, f.Var), "field %s of %s has limits, and generated code cannot name it: another field has its name", f.Var.Name(), c.typeString(t)).
			WithHint("give one of the fields another name in Go, or export the embedded struct that it is in"))
	}
}

// limits reads those of one field.
func (c *bodyOf) limits(f *types.Var, tag reflect.StructTag) *model.Binding {
	where := c.fieldRange(c.param, f)
	b := &model.Binding{In: model.Body, Name: f.Name(), Type: f.Type()}
	spec := scan.ParamSpec{Range: where, Param: f.Name(), Limits: c.limitsIn(where, tag)}
	if required, ok := tag.Lookup("required"); ok && required != "true" && required != "false" {
		c.report(diag.New(diag.BadParam, where, "field %s is required:%q", f.Name(), required).WithHint("write required:\"true\", or take the tag away"))
	}
	if tag.Get("required") == "true" && gotype.OptElem(f.Type()) != nil {
		c.report(diag.New(diag.BadParam, where, "field %s is required, and is a runtime.Opt, which may be absent", f.Name()).WithHint("take the tag away, or take %s", c.typeString(gotype.OptElem(f.Type()))))
	}
	if form, v, ok := c.formOf(f.Type()); ok {
		b.Form = form
		v.into(b)
	} else if hasLen(f.Type()) {
		b.Form = model.Repeated
	} else if len(spec.Limits) > 0 {
		c.report(diag.New(diag.BadParam, where, "field %s is of type %s, and has no limits", f.Name(), c.typeString(f.Type())).
			WithHint("limits are of numbers, strings, lists and maps"))
		return b
	}
	c.checks(scan.Param{Range: where, Name: f.Name(), Type: f.Type()}, spec, b)
	return b
}

// defaults reads the default of a field: one value, or those of a list.
func (c *bodyOf) defaults(field model.BodyField, f gotype.JSONField) (values []string) {
	text, ok := f.Tag.Lookup("default")
	if !ok {
		return nil
	}
	where := c.fieldRange(c.param, f.Var)
	fail := func(hint, format string, args ...any) []string {
		c.report(diag.New(diag.BadParam, where, format, args...)).WithHint("%s", hint)
		return nil
	}
	b := *field.Value
	if field.Required {
		return fail("take one of the two tags away", "field %s is required and has a default", f.Var.Name())
	}
	if _, _, ok := c.formOf(field.Type); !ok || b.Elem == model.Text || b.Form == model.Opt {
		return fail("take the default away, and set it in the handler", "field %s is of type %s, which can have no default", f.Var.Name(), c.typeString(field.Type))
	}
	texts := []string{text}
	if b.Form == model.Repeated {
		texts = strings.Split(text, "|")
	}
	for _, text := range texts {
		value, ok := literal(b.ReadAs(), text)
		if !ok {
			return fail("write a value of that type: default:\"10\"", "%q is no default of type %s", text, c.typeString(b.Type))
		}
		values = append(values, value)
	}
	if b.Form != model.Repeated {
		b.Form, b.Or = model.Default, values[0]
		if v := violated(&b); v != nil {
			return fail("change the default or the limit", "the default %s is not within the limits: it %s", text, v.Message)
		}
	}
	return values
}

// hasLen reports whether t is a list or a map.
func hasLen(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}
