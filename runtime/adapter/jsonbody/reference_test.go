package jsonbody

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A reference does what Find does, as plainly as possible: it reads JSON into a
// tree as encoding/json reads it into a variable, and checks the tree.
type reference struct {
	strict bool
	errors map[string]bool // place: code
	absent map[string]bool // places of fields with a default
}

// A node is a variable of type t.
type node struct {
	t      reflect.Type
	tag    reflect.StructTag
	there  bool // something other than null was read into it
	good   bool // and it was of the type
	value  reflect.Value
	fields map[int]*node
	items  []*node // as many as were ever read: those of a slice that were cut off come back
	length int
	keys   map[string]*node
}

func newNode(t reflect.Type, tag reflect.StructTag) *node { return &node{t: t, tag: tag} }

func (r *reference) fail(path []step, code string) { r.errors[place(path)+": "+code] = true }

func in(path []step, s step) []step { return append(slices.Clone(path), s) }

func (r *reference) find(t reflect.Type, data []byte) {
	n := newNode(t, "")
	r.read(n, bytes.TrimSpace(data), nil)
	if !n.there {
		r.fail(nil, "missing")
		return
	}
	r.check(n, nil)
}

// isCustom reports whether a type reads itself.
func isCustom(t reflect.Type) bool {
	return is[json.Unmarshaler](t) || is[encoding.TextUnmarshaler](t)
}

func (r *reference) read(n *node, data json.RawMessage, path []step) {
	t := n.t
	pointer := t.Kind() == reflect.Pointer
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	quote := strings.HasSuffix(n.tag.Get("json"), ",string")
	null := string(data) == "null"
	if quote {
		var s string
		null = null || json.Unmarshal(data, &s) == nil && s == "null"
	}
	if null {
		switch {
		case pointer || !isCustom(t) && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Interface):
			*n = node{t: n.t, tag: n.tag}
		case is[json.Unmarshaler](t):
			if json.Unmarshal(data, reflect.New(t).Interface()) != nil {
				r.fail(path, "type")
			}
		}
		return
	}
	n.there = true
	switch kind := t.Kind(); {
	case quote || isCustom(t):
		r.readScalar(n, t, data, path)
	case kind == reflect.Struct:
		r.readStruct(n, t, data, path)
	case kind == reflect.Map:
		r.readMap(n, t, data, path)
	case kind == reflect.Array || kind == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		r.readList(n, t, data, path)
	case kind == reflect.Slice && data[0] == '[':
		r.readBytes(n, t, data, path)
	case kind == reflect.Interface:
		r.readAny(data, path)
	default:
		r.readScalar(n, t, data, path)
	}
}

func (r *reference) readScalar(n *node, t reflect.Type, data json.RawMessage, path []step) {
	tag := reflect.StructTag(`json:"X"`)
	if strings.HasSuffix(n.tag.Get("json"), ",string") {
		tag = `json:"X,string"`
	}
	v := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "X", Type: t, Tag: tag}}))
	err := json.Unmarshal([]byte(fmt.Sprintf(`{"X":%s}`, data)), v.Interface())
	if n.good = err == nil; !n.good {
		r.fail(path, "type")
	}
	n.value = v.Elem().Field(0)
}

// readBytes reads a list of what is a byte.
func (r *reference) readBytes(n *node, t reflect.Type, data json.RawMessage, path []step) {
	items := listOf(data)
	for i, item := range items {
		if err := json.Unmarshal(item, reflect.New(t.Elem()).Interface()); err != nil {
			r.fail(in(path, step{Index: i}), "type")
		}
	}
	n.good, n.value = true, reflect.MakeSlice(t, len(items), len(items))
}

// readAny looks for numbers that no float64 holds.
func (r *reference) readAny(data json.RawMessage, path []step) {
	switch data[0] {
	case '[':
		for i, item := range listOf(data) {
			r.readAny(item, in(path, step{Index: i}))
		}
	case '{':
		for _, m := range membersOf(data) {
			r.readAny(m.value, in(path, step{Key: m.raw}))
		}
	default:
		if json.Unmarshal(data, new(any)) != nil {
			r.fail(path, "type")
		}
	}
}

func (r *reference) readStruct(n *node, t reflect.Type, data json.RawMessage, path []step) {
	if data[0] != '{' {
		r.fail(path, "type")
		return
	}
	n.good = true
	if n.fields == nil {
		n.fields = map[int]*node{}
	}
	for _, m := range membersOf(data) {
		at := -1
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if name == m.name {
				at = i
				break
			}
			if strings.EqualFold(name, m.name) && at < 0 {
				at = i
			}
		}
		if at < 0 {
			if r.strict {
				r.fail(in(path, step{Key: m.raw}), "unknown")
			}
			continue
		}
		f := t.Field(at)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if n.fields[at] == nil {
			n.fields[at] = newNode(f.Type, f.Tag)
		}
		r.read(n.fields[at], m.value, in(path, step{Field: name}))
	}
}

func (r *reference) readMap(n *node, t reflect.Type, data json.RawMessage, path []step) {
	if data[0] != '{' {
		r.fail(path, "type")
		return
	}
	n.good = true
	if n.keys == nil {
		n.keys = map[string]*node{}
	}
	for _, m := range membersOf(data) {
		item := newNode(t.Elem(), "")
		at := in(path, step{Key: m.raw})
		r.read(item, m.value, at)
		v := reflect.New(reflect.MapOf(t.Key(), reflect.TypeFor[any]()))
		if err := json.Unmarshal([]byte(fmt.Sprintf(`{%s:0}`, m.raw)), v.Interface()); err != nil {
			r.fail(at, "type")
			continue
		}
		n.keys[fmt.Sprint(v.Elem().MapKeys()[0])] = item
		item.value = reflect.ValueOf(at)
	}
}

func (r *reference) readList(n *node, t reflect.Type, data json.RawMessage, path []step) {
	if data[0] != '[' {
		r.fail(path, "type")
		return
	}
	n.good = true
	items := listOf(data)
	if n.length = len(items); n.length == 0 {
		n.items = nil
	}
	for i, item := range items {
		if t.Kind() == reflect.Array && i >= t.Len() {
			r.fail(path, "maxlen")
			n.length = i
			break
		}
		if i == len(n.items) {
			n.items = append(n.items, newNode(t.Elem(), ""))
		}
		r.read(n.items[i], item, in(path, step{Index: i}))
	}
	if t.Kind() == reflect.Array {
		n.items = n.items[:n.length]
	}
}

// check checks what was read in the end.
func (r *reference) check(n *node, path []step) {
	t := n.t
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !n.good {
		return
	}
	item := func(item *node, path []step) {
		switch {
		case item.there:
			r.check(item, path)
		case needs(item.t):
			r.fail(path, "missing")
		default:
			r.allAbsent(item.t, path)
		}
	}
	switch {
	case isCustom(t):
		r.limits(n, t, path)
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			at := in(path, step{Field: name})
			switch m := n.fields[i]; {
			case m != nil && m.there:
				r.check(m, at)
			case f.Tag.Get("required") != "":
				r.fail(at, "missing")
			case f.Tag.Get("default") != "":
				r.absent[place(at)] = true
			default:
				r.allAbsent(f.Type, at)
			}
		}
	case t.Kind() == reflect.Map:
		r.length(n, len(n.keys), path)
		absent := maps.Clone(r.absent)
		for _, m := range n.keys {
			item(m, m.value.Interface().([]step))
		}
		r.absent = absent // defaults in a map are not looked for
	case t.Kind() == reflect.Array || t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		r.length(n, n.length, path)
		for i := range n.length {
			item(n.items[i], in(path, step{Index: i}))
		}
		for i := n.length; t.Kind() == reflect.Array && i < t.Len(); i++ {
			r.allAbsent(t.Elem(), in(path, step{Index: i}))
		}
	case t.Kind() == reflect.Slice:
		r.length(n, n.value.Len(), path)
	default:
		r.limits(n, t, path)
	}
}

// allAbsent notes the fields with a default in what is absent.
func (r *reference) allAbsent(t reflect.Type, path []step) {
	switch {
	case isCustom(t):
	case t.Kind() == reflect.Array:
		for i := range t.Len() {
			r.allAbsent(t.Elem(), in(path, step{Index: i}))
		}
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if at := in(path, step{Field: name}); f.Tag.Get("default") != "" {
				r.absent[place(at)] = true
			} else {
				r.allAbsent(f.Type, at)
			}
		}
	}
}

func needs(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && !isCustom(t) &&
		slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool { return f.Tag.Get("required") != "" })
}

func (r *reference) length(n *node, length int, path []step) {
	if least, err := strconv.Atoi(n.tag.Get("minlen")); err == nil && length < least {
		r.fail(path, "minlen")
	}
	if most, err := strconv.Atoi(n.tag.Get("maxlen")); err == nil && length > most {
		r.fail(path, "maxlen")
	}
}

// limits checks a number, or text.
func (r *reference) limits(n *node, t reflect.Type, path []step) {
	var f float64
	switch v := n.value; {
	case t.Kind() == reflect.String && !isCustom(t):
		text := v.String()
		r.length(n, utf8.RuneCountInString(text), path)
		if pattern, ok := n.tag.Lookup("pattern"); ok && !regexp.MustCompile(pattern).MatchString(text) {
			r.fail(path, "pattern")
		}
		if enum, ok := n.tag.Lookup("enum"); ok && !slices.Contains(strings.Split(enum, "|"), text) {
			r.fail(path, "enum")
		}
		return
	case isCustom(t) || t == reflect.TypeFor[time.Time]():
		return
	case v.CanInt():
		f = float64(v.Int())
	case v.CanUint():
		f = float64(v.Uint())
	case v.CanFloat():
		f = v.Float()
	default:
		return
	}
	for code, holds := range map[string]func(limit float64) bool{
		"min":      func(limit float64) bool { return f >= limit },
		"max":      func(limit float64) bool { return f <= limit },
		"gt":       func(limit float64) bool { return f > limit },
		"lt":       func(limit float64) bool { return f < limit },
		"multiple": func(limit float64) bool { return math.Abs(math.Remainder(f, limit)) < 1e-6 },
	} {
		limit, err := strconv.ParseFloat(n.tag.Get(code), 64)
		if t.Kind() == reflect.Float32 {
			limit = float64(float32(limit))
		}
		if err == nil && !holds(limit) {
			r.fail(path, code)
		}
	}
}

// A pair is a member of an object, in the order of the text.
type pair struct {
	name  string
	raw   []byte
	value json.RawMessage
}

func membersOf(data json.RawMessage) (list []pair) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.Token()
	for d.More() {
		before := d.InputOffset()
		name, _ := d.Token()
		raw := data[before:d.InputOffset()]
		raw = raw[bytes.IndexByte(raw, '"'):]
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			panic(err)
		}
		list = append(list, pair{name.(string), raw, value})
	}
	return list
}

func listOf(data json.RawMessage) (list []json.RawMessage) {
	if err := json.Unmarshal(data, &list); err != nil {
		panic(err)
	}
	return list
}
