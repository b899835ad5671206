package model

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"
	"time"

	"github.com/bggen/bggen/generator/internal/gotype"
)

// A JSONBody is a type that JSON bodies are decoded into.
type JSONBody struct {
	Type   types.Type
	Within string // its name; or where it has none, what it is the type of: CreateOrderBody
}

// A BodyType is a struct type in a JSON body, at any depth, or a type of another kind
// that holds itself, or has something in it and a method Validate.
type BodyType struct {
	Type      types.Type
	Within    string // as of a JSONBody
	Own       bool   // there are functions for it; else what they would do is written out where it is used
	Recursive bool
	Fields    []BodyField    // of a struct, and of those embedded in it
	Embedded  []BodyField    // embedded structs that have to be asked for themselves whether they are valid
	Concerns  [concerns]bool // what has to be done for it, or for something in it
}

// A BodyField is a field of a struct in a JSON body.
type BodyField struct {
	Go       string   // as Go selects it: Name, or Base.Name where Name is another field; "" if generated code cannot
	Through  []string // embedded pointers that lead to it, as Go selects them: it is absent where one is nil
	JSON     string   // in the body
	Type     types.Type
	Value    *Binding // what it is, and its limits
	Required bool
	Default  []string // as Go writes it, or the items of a list
	Quoted   bool     // it is written in a string
}

// DefaultValue is the default as JSON has it, nil if there is none.
func (f BodyField) DefaultValue() any {
	var list []any
	for _, item := range f.Default {
		value := Value(item)
		if text, ok := value.(string); ok && gotype.IsDuration(f.Value.ReadAs()) {
			nanoseconds, _ := time.ParseDuration(text) // it was checked where it was read
			value = int64(nanoseconds)
		}
		if _, isText := value.(string); f.Quoted && !isText {
			value = fmt.Sprint(value)
		}
		list = append(list, value)
	}
	if len(list) == 1 && f.Value.Form != Repeated {
		return list[0]
	}
	if list == nil {
		return nil
	}
	return list
}

// A Concern is something that generated code does with what was decoded.
type Concern int

// The concerns.
const (
	ForLimits   Concern = iota // see whether it is within its limits, and nothing may be missing
	ForDefaults                // set the defaults of what was absent
	ForValidity                // ask it whether it is valid
	concerns
)

// MostBody is the size of the largest body that is read, in bytes.
func (h *Handler) MostBody() int64 { return cmp.Or(h.MaxBody, 1<<20) } // as package adapter has it

// ReadsJSON reports whether a JSON body is decoded for the handler.
func (h *Handler) ReadsJSON() bool {
	return slices.ContainsFunc(h.Bindings, func(b *Binding) bool { return b.JSON != nil })
}

// BodyMembers are the members of the JSON body that are known, where several
// parameters read it; nil where one does.
func (h *Handler) BodyMembers() (names []string) {
	bodies := slices.DeleteFunc(slices.Clone(h.Bindings), func(b *Binding) bool { return b.JSON == nil })
	if len(bodies) < 2 {
		return nil
	}
	for _, b := range bodies {
		if _, ok := b.JSON.Type.Underlying().(*types.Struct); !ok {
			continue
		}
		for _, f := range gotype.JSONFields(b.JSON.Type) {
			if !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

// PartsOf are the types in the JSON of a t, t itself among them.
func (p *Package) PartsOf(t types.Type) (parts []types.Type) {
	var seen gotype.Seen
	var add func(t types.Type)
	add = func(t types.Type) {
		if t == nil || !seen.Add(t) {
			return
		}
		parts = append(parts, t)
		add(gotype.JSONElem(t))
		if b := p.BodyTypeOf(t); b != nil {
			for _, f := range b.Fields {
				add(f.Type)
			}
		}
	}
	add(t)
	return parts
}

// HasArrays reports whether there are arrays in the JSON of a t. What a list has too
// much for an array leaves no trace in it.
func (p *Package) HasArrays(t types.Type) bool {
	return slices.ContainsFunc(p.PartsOf(t), func(part types.Type) bool {
		_, array := part.Underlying().(*types.Array)
		return array && !gotype.ReadsItself(part)
	})
}

// BodyOf is how bodies of type t are decoded, nil if none is.
func (p *Package) BodyOf(t types.Type) *JSONBody {
	for _, b := range p.Bodies {
		if types.Identical(b.Type, t) {
			return b
		}
	}
	return nil
}

// BodyTypeOf is what is known of a type in a JSON body, nil if it is no struct and
// does not hold itself.
func (p *Package) BodyTypeOf(t types.Type) *BodyType {
	for _, b := range p.BodyTypes {
		if types.Identical(b.Type, t) {
			return b
		}
	}
	return nil
}

// A LimitedType is a type that says of itself what limits its values have.
type LimitedType struct {
	Type   *types.Named
	Base   types.Type // as of a Binding
	Checks []Check
	Values []EnumValue // if they are constants
	Bound  bool        // values of it are read: it is not only written
}

// Binding is what is read of such a type.
func (l *LimitedType) Binding() *Binding {
	b := &Binding{Type: l.Type, Base: l.Base, Checks: l.Checks}
	if l.Base != nil {
		b.Elem = Defined
	}
	return b
}

// An EnumValue is a constant, as one of the values of a type.
type EnumValue struct {
	Name    string
	Object  types.Object
	Literal string // as Go writes it
	Text    string // as messages write it
}

// LimitedOf is what t says of its values, nil if that is nothing.
func (p *Package) LimitedOf(t types.Type) *LimitedType {
	for _, l := range p.Limited {
		if types.Identical(l.Type, t) {
			return l
		}
	}
	return nil
}

// A TypeSchema is what a type that reads or writes itself says that it is in JSON.
type TypeSchema struct {
	Type *types.Named
	JSON string // a JSON object
}

// SchemaOf is what t says that it is in JSON, "" if it does not.
func (p *Package) SchemaOf(t types.Type) string {
	for _, s := range p.Schemas {
		if types.Identical(s.Type, t) {
			return s.JSON
		}
	}
	return ""
}

// Concerns reports whether something has to be done for a value of type t in a JSON
// body, or for something in it.
func (p *Package) Concerns(t types.Type, c Concern) bool {
	if b := p.BodyTypeOf(t); b != nil {
		return b.Concerns[c]
	}
	return p.ConcernsItself(t, c)
}

// ConcernsItself is Concerns without what is known of t.
func (p *Package) ConcernsItself(t types.Type, c Concern) bool {
	switch {
	case c == ForValidity && ValidationOf(t) != Never, c == ForLimits && p.LimitedOf(t) != nil:
		return true
	}
	return p.ConcernsInside(t, c)
}

// ConcernsInside is ConcernsItself without the limits of t and its method Validate.
func (p *Package) ConcernsInside(t types.Type, c Concern) bool {
	if b := p.BodyTypeOf(t); b != nil && slices.ContainsFunc(b.Fields, func(f BodyField) bool { return p.concernsField(f, c) }) ||
		b != nil && c == ForValidity && len(b.Embedded) > 0 {
		return true
	}
	elem := gotype.JSONElem(t)
	return elem != nil && p.Concerns(elem, c)
}

func (p *Package) concernsField(f BodyField, c Concern) bool {
	switch {
	case f.Go == "":
		return false
	case c == ForLimits && (f.Required || len(f.Value.Checks) > 0), c < ForValidity && len(f.Default) > 0:
		return true
	}
	return p.Concerns(f.Type, c)
}

// ValidationOf is how a value of type t is asked whether it is valid.
func ValidationOf(t types.Type) Validation {
	switch {
	case types.IsInterface(t):
	case gotype.HasMethod(t, "Validate", nil, gotype.OnlyError):
		return ByValue
	case gotype.HasMethod(types.NewPointer(t), "Validate", nil, gotype.OnlyError):
		return ByPointer
	}
	return Never
}
