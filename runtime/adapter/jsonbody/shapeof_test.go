package jsonbody

import (
	"encoding"
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A shaper makes shapes of types as generated code has them.
type shaper map[reflect.Type]*Shape

func is[T any](t reflect.Type) bool { return reflect.PointerTo(t).Implements(reflect.TypeFor[T]()) }

func (m shaper) of(t reflect.Type, tag reflect.StructTag) *Shape {
	if s := m[t]; s != nil {
		return s
	}
	limits := limitsOf(t, tag)
	switch {
	case t == reflect.TypeFor[time.Time]():
		return Time(limits...)
	case t == reflect.TypeFor[json.Number]():
		return Number()
	case t == reflect.TypeFor[json.RawMessage]():
		return Raw()
	case is[json.Unmarshaler](t):
		return &Shape{kind: selfJSON, want: "is not valid", check: func(data []byte) error { return reflect.New(t).Interface().(json.Unmarshaler).UnmarshalJSON(data) }}
	case is[encoding.TextUnmarshaler](t):
		return &Shape{kind: selfText, want: "is not valid", limits: limits, check: func(data []byte) error {
			return reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText(data)
		}}
	}
	switch t.Kind() {
	case reflect.Bool:
		return Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return numberOf(integer, t, limits)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return numberOf(unsigned, t, limits)
	case reflect.Float32, reflect.Float64:
		return numberOf(float, t, limits)
	case reflect.String:
		return String(limits...)
	case reflect.Interface:
		return Any()
	case reflect.Pointer:
		return Nullable(m.of(t.Elem(), tag))
	case reflect.Array:
		return Array(t.Len(), m.of(t.Elem(), ""))
	case reflect.Map:
		return MapOf(m.of(t.Key(), ""), m.of(t.Elem(), ""), limits...)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return BytesOf(m.of(t.Elem(), ""), limits...)
		}
		return List(m.of(t.Elem(), ""), limits...)
	}
	s := Object()
	if t.Name() != "" {
		m[t] = s
	}
	for _, f := range reflect.VisibleFields(t) {
		shape := m.of(f.Type, f.Tag)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if options == "string" {
			shape = Quoted(shape)
		}
		member := Field(name, shape)
		if f.Tag.Get("required") != "" {
			member = member.Required()
		}
		if f.Tag.Get("default") != "" {
			member = member.Default()
		}
		s.fields = append(s.fields, member)
	}
	return s
}

func limitsOf(t reflect.Type, tag reflect.StructTag) (limits []Limit) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for kind, limit := range map[string]func(float64) Limit{"min": Min[float64], "max": Max[float64], "gt": Gt[float64], "lt": Lt[float64], "multiple": Multiple[float64]} {
		if text, ok := tag.Lookup(kind); ok {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				panic(err)
			}
			if t.Kind() == reflect.Float32 {
				n = float64(float32(n))
			}
			if i := int(n); kind == "multiple" && float64(i) == n {
				limits = append(limits, Multiple(i))
				continue
			}
			limits = append(limits, limit(n))
		}
	}
	for kind, limit := range map[string]func(int) Limit{"minlen": MinLen, "maxlen": MaxLen} {
		if text, ok := tag.Lookup(kind); ok {
			n, _ := strconv.Atoi(text)
			limits = append(limits, limit(n))
		}
	}
	if text, ok := tag.Lookup("pattern"); ok {
		limits = append(limits, Pattern(regexp.MustCompile(text)))
	}
	if text, ok := tag.Lookup("enum"); ok {
		limits = append(limits, Enum(strings.Split(text, "|")...))
	}
	return limits
}
