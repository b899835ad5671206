package describe

import (
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/resolve"
)

// A Schema is a JSON Schema (draft 2020-12), as far as Go types need one.
type Schema struct {
	Ref                  string             `json:"$ref,omitempty"` // #/types/ and a key of Package.Types
	Type                 string             `json:"type,omitempty"` // "": anything
	Format               string             `json:"format,omitempty"`
	Items                *Schema            `json:"items,omitempty"`
	Properties           map[string]*Schema `json:"properties,omitempty"`
	Required             []string           `json:"required,omitempty"`
	AdditionalProperties *Schema            `json:"additionalProperties,omitempty"`
	Default              any                `json:"default,omitempty"`
	Enum                 []any              `json:"enum,omitempty"`
	Pattern              string             `json:"pattern,omitempty"`
	Minimum              any                `json:"minimum,omitempty"`
	Maximum              any                `json:"maximum,omitempty"`
	MinLength            *int               `json:"minLength,omitempty"`
	MaxLength            *int               `json:"maxLength,omitempty"`
	MinItems             *int               `json:"minItems,omitempty"`
	MaxItems             *int               `json:"maxItems,omitempty"`
	MinProperties        *int               `json:"minProperties,omitempty"`
	MaxProperties        *int               `json:"maxProperties,omitempty"`
}

func (s *Schema) copy() *Schema {
	c := *s
	return &c
}

// limit adds a limit to s.
func (s *Schema) limit(c resolve.Check) {
	length := func() *int {
		n, _ := strconv.Atoi(c.Args[0]) // checked where it was read
		return &n
	}
	switch c.Kind {
	case "min":
		s.Minimum = unquote(c.Args[0])
	case "max":
		s.Maximum = unquote(c.Args[0])
	case "pattern":
		s.Pattern, _ = unquote(c.Args[0]).(string)
	case "enum":
		for _, value := range c.Args {
			s.Enum = append(s.Enum, unquote(value))
		}
	case "minlen":
		*s.lengthLimit(c, &s.MinItems, &s.MinProperties, &s.MinLength) = length()
	case "maxlen":
		*s.lengthLimit(c, &s.MaxItems, &s.MaxProperties, &s.MaxLength) = length()
	}
}

// lengthLimit is the keyword for a length: of a list, a map or a text.
func (s *Schema) lengthLimit(c resolve.Check, items, properties, text **int) **int {
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
		s := &Schema{Type: "object", Properties: map[string]*Schema{}}
		d.fields(s, t, t, nil)
		return s
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

// named describes a struct type once, under its name, and others in place.
func (d *describer) named(t *types.Named) *Schema {
	switch types.TypeString(t, nil) {
	case "time.Time":
		return &Schema{Type: "string", Format: "date-time"}
	case "encoding/json.RawMessage":
		return &Schema{}
	}
	switch {
	case resolve.IsJSONCodec(t):
		return &Schema{}
	case resolve.IsTextCodec(t):
		return &Schema{Type: "string"}
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return d.schema(t.Underlying())
	}
	name := types.TypeString(t, nil)
	if d.out.Types[name] == nil {
		schema := &Schema{Type: "object", Properties: map[string]*Schema{}}
		d.out.Types[name] = schema // before its fields: it may be one of them
		d.fields(schema, t, s, nil)
	}
	return &Schema{Ref: "#/types/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)}
}

// fields adds the fields of a struct, and those of structs embedded in it, which
// may come round to one that it is embedded in.
func (d *describer) fields(s *Schema, whole types.Type, t *types.Struct, above []*types.Struct) {
	if slices.Contains(above, t) {
		return
	}
	above = append(above, t)
	for i := range t.NumFields() {
		f := t.Field(i)
		name, options, _ := strings.Cut(reflect.StructTag(t.Tag(i)).Get("json"), ",")
		if f.Embedded() && name == "" {
			if embedded, ok := pointed(f.Type()).Underlying().(*types.Struct); ok {
				d.fields(s, pointed(f.Type()), embedded, above)
				continue
			}
		}
		if !f.Exported() || name == "-" && options == "" {
			continue
		}
		if name == "" {
			name = f.Name()
		}
		schema := d.schema(f.Type())
		if strings.Contains(","+options+",", ",string,") {
			schema = &Schema{Type: "string"}
		}
		s.Properties[name] = d.limited(s, whole, name, schema)
	}
}

// limited adds the limits of a field of a body to its schema.
func (d *describer) limited(s *Schema, whole types.Type, name string, schema *Schema) *Schema {
	check := d.pkg.CheckOf(whole)
	if check == nil {
		return schema
	}
	for _, f := range check.Fields {
		if f.JSON != name {
			continue
		}
		if f.Required {
			s.Required = append(s.Required, name)
		}
		for _, c := range f.Value.Checks {
			schema = schema.copy()
			schema.limit(c)
		}
	}
	return schema
}

func pointed(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
