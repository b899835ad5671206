// Package schema says in JSON Schema (draft 2020-12) what Go types are in JSON, and
// what the values of a request are: with their limits, and with the comments of the
// sources. The OpenAPI document and bggen -json have their schemas from here.
package schema

import (
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
)

// A Direction is where JSON goes: what is required, may be null or is refused
// depends on it.
type Direction int

const (
	Out        Direction = iota // it is written
	EmptyLists                  // it is written, and lists and maps that are nil as empty ones
	In                          // it is read
	Strict                      // it is read, and members that are not known are refused
	directions
)

// OutputOf is the direction of what a handler answers with.
func OutputOf(h *model.Handler) Direction {
	if h.Lists != nil {
		return EmptyLists
	}
	return Out
}

// InputOf is the direction of what a handler reads.
func InputOf(h *model.Handler) Direction {
	if h.Strict {
		return Strict
	}
	return In
}

// Comments returns the comment of what is declared, "" if there is none.
type Comments func(types.Object) string

// A Set makes schemas, and keeps those of the types with names, its components,
// which the others refer to. The comments of types and fields are descriptions.
type Set struct {
	Package *model.Package // that handlers are of: its limits count

	comments Comments // nil: there are no descriptions
	at       string   // what is before the name of a component in a reference
	byType   map[string]*component
	seen     gotype.Seen
}

// NewSet returns a set whose components will be found at a JSON pointer that ends
// with a slash: #/components/schemas/. comments may be nil.
func NewSet(at string, comments Comments) *Set {
	return &Set{comments: comments, at: at, byType: map[string]*component{}}
}

// Of returns the schema of a type.
func (s *Set) Of(t types.Type, dir Direction) *Object {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return s.named(t, dir)
	case *types.Pointer:
		return nullable(s.Of(t.Elem(), dir))
	case *types.Slice, *types.Map:
		if dir == Out {
			return nullable(s.filled(t, dir))
		}
		return s.filled(t, dir)
	default:
		return s.filled(t, dir)
	}
}

// filled returns the schema of a type that is not nil.
func (s *Set) filled(t types.Type, dir Direction) *Object {
	switch t := t.(type) {
	case *types.Basic:
		return basic(t)
	case *types.Slice:
		if gotype.WritesBase64(t) {
			return new(Object).Set("type", "string").Set("contentEncoding", "base64")
		}
		return new(Object).Set("type", "array").Set("items", s.Of(t.Elem(), dir))
	case *types.Array:
		array := new(Object).Set("type", "array").Set("items", s.Of(t.Elem(), dir))
		if dir < In { // encoding/json reads a shorter one, too
			array.Set("minItems", t.Len())
		}
		return array.Set("maxItems", t.Len())
	case *types.Map:
		return new(Object).Set("type", "object").Set("additionalProperties", s.Of(t.Elem(), dir))
	case *types.Struct:
		return s.object(new(Object), t, dir)
	}
	return new(Object) // an interface: anything
}

// nullable lets a schema be null as well.
func nullable(schema *Object) *Object {
	switch t := schema.Get("type").(type) {
	case string:
		return schema.clone().Set("type", []string{t, "null"})
	case nil:
		if schema.Get("$ref") != nil {
			return new(Object).Set("anyOf", []any{schema, new(Object).Set("type", "null")})
		}
	}
	return schema
}

// isNullable reports whether nullable has been there.
func isNullable(schema *Object) bool {
	list, _ := schema.Get("type").([]string)
	return list != nil || schema.Get("anyOf") != nil
}

// plain is a schema without null, for a value that is left out rather than null,
// or whose null is read as absent.
func plain(schema *Object) *Object {
	if list, ok := schema.Get("type").([]string); ok {
		return schema.clone().Set("type", list[0])
	}
	if list, ok := schema.Get("anyOf").([]any); ok {
		return list[0].(*Object)
	}
	return schema
}

func basic(t *types.Basic) *Object {
	out := new(Object)
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return out.Set("type", "boolean")
	case info&types.IsInteger != 0:
		out.Set("type", "integer")
		switch t.Kind() {
		case types.Int, types.Int64:
			return out.Set("format", "int64")
		case types.Uint, types.Uint64, types.Uintptr:
			return out.Set("format", "uint64").Set("minimum", 0)
		}
		return out.Set("format", types.Typ[t.Kind()].Name()) // and not byte or rune
	case info&types.IsFloat != 0:
		if t.Kind() == types.Float32 {
			return out.Set("type", "number").Set("format", "float")
		}
		return out.Set("type", "number").Set("format", "double")
	}
	return out.Set("type", "string")
}

// known are types that write themselves, and whose form is known.
func known(t *types.Named) *Object {
	text := func(format string) *Object { return new(Object).Set("type", "string").Text("format", format) }
	obj := t.Obj()
	if obj.Pkg() == nil {
		return nil
	}
	name := obj.Pkg().Path() + "." + obj.Name()
	switch name {
	case "time.Time":
		return text("date-time")
	case "encoding/json.RawMessage":
		return new(Object)
	case "encoding/json.Number":
		return new(Object).Set("type", "number")
	case "math/big.Int":
		return new(Object).Set("type", "integer")
	case "github.com/shopspring/decimal.Decimal":
		return text("decimal")
	}
	if obj.Name() == "UUID" && path.Base(obj.Pkg().Path()) == "uuid" || strings.HasSuffix(name, "/uuid/v5.UUID") {
		return text("uuid")
	}
	return nil
}

// named returns the schema of a defined type: a reference to its component. Types
// that say nothing more than what they are made of, as time.Duration does, have
// none: those of the standard library, but for structs.
func (s *Set) named(t *types.Named, dir Direction) *Object {
	if schema := known(t); schema != nil {
		return schema
	}
	if elem := gotype.OptElem(t); elem != nil {
		return nullable(s.Of(elem, dir))
	}
	itself := s.itself(t, dir)
	_, isStruct := t.Underlying().(*types.Struct)
	if s.isStandard(t) && (itself != nil || !isStruct && !gotype.IsRecursive(t)) {
		if itself != nil {
			return itself
		}
		return s.Of(t.Underlying(), dir)
	}
	schema := s.reference(t, dir, func(schema *Object) {
		switch {
		case itself != nil:
			schema.add(itself)
		case isStruct:
			s.object(schema, t, dir)
		default:
			schema.add(s.limitedType(t, s.filled(t.Underlying(), dir)))
		}
	})
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		if dir == Out && itself == nil {
			return nullable(schema)
		}
	}
	return schema
}

// itself is the schema of a type that reads or writes itself, nil if it does not.
func (s *Set) itself(t types.Type, dir Direction) *Object {
	if text := s.Package.SchemaOf(t); text != "" {
		return read(text)
	}
	byJSON, byText := gotype.ReadsJSON(t), gotype.ReadsText(t)
	if dir < In {
		byJSON, byText = gotype.WritesJSON(t), gotype.WritesText(t)
	}
	switch {
	case byJSON:
		return new(Object)
	case byText:
		return new(Object).Set("type", "string")
	}
	return nil
}

// isStandard reports whether a type is declared in the standard library: its paths
// have no dot in their first element, and neither need those of the module.
func (s *Set) isStandard(t *types.Named) bool {
	if t.Obj().Pkg() == nil {
		return true // error
	}
	first, _, _ := strings.Cut(t.Obj().Pkg().Path(), "/")
	own, _, _ := strings.Cut(s.Package.Path, "/")
	return !strings.Contains(first, ".") && first != own
}

func (s *Set) comment(obj types.Object) string {
	if obj.Pkg() == nil || s.comments == nil {
		return ""
	}
	return s.comments(obj)
}

// object adds the fields of a struct type to a schema.
func (s *Set) object(schema *Object, t types.Type, dir Direction) *Object {
	schema.Set("type", "object")
	properties, required := new(Object), []string{}
	for _, f := range gotype.JSONFields(t) {
		field, absent := s.field(t, f, dir)
		if example := s.Package.Examples[f.Var.Pos()]; example != nil {
			field = field.clone().Set("examples", []any{example})
		}
		properties.Set(f.Name, Described(field, s.comment(f.Var)))
		if !absent {
			required = append(required, f.Name)
		}
	}
	if len(properties.Members) > 0 {
		schema.Set("properties", properties)
	}
	if len(required) > 0 {
		schema.Set("required", required)
	}
	if dir == Strict {
		schema.Set("additionalProperties", false)
	}
	return schema
}

// field returns the schema of a field of a struct, and whether it may be absent.
func (s *Set) field(of types.Type, f gotype.JSONField, dir Direction) (schema *Object, absent bool) {
	schema = s.Of(f.Var.Type(), dir)
	if f.String {
		schema = new(Object).Set("type", "string")
	}
	if dir >= In {
		return s.limited(of, f.Name, schema)
	}
	if f.OmitEmpty || f.OmitZero {
		return plain(schema), true
	}
	return schema, slices.ContainsFunc(f.Through, func(v *types.Var) bool { return gotype.IsPointer(v.Type()) })
}

// Described adds a comment to a schema, also beside a reference.
func Described(schema *Object, comment string) *Object {
	if comment == "" {
		return schema
	}
	first := []Member{{"description", comment}}
	return &Object{append(first, schema.Members...)}
}

// add adds the members of another object.
func (o *Object) add(other *Object) {
	for _, m := range other.Members {
		o.Set(m.Name, m.Value)
	}
}

func (o *Object) clone() *Object { return &Object{slices.Clone(o.Members)} }
