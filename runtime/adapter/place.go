package adapter

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Place is where in a JSON body something is; nil is the whole body. It is for
// generated code, and written down only where there is a mistake to report.
type Place struct {
	in    *Place
	name  string
	index int // of an item; -1: it is a field
}

// Body is the place of the whole body.
func (x *Exchange) Body() *Place { return nil }

// Field is the place of a field of the object that is at p.
func (p *Place) Field(name string) *Place { return &Place{p, name, -1} }

// Item is the place of an item of the list that is the field of that name at p;
// with the name "", of the list that is at p.
func (p *Place) Item(name string, i int) *Place { return &Place{p, name, i} }

// Sorted is a map in the order of its keys, which is that of its errors. It is for
// generated code.
func Sorted[K ~string, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// String is the place as an error has it: lines[0].product.
func (p *Place) String() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p *Place) write(b *strings.Builder) {
	if p == nil {
		return
	}
	p.in.write(b)
	if p.name != "" {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(p.name)
	}
	if p.index >= 0 {
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(p.index))
		b.WriteByte(']')
	}
}

// RejectBody notes that a field of the body is not within a limit.
func (x *Exchange) RejectBody(at *Place, name, code, message string) {
	if !x.badBody() && len(x.bindErrors) < maxErrors {
		x.Reject("body", at.Field(name).String(), code, message)
	}
}

// RequireBody notes that a field which has its zero value is missing in the
// body, if it is: the client may have sent zero.
func (x *Exchange) RequireBody(at *Place, name string) {
	if x.badBody() || len(x.bindErrors) >= maxErrors {
		return
	}
	if x.decoded == nil {
		if err := json.Unmarshal(x.body.Bytes(), &x.decoded); err != nil {
			return // it has been decoded before: cannot be
		}
	}
	if at.Field(name).find(x.decoded, &x.compared) == nil {
		x.reject("body", at.Field(name).String(), "missing", "is required")
	}
}

// badBody reports whether the body was not decoded.
func (x *Exchange) badBody() bool {
	return x.bodyState == bodyRefused || x.bodyState == bodyWrong
}

// find is what v, which is decoded JSON, has there; nil if that is nothing, or
// null. compared counts the keys that were looked at.
func (p *Place) find(v any, compared *int) any {
	if p == nil {
		return v
	}
	v = p.in.find(v, compared)
	if p.name != "" || p.index < 0 {
		v = fieldOf(v, p.name, compared)
	}
	if p.index >= 0 {
		list, _ := v.([]any)
		if p.index >= len(list) {
			return nil
		}
		v = list[p.index]
	}
	return v
}

// maxCompared is how many keys of a body are compared with the names of fields:
// more than a client needs that means well.
const maxCompared = 100_000

// fieldOf finds a field as encoding/json does: that name, or else one that
// differs in case only.
func fieldOf(v any, name string, compared *int) any {
	object, _ := v.(map[string]any)
	if field, ok := object[name]; ok || *compared > maxCompared {
		return field
	}
	*compared += len(object)
	for key, field := range object {
		if strings.EqualFold(key, name) {
			return field
		}
	}
	return nil
}

// placeAt is the place of the value that ends at an offset in bytes, which is
// how encoding/json says where a value of another type is.
func placeAt(text []byte, offset int64) string {
	type level struct {
		list bool
		key  string
		n    int
		want bool // the next string is a key
	}
	var stack []level
	d := json.NewDecoder(strings.NewReader(string(text)))
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		if top := len(stack) - 1; top >= 0 && stack[top].want {
			if key, ok := token.(string); ok {
				stack[top].key, stack[top].want = key, false
				continue
			}
		}
		delim, _ := token.(json.Delim)
		if delim != '}' && delim != ']' && d.InputOffset() >= offset {
			break
		}
		switch delim {
		case '{', '[':
			stack = append(stack, level{list: delim == '[', want: delim == '{'})
			continue
		case '}', ']':
			stack = stack[:len(stack)-1]
		}
		if top := len(stack) - 1; top >= 0 {
			stack[top].n++
			stack[top].want = !stack[top].list
		}
		if d.InputOffset() >= offset {
			break
		}
	}
	var p *Place
	for _, l := range stack {
		if l.list {
			p = p.Item("", l.n)
		} else {
			p = p.Field(l.key)
		}
	}
	return p.String()
}
