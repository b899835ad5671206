package resolve

import (
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
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
		if embedded, ok := embeddedStruct(s.Field(i)); ok && isParamStruct(embedded, append(above, s)) {
			return true
		}
	}
	return false
}

// embeddedStruct is the struct that is embedded by f, not through a pointer.
func embeddedStruct(f *types.Var) (*types.Struct, bool) {
	s, ok := f.Type().Underlying().(*types.Struct)
	return s, ok && f.Embedded()
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
		g.checkTag(p, f, place, name, reflect.StructTag(s.Tag(i)))
		if embedded, ok := embeddedStruct(f); ok && place == "" {
			if isParamStruct(embedded, nil) {
				fields = append(fields, model.StructField{Name: f.Name(), Value: &model.Struct{Type: f.Type(), Fields: g.structFields(p, embedded)}})
			}
			continue
		}
		if place == "" {
			continue // left as it is
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

// meant is what tags are called elsewhere, and here.
var meant = map[string]string{
	"querry": "query", "params": "path", "param": "path", "uri": "path", "headers": "header", "cookies": "cookie",
	"minimum": "min", "maximum": "max", "minlength": "minlen", "maxlength": "maxlen", "minLength": "minlen",
	"maxLength": "maxlen", "min_len": "minlen", "max_len": "maxlen", "regexp": "pattern", "regex": "pattern",
}

// checkTag reports a tag that would do nothing, or not what it seems to.
func (g *graph) checkTag(p scan.Param, f *types.Var, place, name string, tag reflect.StructTag) {
	where := g.fieldRange(p, f)
	for _, other := range places {
		if _, both := tag.Lookup(other); both && other != place {
			g.report(diag.New(diag.AmbiguousSource, where, "field %s has a tag %s and a tag %s", f.Name(), place, other).
				WithHint("a value comes from one place: take one of them away"))
		}
	}
	if before, _, comma := strings.Cut(name, ","); comma {
		g.report(diag.New(diag.BadParam, where, "the name %q of field %s has a comma in it", name, f.Name()).
			WithHint("write %s:%q; a pointer or default:\"\" makes it optional", place, before))
	}
	for _, wrong := range slices.Sorted(maps.Keys(meant)) {
		if _, ok := tag.Lookup(wrong); ok && f.Pkg().Path() == g.in.Path {
			g.report(diag.New(diag.BadParam, where, "field %s has a tag %s, which means nothing here", f.Name(), wrong).
				WithHint("did you mean %s?", meant[wrong]))
		}
	}
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
