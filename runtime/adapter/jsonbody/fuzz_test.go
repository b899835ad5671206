package jsonbody

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// Even reads itself from JSON, and from no null.
type Even struct{ N int }

func (e *Even) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return errors.New("null")
	}
	if err := json.Unmarshal(data, &e.N); err != nil || e.N%2 == 1 {
		return errors.New("not even")
	}
	return nil
}

// Grade is a byte that reads itself from text.
type Grade uint8

func (g *Grade) UnmarshalText(text []byte) error {
	if len(text) != 1 {
		return errors.New("no grade")
	}
	*g = Grade(text[0])
	return nil
}

// Node is recursive in all ways.
type Node struct {
	Name string           `json:"name" required:"true" minlen:"2"`
	Kids []Node           `json:"kids" maxlen:"2"`
	Next *Node            `json:"next"`
	By   map[string]*Node `json:"by"`
	Pair [2]*Node         `json:"pair"`
}

// A chooser makes types and JSON of random bytes.
type chooser struct{ data []byte }

func (c *chooser) next(n int) int {
	if len(c.data) == 0 {
		return 0
	}
	b := c.data[0]
	c.data = c.data[1:]
	return int(b) % n
}

// seldom is true one time in n.
func (c *chooser) seldom(n int) bool { return c.next(n) == n-1 }

func pick[T any](c *chooser, list ...T) T { return list[c.next(len(list))] }

var leaves = []reflect.Type{
	reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[int8](), reflect.TypeFor[uint16](), reflect.TypeFor[uint64](),
	reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[bool](), reflect.TypeFor[any](), reflect.TypeFor[[]byte](),
	reflect.TypeFor[time.Time](), reflect.TypeFor[json.Number](), reflect.TypeFor[json.RawMessage](), reflect.TypeFor[netip.Addr](),
	reflect.TypeFor[Even](), reflect.TypeFor[Node](), reflect.TypeFor[[]Grade](),
}

func (c *chooser) typ(depth int) reflect.Type {
	if depth > 3 {
		return pick(c, leaves...)
	}
	switch c.next(9) {
	case 0, 1:
		return c.structType(depth)
	case 2:
		return reflect.SliceOf(c.typ(depth + 1))
	case 3:
		return reflect.ArrayOf(1+c.next(2), c.typ(depth+1))
	case 4:
		return reflect.MapOf(pick(c, reflect.TypeFor[string](), reflect.TypeFor[int8](), reflect.TypeFor[uint8](), reflect.TypeFor[netip.Addr]()), c.typ(depth+1))
	case 5:
		return reflect.PointerTo(c.typ(depth + 1))
	}
	return pick(c, leaves...)
}

func (c *chooser) structType(depth int) reflect.Type {
	var fields []reflect.StructField
	names := []string{"a", "b", "A", "ſ", "a b"}
	for i := range 1 + c.next(3) {
		t := c.typ(depth + 1)
		at := c.next(len(names))
		name := names[at]
		names = slices.Delete(names, at, at+1)
		if c.seldom(6) && canQuote(t) {
			name += ",string"
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", i), Type: t, Tag: reflect.StructTag(fmt.Sprintf("json:%q", name) + c.tags(t))})
	}
	return reflect.StructOf(fields)
}

func canQuote(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Bool || t.Kind() == reflect.String || t.Kind() <= reflect.Float64
}

// tags are those that t can have.
func (c *chooser) tags(t reflect.Type) string {
	tags := pick(c, "", "", ` required:"true"`, ` default:"1"`)
	if hasFields(t) && strings.Contains(tags, "default") {
		tags = ""
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[json.Number]() || isCustom(t):
		return tags
	case t.Kind() == reflect.String:
		return tags + pick(c, "", ` minlen:"2"`, ` maxlen:"1"`, ` minlen:"1" pattern:"^[a-z]*$"`, ` enum:"x|yy|ü"`)
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64:
		return tags + pick(c, "", ` min:"1"`, ` max:"7"`, ` gt:"0" lt:"3"`, ` multiple:"3"`, ` min:"0.1"`)
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		return tags + pick(c, "", ` minlen:"1"`, ` maxlen:"2"`)
	}
	return tags
}

// hasFields reports whether there can be fields in a value of t.
func hasFields(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		return true
	case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Map:
		return hasFields(t.Elem())
	}
	return false
}

// json writes JSON that is mostly of type t.
func (c *chooser) json(b *strings.Builder, t reflect.Type, depth int) {
	if c.seldom(12) {
		b.WriteString(pick(c, "null", "1", `"1"`, "[]", "{}", "true", `[1]`, `{"a":1}`, "1e999", `"\ud800x"`, "-0", `"null"`, "300", "1.5"))
		return
	}
	if c.seldom(20) {
		b.WriteString(pick(c, " ", "\n\t"))
	}
	switch kind := t.Kind(); {
	case t == reflect.TypeFor[time.Time]():
		b.WriteString(pick(c, `"2026-01-02T03:04:05Z"`, `"yesterday"`, `"2026-01-02"`))
	case t == reflect.TypeFor[netip.Addr]():
		b.WriteString(pick(c, `"::1"`, `"1.2.3.4"`, `""`, `"1.2.3"`))
	case t == reflect.TypeFor[Even]():
		b.WriteString(pick(c, "2", "4", "3", "[]"))
	case kind == reflect.Pointer:
		c.json(b, t.Elem(), depth)
	case kind == reflect.Struct:
		c.object(b, t, depth)
	case kind == reflect.Map:
		c.mapJSON(b, t, depth)
	case kind == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		b.WriteString(pick(c, `"AQI="`, `""`, `"AQID"`, `"A"`, "[1,2]", "[256]", "[null]"))
	case kind == reflect.Slice || kind == reflect.Array:
		b.WriteByte('[')
		for i := range c.next(4) {
			if i > 0 {
				b.WriteByte(',')
			}
			if depth < 6 {
				c.json(b, t.Elem(), depth+1)
			} else {
				b.WriteString("null")
			}
		}
		b.WriteByte(']')
	case kind == reflect.Bool:
		b.WriteString(pick(c, "true", "false"))
	case kind == reflect.String:
		b.WriteString(pick(c, `"x"`, `""`, `"yy"`, `"\u00fc"`, `"ab\"\\\n"`, "\"\xff\"", `"\ud83d\ude00"`, `"\"x\""`, `"1"`))
	case kind == reflect.Interface:
		b.WriteString(pick(c, "1", `{"a":[1,{"b":1e999}]}`, `"x"`, "[]"))
	default:
		b.WriteString(pick(c, "1", "0", "3", "6", "9", "-1", "0.1", "1e2", "127", "128", "70000", `"1"`, `"3"`, `"-"`, `"true"`))
	}
}

func (c *chooser) object(b *strings.Builder, t reflect.Type, depth int) {
	b.WriteByte('{')
	written := 0
	for i := 0; i < t.NumField() && depth < 6; i++ {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch c.next(12) {
		case 1, 2:
			continue
		case 3:
			name = strings.ToUpper(name)
		case 4:
			name = "unknown"
		case 5, 6:
			if written < 8 {
				i-- // once more
			}
		}
		if written++; written > 1 {
			b.WriteString(pick(c, ",", ", "))
		}
		text, _ := json.Marshal(name)
		if name == "a" && c.seldom(5) {
			text = []byte(`"\u0061"`)
		}
		b.Write(text)
		b.WriteString(pick(c, ":", " : "))
		c.json(b, f.Type, depth+1)
	}
	b.WriteByte('}')
}

func (c *chooser) mapJSON(b *strings.Builder, t reflect.Type, depth int) {
	b.WriteByte('{')
	for i := 0; i < c.next(4) && depth < 6; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(pick(c, `"1"`, `"2"`, `"::1"`, `"-1"`, `"a b"`, `"300"`, `"1"`, `"01"`, `""`))
		b.WriteByte(':')
		c.json(b, t.Elem(), depth+1)
	}
	b.WriteByte('}')
}

// compare compares Find with the reference, and both with encoding/json.
func compareAll(t *testing.T, rt reflect.Type, text string, strict bool) {
	t.Helper()
	v := reflect.New(rt)
	d := json.NewDecoder(strings.NewReader(text))
	if strict {
		d.DisallowUnknownFields()
	}
	decoded := d.Decode(v.Interface())
	got, gotAbsent, absent := map[string]bool{}, map[string]bool{}, new(Absent)
	list, more := Find([]byte(text), nil, shaper{}.of(rt, ""), Options{Strict: strict, Max: 1000, Absent: absent})
	var all []string
	others := 0 // of what encoding/json would not have read
	for _, e := range list {
		got[e.Name+": "+e.Code] = true
		all = append(all, fmt.Sprint(e))
		if e.Message == "" {
			t.Errorf("%s has no message", e.Name)
		}
		if e.Code == "type" || e.Code == "unknown" {
			others++
		}
	}
	r := &reference{strict: strict, errors: map[string]bool{}, absent: map[string]bool{}}
	r.find(rt, []byte(text))
	if slices.Sort(all); more || len(slices.Compact(all)) != len(list) {
		t.Errorf("%d errors, %d of them different, more %v", len(list), len(got), more)
	}
	if !maps.Equal(got, r.errors) {
		t.Errorf("of %s\nin %v:\nfound  %v\nwanted %v", text, rt, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(r.errors)))
	}
	if len(got) == 0 {
		setDefaults(v.Elem(), nil, absent, gotAbsent)
		if !maps.Equal(gotAbsent, r.absent) || absent.next != absent.n {
			t.Errorf("of %s\nin %v:\nabsent %v, wanted %v; %d of %d", text, rt, gotAbsent, r.absent, absent.next, absent.n)
		}
	}
	if (decoded == nil) != (others == 0) {
		t.Errorf("of %s\nin %v:\nfound %v, and encoding/json says %v", text, rt, slices.Sorted(maps.Keys(got)), decoded)
	}
	if decoded == nil {
		inValue(t, v.Elem(), "", nil, got, text)
	}
}

// setDefaults goes over a value as generated code does, to set what was absent, and
// notes where that is.
func setDefaults(v reflect.Value, path []step, absent *Absent, places map[string]bool) {
	if v.Kind() == reflect.Pointer {
		if !v.IsNil() {
			setDefaults(v.Elem(), path, absent, places)
		}
		return
	}
	switch kind := v.Kind(); {
	case isCustom(v.Type()):
	case kind == reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			at := in(path, step{Field: name})
			if f.Tag.Get("default") == "" {
				setDefaults(v.Field(i), at, absent, places)
			} else if absent.Next() {
				places[place(at)] = true
			}
		}
	case kind == reflect.Slice || kind == reflect.Array:
		for i := range v.Len() {
			setDefaults(v.Index(i), in(path, step{Index: i}), absent, places)
		}
	}
}

// inValue checks that every value that was decoded and is outside of a limit is
// among what was found, unless it is zero, and may be absent; and that what was
// found is outside.
func inValue(t *testing.T, v reflect.Value, tag reflect.StructTag, path []step, got map[string]bool, text string) {
	t.Helper()
	vt := v.Type()
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if kind := v.Kind(); !isCustom(v.Type()) {
		switch {
		case kind == reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				inValue(t, v.Field(i), f.Tag, in(path, step{Field: name}), got, text)
			}
			return
		case kind == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8 || kind == reflect.Array:
			for i := range v.Len() {
				inValue(t, v.Index(i), "", in(path, step{Index: i}), got, text)
			}
		case kind == reflect.Map:
			for _, key := range v.MapKeys() {
				if key.Kind() != reflect.String {
					break // 1 may have been written as 01
				}
				raw, _ := json.Marshal(fmt.Sprint(key))
				inValue(t, v.MapIndex(key), "", in(path, step{Key: raw}), got, text)
			}
		}
	}
	r := &reference{errors: map[string]bool{}}
	n := &node{t: vt, tag: tag, there: true, good: true, value: v}
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		r.length(n, v.Len(), path)
	default:
		r.limits(n, v.Type(), path)
	}
	for _, code := range []string{"min", "max", "gt", "lt", "multiple", "minlen", "pattern", "enum"} {
		e := place(path) + ": " + code
		if got[e] && !r.errors[e] || !got[e] && r.errors[e] && !v.IsZero() {
			t.Errorf("of %s\n%s: found %v, and the value is %v", text, e, got[e], v)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add([]byte("a type and a text of it"))
	f.Fuzz(findRandom)
}

// TestRandom is FuzzFind with texts that are long enough for types that are deep.
func TestRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range *randoms {
		data := make([]byte, 20+random.IntN(400))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		if findRandom(t, data); t.Failed() {
			return
		}
	}
}

var randoms = flag.Int("randoms", 3000, "how many random bodies TestRandom tries")

func findRandom(t *testing.T, data []byte) {
	c := &chooser{data}
	strict := c.seldom(3)
	rt := c.typ(0)
	if rt.Kind() == reflect.Pointer {
		return
	}
	var b strings.Builder
	c.json(&b, rt, 0)
	if !json.Valid([]byte(b.String())) {
		t.Fatalf("the test has made %s", b.String())
	}
	compareAll(t, rt, b.String(), strict)
}
