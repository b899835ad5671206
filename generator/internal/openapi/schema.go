package openapi

import (
	"fmt"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
)

// A direction is where JSON goes: what is required and may be null depends on it.
type direction int

const (
	in direction = iota
	out
)

// A ref is a reference to the component of a type. Its name is known when all
// components are.
type ref struct {
	of   *schemas
	name string // of the type, with its package
	dir  direction
}

// MarshalJSON writes the reference.
func (r ref) MarshalJSON() ([]byte, error) {
	return marshal("#/components/schemas/" + r.of.nameOf(r.name, r.dir))
}

// schemas are the components of types.
type schemas struct {
	comments Comments
	pkg      *model.Package // whose limits count
	byType   map[string]*component
	seen     gotype.Seen
	names    map[string]string // of components, by types; once all are known
	extra    map[string]*object
}

// A component is a named type, as it comes in and as it goes out; nil where it
// does not.
type component struct {
	named *types.Named
	dirs  [2]*object
	split bool // the two are not the same
}

func newSchemas(comments Comments) *schemas {
	return &schemas{comments: comments, byType: map[string]*component{}, extra: map[string]*object{}}
}

// of returns the schema of a type.
func (s *schemas) of(t types.Type, dir direction) *object {
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok {
		return s.named(named, dir)
	}
	switch t := t.(type) {
	case *types.Pointer:
		return nullable(s.of(t.Elem(), dir))
	case *types.Basic:
		return basic(t)
	case *types.Slice:
		if gotype.IsBytes(t) {
			return s.orNull(new(object).set("type", "string").set("contentEncoding", "base64"), dir)
		}
		return s.orNull(new(object).set("type", "array").set("items", s.of(t.Elem(), dir)), dir)
	case *types.Array:
		return new(object).set("type", "array").set("items", s.of(t.Elem(), dir)).set("minItems", t.Len()).set("maxItems", t.Len())
	case *types.Map:
		return s.orNull(new(object).set("type", "object").set("additionalProperties", s.of(t.Elem(), dir)), dir)
	case *types.Struct:
		return s.object(new(object), t, dir)
	}
	return new(object) // an interface: anything
}

// orNull is for what is written as null where it is nil.
func (s *schemas) orNull(schema *object, dir direction) *object {
	if dir == out {
		return nullable(schema)
	}
	return schema
}

// nullable lets a schema be null as well.
func nullable(schema *object) *object {
	switch t := schema.get("type").(type) {
	case string:
		c := &object{slices.Clone(schema.members)}
		return c.set("type", []string{t, "null"})
	case nil:
		if schema.get("$ref") != nil {
			return new(object).set("anyOf", []any{schema, new(object).set("type", "null")})
		}
	}
	return schema
}

// plain is a schema without null, for a value that is left out rather than null,
// or whose null is read as absent.
func plain(schema *object) *object {
	if list, ok := schema.get("type").([]string); ok {
		c := &object{slices.Clone(schema.members)}
		return c.set("type", list[0])
	}
	if list, ok := schema.get("anyOf").([]any); ok {
		return list[0].(*object)
	}
	return schema
}

func basic(t *types.Basic) *object {
	out := new(object)
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return out.set("type", "boolean")
	case info&types.IsInteger != 0:
		out.set("type", "integer")
		switch t.Kind() {
		case types.Int, types.Int64:
			return out.set("format", "int64")
		case types.Uint, types.Uint64, types.Uintptr:
			return out.set("format", "uint64").set("minimum", 0)
		}
		return out.set("format", t.Name())
	case info&types.IsFloat != 0:
		if t.Kind() == types.Float32 {
			return out.set("type", "number").set("format", "float")
		}
		return out.set("type", "number").set("format", "double")
	}
	return out.set("type", "string")
}

// known are types that write themselves, and whose form is known.
func known(t *types.Named) *object {
	text := func(format string) *object { return new(object).set("type", "string").text("format", format) }
	obj := t.Obj()
	if obj.Pkg() == nil {
		return nil
	}
	name := obj.Pkg().Path() + "." + obj.Name()
	switch name {
	case "time.Time":
		return text("date-time")
	case "encoding/json.RawMessage":
		return new(object)
	case "encoding/json.Number":
		return new(object).set("type", "number")
	case "math/big.Int":
		return new(object).set("type", "integer")
	case "github.com/shopspring/decimal.Decimal":
		return text("decimal")
	}
	if obj.Name() == "UUID" && path.Base(obj.Pkg().Path()) == "uuid" || strings.HasSuffix(name, "/uuid/v5.UUID") {
		return text("uuid")
	}
	return nil
}

// named returns the schema of a named type: a reference to the component of a
// struct or of a type that holds itself, else what it is made of.
func (s *schemas) named(t *types.Named, dir direction) *object {
	if schema := known(t); schema != nil {
		return schema
	}
	if elem := gotype.OptElem(t); elem != nil {
		return nullable(s.of(elem, dir))
	}
	readsJSON, readsText := gotype.ReadsJSON(t), gotype.ReadsText(t)
	if dir == out {
		readsJSON, readsText = gotype.WritesJSON(t), gotype.WritesText(t)
	}
	switch {
	case readsJSON:
		return new(object)
	case readsText:
		return new(object).set("type", "string")
	}
	_, isStruct := t.Underlying().(*types.Struct)
	if !isStruct && !gotype.IsRecursive(t) {
		return s.limitedType(t, s.of(t.Underlying(), dir))
	}
	name := types.TypeString(t, nil)
	c := s.byType[name]
	if c == nil {
		if !s.seen.Add(t) {
			return new(object) // of an endless row of instances
		}
		c = &component{named: t}
		s.byType[name] = c
	}
	if c.dirs[dir] == nil {
		schema := new(object).text("description", s.comment(t.Obj()))
		c.dirs[dir] = schema // before what is in it: it may be there again
		if isStruct {
			s.object(schema, t, dir)
		} else {
			schema.members = append(schema.members, s.of(t.Underlying(), dir).members...)
		}
	}
	return new(object).set("$ref", ref{s, name, dir})
}

func (s *schemas) comment(obj types.Object) string {
	if obj.Pkg() == nil || s.comments == nil {
		return ""
	}
	return strings.TrimSpace(s.comments(obj.Pkg(), obj.Pos()))
}

// object adds the fields of a struct type to a schema.
func (s *schemas) object(schema *object, t types.Type, dir direction) *object {
	schema.set("type", "object")
	properties, required := new(object), []string{}
	for _, f := range gotype.JSONFields(t) {
		field := s.of(f.Var.Type(), dir)
		if f.String {
			field = new(object).set("type", "string")
		}
		absent := dir == in
		if dir == out && (f.OmitEmpty || f.OmitZero) {
			field, absent = plain(field), true
		}
		if dir == in {
			field, absent = s.limited(t, f.Name, field)
		}
		if comment := s.comment(f.Var); comment != "" {
			field = described(field, comment)
		}
		properties.set(f.Name, field)
		if !absent {
			required = append(required, f.Name)
		}
	}
	if len(properties.members) > 0 {
		schema.set("properties", properties)
	}
	if len(required) > 0 {
		schema.set("required", required)
	}
	return schema
}

// described adds a comment to a schema, also beside a reference.
func described(schema *object, comment string) *object {
	first := []member{{"description", comment}}
	return &object{append(first, schema.members...)}
}

// limited adds the limits of a field of a body to its schema, and reports whether
// the field may be absent.
func (s *schemas) limited(of types.Type, name string, schema *object) (*object, bool) {
	body := s.pkg.BodyTypeOf(of)
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
		if schema = limitOf(schema, f.Value, f.Quoted); len(f.Default) > 0 {
			schema.set("default", f.DefaultValue())
		}
	}
	return schema, absent
}

// limitedType adds the limits that a type says of itself, and the names of its values.
func (s *schemas) limitedType(t *types.Named, schema *object) *object {
	limited := s.pkg.LimitedOf(t)
	if limited == nil {
		return schema
	}
	schema = limit(schema, limited.Binding())
	var names, comments []string
	commented := false
	for _, v := range limited.Values {
		comment := s.comment(v.Object)
		names, comments, commented = append(names, v.Name), append(comments, comment), commented || comment != ""
	}
	if names != nil {
		schema.set("x-enum-varnames", names)
	}
	if commented {
		schema.set("x-enum-descriptions", comments)
	}
	return schema
}

// limit adds the limits of a value.
func limit(schema *object, b *model.Binding) *object { return limitOf(schema, b, false) }

// limitOf is limit for a value that may be a number in a string, for which JSON Schema
// has no limits.
func limitOf(schema *object, b *model.Binding, quoted bool) *object {
	schema = &object{slices.Clone(schema.members)}
	inWords := gotype.IsTime(b.ReadAs()) || gotype.IsDuration(b.ReadAs()) || quoted
	for _, c := range b.Checks {
		if inWords && (c.Kind != "enum" || quoted) {
			schema.text("description", strings.TrimSpace(fmt.Sprint(textOf(schema.get("description")), " It ", c.Message, ".")))
			continue
		}
		addLimit(schema, c)
	}
	return schema
}

func textOf(v any) string {
	text, _ := v.(string)
	return text
}

// keywords are those of limits on numbers and texts.
var keywords = map[string]string{
	"min": "minimum", "max": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum", "multiple": "multipleOf", "pattern": "pattern",
}

func addLimit(schema *object, c model.Check) {
	switch c.Kind {
	case "enum":
		var values []any
		for _, value := range c.Args {
			values = append(values, model.Value(value))
		}
		schema.set("enum", values)
	case "minlen", "maxlen":
		n, err := strconv.Atoi(c.Args[0])
		if err != nil {
			return // checked where it was read
		}
		what := "Length"
		if c.List {
			what = "Items"
			if schema.get("additionalProperties") != nil {
				what = "Properties"
			}
		}
		schema.set(c.Kind[:3]+what, n)
	default:
		if keyword, ok := keywords[c.Kind]; ok {
			schema.set(keyword, model.Value(c.Args[0]))
		}
	}
}

// components returns the schemas by their names.
func (s *schemas) components() map[string]*object {
	s.split()
	s.name()
	list := maps.Clone(s.extra)
	for name, c := range s.byType {
		for dir, schema := range c.dirs {
			if schema != nil {
				list[s.nameOf(name, direction(dir))] = schema
			}
		}
	}
	return list
}

// split finds the types that are not the same in both directions: by themselves,
// or by what they refer to.
func (s *schemas) split() {
	s.names = map[string]string{}
	for name := range s.byType {
		s.names[name] = name // until all are known
	}
	for changed := true; changed; {
		changed = false
		for _, c := range s.byType {
			if c.split || c.dirs[in] == nil || c.dirs[out] == nil {
				continue
			}
			a, _ := marshal(c.dirs[in])
			b, _ := marshal(c.dirs[out])
			if string(a) != string(b) {
				c.split, changed = true, true
			}
		}
	}
}

// nameOf is the name of a component.
func (s *schemas) nameOf(name string, dir direction) string {
	if c := s.byType[name]; c.split && dir == in {
		return s.names[name] + "Input"
	}
	return s.names[name]
}

// name names the components: as their types, with the package in front where two
// types have one name.
func (s *schemas) name() {
	byName := map[string][]string{}
	for name, c := range s.byType {
		short := shortName(c.named)
		byName[short] = append(byName[short], name)
	}
	used := map[string]bool{}
	for name := range s.extra {
		used[name] = true
	}
	for _, short := range slices.Sorted(maps.Keys(byName)) {
		list := byName[short]
		slices.Sort(list)
		for _, name := range list {
			full := short
			if len(list) > 1 || used[short] {
				full = identifier(s.byType[name].named.Obj().Pkg().Name()) + short
			}
			unique := full
			for n := 2; used[unique]; n++ {
				unique = fmt.Sprint(full, n)
			}
			used[unique] = true
			s.names[name] = unique
		}
	}
}

// shortName is the name of a type; that of an instance has its arguments' names
// behind: Page[Item] is PageItem.
func shortName(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		name := upper(identifier(t.Obj().Name()))
		for arg := range t.TypeArgs().Types() {
			name += shortName(arg)
		}
		return name
	case *types.Basic:
		return upper(t.Name())
	case *types.Slice:
		return shortName(t.Elem()) + "List"
	case *types.Map:
		return shortName(t.Elem()) + "Map"
	case *types.Pointer:
		return shortName(t.Elem())
	}
	return "Value"
}
