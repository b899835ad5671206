// Package stored reads the arguments of a stored call. They were written by
// another process, perhaps one of an older version of the program, whose task had
// other arguments. encoding/json would leave zero where a member is missing, and
// pass over what it does not know, and the task would run with values that nobody
// has given it. [Decode] refuses such arguments instead, and says what differs.
//
// Arguments fit a type if they are what encoding/json writes for a value of it:
//
//   - Each object has the members that its struct has, by exactly these names. A
//     member may be missing if its field is a pointer, which is nil then, or has
//     omitempty or omitzero.
//   - null stands for pointers, slices and maps only.
//   - A list for an array has as many items as the array.
//   - A type with a method UnmarshalJSON or UnmarshalText decides by itself.
package stored

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Decode reads text, which is JSON, into v, a pointer. Where text does not fit the
// type, the error says everything that differs.
func Decode(text []byte, v any) error {
	r := reader{Decoder: json.NewDecoder(bytes.NewReader(text))}
	r.UseNumber() // which may be too large for a float64
	if err := r.value("", reflect.TypeOf(v).Elem()); err != nil {
		return fmt.Errorf("this is not JSON: %w", err)
	}
	if len(r.differ) > 0 {
		return r.differ
	}
	return json.Unmarshal(text, v)
}

// differences is an error that has several sentences.
type differences []string

// most is how many differences an error says.
const most = 10

func (d differences) Error() string {
	if len(d) > most {
		return fmt.Sprintf("%s, and %d more", strings.Join(d[:most], "; "), len(d)-most)
	}
	return strings.Join(d, "; ")
}

// A reader compares JSON with a type, from the first byte to the last.
type reader struct {
	*json.Decoder
	differ differences
}

func (r *reader) report(place, format string, args ...any) {
	if place == "" {
		place = "the whole"
	}
	r.differ = append(r.differ, place+" "+fmt.Sprintf(format, args...))
}

// value reads the next value, which is to be a t.
func (r *reader) value(place string, t reflect.Type) error {
	token, err := r.Token()
	if err != nil {
		return err
	}
	for t.Kind() == reflect.Pointer && token != nil {
		t = t.Elem()
	}
	want := formOf(t)
	switch found := formOfToken(token); {
	case want == anything:
		return r.skip(token)
	case found == null && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map):
		return nil
	case found != want && !(want == base64 && (found == text || found == list)):
		r.report(place, "is %s, where %s is expected", found, want)
		return r.skip(token)
	case found == object && t.Kind() == reflect.Map:
		return r.members(func(key string) error { return r.value(place+"["+quote(key)+"]", t.Elem()) })
	case found == object:
		return r.object(place, t)
	case found == list:
		return r.list(place, t)
	}
	return nil
}

// object reads the members of a struct.
func (r *reader) object(place string, t reflect.Type) error {
	fields, seen := fieldsOf(t), map[string]bool{}
	err := r.members(func(key string) error {
		seen[key] = true
		inner := strings.TrimPrefix(place+"."+key, ".")
		f, ok := fields.byName[key]
		if !ok {
			r.report(inner, "is not known")
			f.typ = reflect.TypeFor[json.RawMessage]() // anything
		}
		return r.value(inner, f.typ)
	})
	for _, name := range fields.names {
		if !seen[name] && !fields.byName[name].optional {
			r.report(strings.TrimPrefix(place+"."+name, "."), "is missing")
		}
	}
	return err
}

// list reads the items of a slice or an array.
func (r *reader) list(place string, t reflect.Type) (err error) {
	n := 0
	for ; err == nil && r.More(); n++ {
		err = r.value(fmt.Sprintf("%s[%d]", place, n), t.Elem())
	}
	if t.Kind() == reflect.Array && err == nil && n != t.Len() {
		r.report(place, "has %d items, where %d are expected", n, t.Len())
	}
	return r.end(err)
}

// members calls f for each member of an object, whose value f reads.
func (r *reader) members(f func(key string) error) error {
	for r.More() {
		key, err := r.Token()
		if err == nil {
			err = f(key.(string))
		}
		if err != nil {
			return err
		}
	}
	return r.end(nil)
}

// end reads the end of an object or a list.
func (r *reader) end(err error) error {
	if err == nil {
		_, err = r.Token()
	}
	return err
}

// skip reads the rest of the value that token begins.
func (r *reader) skip(token json.Token) (err error) {
	for depth := 0; ; {
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		if token, err = r.Token(); err != nil {
			return err
		}
	}
}

// A form is what a JSON value is.
type form string

const (
	null     form = "null"
	boolean  form = "a boolean"
	number   form = "a number"
	text     form = "a string"
	list     form = "a list"
	object   form = "an object"
	base64   form = "a string of base64" // or a list
	anything form = ""
)

func formOfToken(t json.Token) form {
	switch t := t.(type) {
	case nil:
		return null
	case bool:
		return boolean
	case string:
		return text
	case json.Delim:
		if t == '[' {
			return list
		}
		return object
	}
	return number
}

// formOf is the form of a t that is not null.
func formOf(t reflect.Type) form {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return text
	case t == reflect.TypeFor[json.Number]():
		return number
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		return anything
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return text
	}
	switch t.Kind() {
	case reflect.Bool:
		return boolean
	case reflect.String:
		return text
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return base64
		}
		return list
	case reflect.Array:
		return list
	case reflect.Map, reflect.Struct:
		return object
	case reflect.Interface, reflect.Pointer:
		return anything
	}
	return number
}

func quote(s string) string { return fmt.Sprintf("%q", s) }
