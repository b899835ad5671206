package schema

import (
	"bytes"
	"encoding/json"
	"strings"
)

// An Object is a JSON object whose members keep their order.
type Object struct{ Members []Member }

// A Member is a member of an Object. Its value is anything that encoding/json writes.
type Member struct {
	Name  string
	Value any
}

// read is a JSON object that is known to be one.
func read(text string) *Object {
	o := new(Object)
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		switch name, _ := d.Token(); name := name.(type) {
		case string:
			var value json.RawMessage
			if d.Decode(&value) != nil {
				return o
			}
			o.Set(name, value)
		case json.Delim: // its beginning, or its end
			if name == '}' {
				return o
			}
		}
	}
}

// Set adds a member, or replaces its value where there is one of that name.
func (o *Object) Set(name string, value any) *Object {
	for i := range o.Members {
		if o.Members[i].Name == name {
			o.Members[i].Value = value
			return o
		}
	}
	o.Members = append(o.Members, Member{name, value})
	return o
}

// Text adds a member unless the text is empty.
func (o *Object) Text(name, value string) *Object {
	if value != "" {
		o.Set(name, value)
	}
	return o
}

// Get returns the value of the member of that name, nil if there is none.
func (o *Object) Get(name string) any {
	for _, m := range o.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Child returns the object of that name, which is made if need be.
func (o *Object) Child(name string) *Object {
	if c, ok := o.Get(name).(*Object); ok {
		return c
	}
	c := &Object{}
	o.Set(name, c)
	return c
}

// MarshalJSON writes the members in their order.
func (o *Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := Write(&b, o)
	return b.Bytes(), err
}

// Write writes a value without escaping what only HTML needs escaped. Objects are
// written as they are met: encoding/json would read all that is in one once more.
func Write(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case *Object:
		return list(b, '{', '}', len(v.Members), func(i int) error {
			if err := Write(b, v.Members[i].Name); err != nil {
				return err
			}
			b.WriteByte(':')
			return Write(b, v.Members[i].Value)
		})
	case []*Object:
		return list(b, '[', ']', len(v), func(i int) error { return Write(b, v[i]) })
	case []any:
		return list(b, '[', ']', len(v), func(i int) error { return Write(b, v[i]) })
	case reference:
		return Write(b, v.String())
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line's end
	return nil
}

// list writes n items between two brackets.
func list(b *bytes.Buffer, open, end byte, n int, item func(int) error) error {
	b.WriteByte(open)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := item(i); err != nil {
			return err
		}
	}
	b.WriteByte(end)
	return nil
}

// Indented writes the document as a file has it.
func (o *Object) Indented() ([]byte, error) {
	text, err := o.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
