package resolve

import (
	"go/types"
	"reflect"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
)

// places are the tags that make a struct a parameter struct.
var places = []string{"path", "query", "header", "cookie", "form"}

// limitTags are the tags of limits, as in a param directive.
var limitTags = []string{"min", "max", "gt", "lt", "multiple", "minlen", "maxlen", "pattern", "enum"}

// paramStruct binds the fields of a parameter struct.
func (g *graph) paramStruct(p scan.Param, t types.Type, pointer bool) model.Source {
	if obj := g.hidden(t); obj != nil {
		g.fail(diag.BadParam, p, "parameter %s is of the type %s, which this package cannot name", paramName(p), obj.Name()).
			WithHint("take a type that is exported")
		return nil
	}
	for _, known := range g.structs {
		if known.Pointer == pointer && types.Identical(known.Type, t) {
			return known
		}
	}
	built := &model.Struct{Type: t, Pointer: pointer, Fields: g.structFields(p, t.Underlying().(*types.Struct)), Validate: model.ValidationOf(t)}
	g.structs = append(g.structs, built)
	return built
}

// isParamStruct reports whether a field, or one of a struct embedded in it, has
// a tag that says where its value comes from.
func isParamStruct(s *types.Struct, above []*types.Struct) bool {
	if slices.Contains(above, s) {
		return false
	}
	for i := range s.NumFields() {
		if place, _ := placeOf(s.Tag(i)); place != "" {
			return true
		}
		if part := gotype.StructOf(s.Field(i).Type()); part != nil && isParamStruct(part, append(above, s)) {
			return true
		}
	}
	return false
}

func placeOf(tag string) (place, name string) {
	for _, place := range places {
		if name, ok := reflect.StructTag(tag).Lookup(place); ok {
			return place, name
		}
	}
	return "", ""
}

func (g *graph) structFields(p scan.Param, s *types.Struct) (fields []model.StructField) {
	for i := range s.NumFields() {
		f := s.Field(i)
		place, name := placeOf(s.Tag(i))
		g.checkParamTag(p, f, s.Tag(i), place, name)
		if place == "" {
			if keys, ok := tagKeys(s.Tag(i)); !ok {
				continue // that has been said
			} else if part := g.partOf(p, f, keys); part != nil {
				fields = append(fields, model.StructField{Name: f.Name(), Value: part})
			}
			continue
		}
		if !f.Exported() && f.Pkg().Path() != g.in.Path {
			g.fail(diag.BadParam, p, "field %s of %s is not exported", f.Name(), g.typeString(p.Type)).
				WithHint("export it, or take its tag away")
			continue
		}
		fields = append(fields, model.StructField{Name: f.Name(), Value: g.structField(p, f, place, name, reflect.StructTag(s.Tag(i)))})
	}
	return fields
}

// partOf is a field without a tag: a parameter struct within another one, or a
// pointer to one; nil if it is neither.
func (g *graph) partOf(p scan.Param, f *types.Var, keys []string) *model.Struct {
	t, pointer := types.Unalias(f.Type()), false
	if ptr, ok := t.(*types.Pointer); ok {
		t, pointer = types.Unalias(ptr.Elem()), true
	}
	inner, ok := t.Underlying().(*types.Struct)
	switch {
	case ok && isParamStruct(inner, nil) && !slices.Contains(g.nesting, inner):
		g.nesting = append(g.nesting, inner)
		part := &model.Struct{Type: t, Pointer: pointer, Fields: g.structFields(p, inner)}
		if !f.Embedded() { // else its method is that of the struct around it
			part.Validate = model.ValidationOf(t)
		}
		g.nesting = g.nesting[:len(g.nesting)-1]
		return part
	case ok && f.Embedded():
	case f.Exported() || slices.ContainsFunc(keys, func(key string) bool { return key == "default" || slices.Contains(limitTags, key) }):
		g.report(diag.New(diag.BadParam, g.fieldRange(p, f), "field %s of a parameter struct does not say where its value comes from", f.Name()).
			WithHint("give it a tag, such as `query:%q`; or do not export it, if it is not for clients to set", naming.LowerFirst(f.Name())))
	}
	return nil
}

// fieldRange is where a field is, or the parameter that has it from elsewhere.
func (g *graph) fieldRange(p scan.Param, f *types.Var) diag.Range {
	if f.Pkg().Path() == g.in.Path {
		return g.in.Position(f)
	}
	return p.Range
}

// structField binds a field as a param directive with what its tags say would.
func (g *graph) structField(p scan.Param, f *types.Var, place, name string, tag reflect.StructTag) model.Source {
	where := g.fieldRange(p, f)
	if name == "" {
		name = naming.LowerFirst(f.Name())
		if place == "header" {
			name = f.Name()
		}
	}
	spec := scan.ParamSpec{Range: where, Param: f.Name(), In: place, Name: name}
	spec.Default, spec.Or = tag.Lookup("default")
	spec.Limits = g.limitsIn(where, tag)
	if example, ok := tag.Lookup("example"); ok {
		spec.Example = &example
	}
	return g.specified(scan.Param{Range: where, Name: naming.LowerFirst(f.Name()), Type: f.Type()}, spec)
}

// limitsIn are the limits in the tag of a field.
func (g *graph) limitsIn(where diag.Range, tag reflect.StructTag) (list []scan.Limit) {
	for _, kind := range limitTags {
		if value, ok := tag.Lookup(kind); ok {
			list = append(list, scan.Limit{Range: where, Kind: kind, Value: value})
		}
	}
	return list
}
