package describe

import (
	"go/types"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
)

// A Schema is a JSON Schema (draft 2020-12), as far as Go types need one.
type Schema struct {
	Ref                    string             `json:"$ref,omitempty"` // #/types/ and a key of Package.Types
	Type                   string             `json:"type,omitempty"` // "": anything
	Format                 string             `json:"format,omitempty"`
	Items                  *Schema            `json:"items,omitempty"`
	Properties             map[string]*Schema `json:"properties,omitempty"`
	Required               []string           `json:"required,omitempty"`
	AdditionalProperties   *Schema            `json:"additionalProperties,omitempty"`
	Default                any                `json:"default,omitempty"`
	Enum                   []any              `json:"enum,omitempty"`
	Pattern                string             `json:"pattern,omitempty"`
	Minimum                any                `json:"minimum,omitempty"`
	Maximum                any                `json:"maximum,omitempty"`
	FormatMinimum          any                `json:"formatMinimum,omitempty"` // of a time or a duration, as text
	FormatMaximum          any                `json:"formatMaximum,omitempty"`
	FormatExclusiveMinimum any                `json:"formatExclusiveMinimum,omitempty"`
	FormatExclusiveMaximum any                `json:"formatExclusiveMaximum,omitempty"`
	ExclusiveMinimum       any                `json:"exclusiveMinimum,omitempty"`
	ExclusiveMaximum       any                `json:"exclusiveMaximum,omitempty"`
	MultipleOf             any                `json:"multipleOf,omitempty"`
	MinLength              *int               `json:"minLength,omitempty"`
	MaxLength              *int               `json:"maxLength,omitempty"`
	MinItems               *int               `json:"minItems,omitempty"`
	MaxItems               *int               `json:"maxItems,omitempty"`
	MinProperties          *int               `json:"minProperties,omitempty"`
	MaxProperties          *int               `json:"maxProperties,omitempty"`
}

func (s *Schema) copy() *Schema {
	c := *s
	return &c
}

// limit adds a limit to s.
func (s *Schema) limit(c model.Check) {
	length := func() *int {
		n, _ := strconv.Atoi(c.Args[0]) // checked where it was read
		return &n
	}
	switch c.Kind {
	case "min":
		*bound(c, &s.Minimum, &s.FormatMinimum) = model.Value(c.Args[0])
	case "max":
		*bound(c, &s.Maximum, &s.FormatMaximum) = model.Value(c.Args[0])
	case "gt":
		*bound(c, &s.ExclusiveMinimum, &s.FormatExclusiveMinimum) = model.Value(c.Args[0])
	case "lt":
		*bound(c, &s.ExclusiveMaximum, &s.FormatExclusiveMaximum) = model.Value(c.Args[0])
	case "multiple":
		s.MultipleOf = model.Value(c.Args[0])
	case "pattern":
		s.Pattern, _ = model.Value(c.Args[0]).(string)
	case "enum":
		for _, value := range c.Args {
			s.Enum = append(s.Enum, model.Value(value))
		}
	case "minlen":
		*s.lengthLimit(c, &s.MinItems, &s.MinProperties, &s.MinLength) = length()
	case "maxlen":
		*s.lengthLimit(c, &s.MaxItems, &s.MaxProperties, &s.MaxLength) = length()
	}
}

// bound is the keyword for a limit: of a number, or of a time or a duration.
func bound(c model.Check, number, text *any) *any {
	if _, ok := model.Value(c.Args[0]).(string); ok {
		return text
	}
	return number
}

// lengthLimit is the keyword for a length: of a list, a map or a text.
func (s *Schema) lengthLimit(c model.Check, items, properties, text **int) **int {
	switch {
	case c.List && s.Type == "object":
		return properties
	case c.List:
		return items
	}
	return text
}

// schema is how encoding/json writes and reads t.
func (d *describer) schema(t types.Type) *Schema {
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok {
		return d.named(named)
	}
	switch t := t.(type) {
	case *types.Pointer:
		return d.schema(t.Elem())
	case *types.Basic:
		return basic(t)
	case *types.Slice:
		if b, ok := t.Elem().(*types.Basic); ok && b.Kind() == types.Byte {
			return &Schema{Type: "string", Format: "byte"}
		}
		return &Schema{Type: "array", Items: d.schema(t.Elem())}
	case *types.Array:
		n := int(t.Len())
		return &Schema{Type: "array", Items: d.schema(t.Elem()), MinItems: &n, MaxItems: &n}
	case *types.Map:
		return &Schema{Type: "object", AdditionalProperties: d.schema(t.Elem())}
	case *types.Struct:
		return d.object(&Schema{}, t)
	}
	return &Schema{} // an interface: anything
}

func basic(t *types.Basic) *Schema {
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return &Schema{Type: "boolean"}
	case info&types.IsInteger != 0:
		return &Schema{Type: "integer", Format: t.Name()}
	case info&types.IsFloat != 0:
		return &Schema{Type: "number", Format: t.Name()}
	}
	return &Schema{Type: "string"}
}

// named describes a struct, or a type of itself, once under its name, and others
// in place.
func (d *describer) named(t *types.Named) *Schema {
	if elem := gotype.OptElem(t); elem != nil {
		return d.schema(elem)
	}
	switch {
	case gotype.IsNamed(t, "time", "Time"):
		return &Schema{Type: "string", Format: "date-time"}
	case gotype.ReadsJSON(t):
		return &Schema{}
	case gotype.ReadsText(t):
		return &Schema{Type: "string"}
	}
	_, isStruct := t.Underlying().(*types.Struct)
	if !isStruct && !gotype.IsRecursive(t) {
		schema := d.schema(t.Underlying())
		if limited := d.pkg.LimitedOf(t); limited != nil {
			schema = schema.copy()
			for _, c := range limited.Checks {
				schema.limit(c)
			}
		}
		return schema
	}
	name := types.TypeString(t, nil)
	if d.out.Types[name] == nil {
		if !d.seen.Add(t) {
			return &Schema{} // of an endless row of instances
		}
		schema := &Schema{}
		d.out.Types[name] = schema // before what is in it: it may be there again
		if isStruct {
			d.object(schema, t)
		} else {
			*schema = *d.schema(t.Underlying())
		}
	}
	return &Schema{Ref: "#/types/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)}
}

// object describes a struct type in s.
func (d *describer) object(s *Schema, t types.Type) *Schema {
	s.Type, s.Properties = "object", map[string]*Schema{}
	for _, f := range gotype.JSONFields(t) {
		schema := d.schema(f.Var.Type())
		if f.String {
			schema = &Schema{Type: "string"}
		}
		s.Properties[f.Name] = d.limited(s, t, f.Name, schema)
	}
	return s
}

// limited adds the limits of a field of a body to its schema.
func (d *describer) limited(s *Schema, of types.Type, name string, schema *Schema) *Schema {
	body := d.pkg.BodyTypeOf(of)
	if body == nil {
		return schema
	}
	for _, f := range body.Fields {
		if f.JSON != name {
			continue
		}
		if f.Required {
			s.Required = append(s.Required, name)
		}
		if value := f.DefaultValue(); value != nil {
			schema = schema.copy()
			schema.Default = value
		}
		for _, c := range f.Value.Checks {
			if f.Quoted {
				break // a number in a string has no limits in JSON Schema
			}
			schema = schema.copy()
			schema.limit(c)
		}
	}
	return schema
}
