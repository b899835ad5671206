package jsonbody

import (
	"cmp"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"sync"
)

type kind uint8

const (
	boolean kind = iota
	integer
	unsigned
	float
	number // json.Number
	text
	moment // time.Time
	binary
	anything
	selfText // UnmarshalText
	selfJSON // UnmarshalJSON
	list
	array
	dictionary
	object
	nullable
	quoted
)

// A Shape describes the JSON that a Go type is read from. Shapes are made by the
// functions of this package, and are not changed once they are used.
type Shape struct {
	kind   kind
	size   int    // bits of a number, or the length of an array
	want   string // what is said of a value of another type
	limits []Limit
	elem   *Shape // of a list, an array, a map; what is nullable or quoted
	key    *Shape // of a map
	check  func([]byte) error
	fields []Member

	once    sync.Once // for what follows
	exact   map[string]int
	folded  map[string]int
	must    []int // fields that matter where they are absent
	limited bool  // something in it has limits, or is required
}

// A Member is a field of an object.
type Member struct {
	name     string
	shape    *Shape
	required bool
	defaults bool
}

// Field is a field of that name.
func Field(name string, s *Shape) Member { return Member{name: name, shape: s} }

// Required is the field, which has to be there.
func (m Member) Required() Member { m.required = true; return m }

// Default is the field, which has a default: Find says where it is absent, in
// Options.Absent. It is a field without fields in it.
func (m Member) Default() Member { m.defaults = true; return m }

// Bool is true or false.
func Bool() *Shape { return &Shape{kind: boolean, want: "must be true or false"} }

// Int is a signed integer of type T.
func Int[T ~int | ~int8 | ~int16 | ~int32 | ~int64](limits ...Limit) *Shape {
	return numberOf(integer, reflect.TypeFor[T](), limits)
}

// Uint is an integer of type T, which is not negative.
func Uint[T ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr](limits ...Limit) *Shape {
	return numberOf(unsigned, reflect.TypeFor[T](), limits)
}

// Float is a number of type T.
func Float[T ~float32 | ~float64](limits ...Limit) *Shape {
	return numberOf(float, reflect.TypeFor[T](), limits)
}

func numberOf(k kind, t reflect.Type, limits []Limit) *Shape {
	want := "must be a number"
	if k != float {
		want = "must be an integer in the range of " + t.Kind().String()
	}
	return &Shape{kind: k, size: t.Bits(), want: want, limits: limits}
}

// Number is a [encoding/json.Number].
func Number() *Shape { return &Shape{kind: number, want: "must be a number"} }

// String is a string.
func String(limits ...Limit) *Shape {
	return &Shape{kind: text, want: "must be a string", limits: limits}
}

// Time is a [time.Time].
func Time(limits ...Limit) *Shape {
	return &Shape{kind: moment, want: "must be an RFC 3339 time", limits: limits}
}

// Bytes is a []byte: text in base64, or a list of numbers.
func Bytes(limits ...Limit) *Shape {
	return BytesOf(Uint[uint8](), limits...)
}

// BytesOf is a list of a type that is defined as a byte: text in base64, or a list of
// elem.
func BytesOf(elem *Shape, limits ...Limit) *Shape {
	return &Shape{kind: binary, want: "must be bytes in base64", limits: limits, elem: elem}
}

// Any is an empty interface.
func Any() *Shape { return &Shape{kind: anything, want: "must be a number in the range of float64"} }

// Text is a T, which reads itself from text. want is what is said of a text that it
// refuses, such as "must be a UUID".
func Text[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](want string, limits ...Limit) *Shape {
	return &Shape{kind: selfText, want: want, limits: limits, check: func(text []byte) error { return P(new(T)).UnmarshalText(text) }}
}

// Custom is a T, which reads itself from JSON. want is what is said of JSON that it
// refuses.
func Custom[T any, P interface {
	*T
	json.Unmarshaler
}](want string) *Shape {
	return &Shape{kind: selfJSON, want: want, check: func(data []byte) error { return P(new(T)).UnmarshalJSON(data) }}
}

// Raw is a [encoding/json.RawMessage].
func Raw() *Shape { return &Shape{kind: selfJSON, check: func([]byte) error { return nil }} }

// List is a slice of elem.
func List(elem *Shape, limits ...Limit) *Shape {
	return &Shape{kind: list, want: "must be a list", elem: elem, limits: limits}
}

// Array is an array of n elements.
func Array(n int, elem *Shape) *Shape {
	return &Shape{kind: array, size: n, want: "must be a list", elem: elem}
}

// Map is a map with keys that are strings.
func Map(elem *Shape, limits ...Limit) *Shape { return MapOf(String(), elem, limits...) }

// MapOf is a map with other keys: Int, Uint or Text.
func MapOf(key, elem *Shape, limits ...Limit) *Shape {
	return &Shape{kind: dictionary, want: "must be an object", key: key, elem: elem, limits: limits}
}

// Object is a struct with these fields, in the order in which their errors are
// reported.
func Object(fields ...Member) *Shape {
	return &Shape{kind: object, want: "must be an object", fields: fields}
}

// Be makes s, which is new, what the shape of is. It is for a type that holds itself:
// its shape has to be there before it can be written down.
func (s *Shape) Be(of *Shape) {
	s.kind, s.size, s.want, s.limits = of.kind, of.size, of.want, of.limits
	s.elem, s.key, s.check, s.fields = of.elem, of.key, of.check, of.fields
}

// Nullable is a pointer to s.
func Nullable(s *Shape) *Shape { return &Shape{kind: nullable, elem: s} }

// Quoted is s in a string, which the option "string" in a tag asks for.
func Quoted(s *Shape) *Shape { return &Shape{kind: quoted, elem: s} }

// compile prepares what is looked up for each value.
func (s *Shape) compile() {
	s.exact, s.folded = map[string]int{}, map[string]int{}
	for i, m := range s.fields {
		s.exact[m.name] = i
		if name := string(appendFolded(nil, []byte(m.name))); s.folded[name] == 0 {
			s.folded[name] = i + 1
		}
		if m.required || m.defaults || m.shape.holdsDefaults() {
			s.must = append(s.must, i)
		}
	}
	s.limited = s.hasLimits(map[*Shape]bool{})
}

// field is the index of the field with that name, -1 if there is none. A name in
// another case counts if there is none in this.
func (s *Shape) field(name, scratch []byte) int {
	if i, ok := s.exact[string(name)]; ok {
		return i
	}
	return s.folded[string(appendFolded(scratch, name))] - 1
}

// hasLimits reports whether a value of s can be outside of limits.
func (s *Shape) hasLimits(seen map[*Shape]bool) bool {
	if s == nil || seen[s] {
		return false
	}
	seen[s] = true
	return len(s.limits) > 0 || s.elem.hasLimits(seen) ||
		slices.ContainsFunc(s.fields, func(m Member) bool { return m.required || m.shape.hasLimits(seen) })
}

// needs reports whether s is an object that cannot be empty.
func (s *Shape) needs() bool {
	return s.kind == object && slices.ContainsFunc(s.fields, func(m Member) bool { return m.required })
}

// byField sorts members by the order of the fields in their object.
func byField(a, b member) int { return cmp.Compare(a.field, b.field) }
