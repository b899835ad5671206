package schema

import (
	"fmt"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
)

// limited adds the limits of a field of a body to its schema, and reports whether
// the field may be absent.
func (s *Set) limited(of types.Type, name string, schema *Object) (*Object, bool) {
	body := s.Package.BodyTypeOf(of)
	if body == nil {
		return schema, true
	}
	absent := true
	for _, f := range body.Fields {
		if f.JSON != name {
			continue
		}
		if f.Required {
			absent, schema = false, plain(schema)
		}
		if schema = limit(schema, f.Value.ReadAs(), f.Value.Checks, f.Quoted); len(f.Default) > 0 {
			schema.Set("default", f.DefaultValue())
		}
	}
	return schema, absent
}

// limitedType adds the limits that a type says of itself, and the names of its values.
func (s *Set) limitedType(t *types.Named, schema *Object) *Object {
	limited := s.Package.LimitedOf(t)
	if limited == nil {
		return schema
	}
	schema = limit(schema, limited.Binding().ReadAs(), limited.Checks, false)
	var names, comments []string
	commented := false
	for _, v := range limited.Values {
		comment := s.comment(v.Object)
		names, comments, commented = append(names, v.Name), append(comments, comment), commented || comment != ""
	}
	if names != nil {
		schema.Set("x-enum-varnames", names)
	}
	if commented {
		schema.Set("x-enum-descriptions", comments)
	}
	return schema
}

// limit adds the limits of a value that is read as a t, which may be quoted: a number in a
// string, for which JSON Schema has no limits, as it has none for times.
func limit(schema *Object, t types.Type, checks []model.Check, quoted bool) *Object {
	schema = schema.clone()
	inWords := gotype.IsTime(t) || gotype.IsDuration(t) || quoted
	for _, c := range checks {
		if inWords && (c.Kind != "enum" || quoted) {
			text, _ := schema.Get("description").(string)
			schema.Set("description", strings.TrimSpace(fmt.Sprint(text, " It ", c.Message, ".")))
			continue
		}
		addLimit(schema, c)
	}
	return schema
}

// keywords are those of limits on numbers and texts.
var keywords = map[string]string{
	"min": "minimum", "max": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum", "multiple": "multipleOf", "pattern": "pattern",
}

func addLimit(schema *Object, c model.Check) {
	switch c.Kind {
	case "enum":
		values := model.Values(c.Args)
		if isNullable(schema) {
			values = append(values, nil)
		}
		schema.Set("enum", values)
	case "minlen", "maxlen":
		n, err := strconv.Atoi(c.Args[0])
		if err != nil {
			return // checked where it was read
		}
		what := "Length"
		if c.List {
			what = "Items"
			if schema.Get("additionalProperties") != nil {
				what = "Properties"
			}
		}
		schema.Set(c.Kind[:3]+what, n)
	default:
		if keyword, ok := keywords[c.Kind]; ok {
			schema.Set(keyword, model.Value(c.Args[0]))
		}
	}
}

// without are the checks that are not among others.
func without(checks, others []model.Check) []model.Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c model.Check) bool {
		return slices.ContainsFunc(others, c.Same)
	})
}
