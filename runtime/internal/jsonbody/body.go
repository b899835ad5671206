package jsonbody

import "encoding/json"

// A Body is how JSON is read into a T. Generated code has one for each type that is
// a body.
type Body[T any] struct {
	Shape *Shape

	// Preset, if not nil, sets the defaults of fields that are in a T whatever is read,
	// before it is read. A number, a string or a boolean that is absent, or null, is
	// left as it is.
	Preset func(*T)

	// Fits reports whether a T that was read is within its limits, and whether nothing
	// in it can be absent that is required or has a default, or is too long for its
	// array. If it says so, the bytes are not looked at again. nil: it always is.
	Fits func(*T) bool

	// Defaults, if not nil, sets the other defaults, of what was absent. It is called
	// where Fits has not said that nothing can be.
	Defaults func(*T, *Absent)
}

// Decode reads data, which is JSON and not empty. If there is something wrong with
// it, list says what, and v is of no use.
func (b *Body[T]) Decode(data []byte, strict bool) (v T, list []Error, more bool) {
	if b.Preset != nil {
		b.Preset(&v)
	}
	err := json.Unmarshal(data, &v)
	if err == nil && !strict && (b.Fits == nil || b.Fits(&v)) {
		return v, nil, false
	}
	o := Options{Strict: strict}
	if b.Defaults != nil {
		o.Absent = new(Absent)
	}
	list, more = Find(data, err, b.Shape, o)
	if len(list) == 0 && b.Defaults != nil {
		b.Defaults(&v, o.Absent)
	}
	return v, list, more
}
