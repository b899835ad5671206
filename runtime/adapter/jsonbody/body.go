package jsonbody

import (
	"encoding/json"
	"reflect"

	"github.com/bggen/bggen/runtime"
)

// A Body is how JSON is read into a T. Generated code has one for each type that is
// a body.
type Body[T any] struct {
	Shape *Shape

	// Preset, if not nil, sets the defaults of fields that are in a T whatever is read,
	// before it is read. What is absent is left as it is.
	Preset func(*T)

	// Fits reports whether a T that was read is within its limits, and whether nothing
	// in it can be absent that is required or has a default. If it says so, the bytes
	// are not looked at again. nil: it always is.
	Fits func(*T) bool

	// Arrays says that there are arrays in a T. A list that was too long for one leaves
	// no trace in it, so that the bytes are always looked at again.
	Arrays bool

	// Defaults, if not nil, sets the other defaults, of what was absent. It is called
	// where Fits has not said that nothing can be.
	Defaults func(*T, *Absent)

	// Invalid, if not nil, asks the values in a T whether they are valid. It is called
	// where nothing else is wrong.
	Invalid func(*T) Invalid
}

// Decode reads data, which is JSON and not empty. If there is something wrong with
// it, list says what, and v is of no use.
func (b *Body[T]) Decode(data []byte, o Options) (v T, list []runtime.FieldError) {
	if b.Preset != nil {
		b.Preset(&v)
	}
	err := json.Unmarshal(data, &v)
	if err != nil || o.Strict || b.Arrays || b.Fits != nil && !b.Fits(&v) {
		if list = b.look(data, err, o, &v); len(list) > 0 {
			return v, list
		}
	}
	if b.Invalid != nil {
		list = b.Invalid(&v)
	}
	return v, list
}

// look is the second look, at the bytes.
func (b *Body[T]) look(data []byte, err error, o Options, v *T) []runtime.FieldError {
	if b.Defaults != nil {
		o.Absent = new(Absent)
	}
	list, _ := Find(data, err, b.Shape, o)
	if len(list) == 0 && b.Defaults != nil {
		b.Defaults(v, o.Absent)
	}
	return list
}

// IsZero reports whether a value that cannot be compared is zero.
func IsZero[T any](v *T) bool { return reflect.ValueOf(v).Elem().IsZero() }

// Pointer is a pointer to a default.
func Pointer[T any](v T) *T { return &v }
