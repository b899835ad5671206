package runtime

import "encoding/json"

// An Opt is a value that the client may leave out, or set to null: a PATCH leaves what is
// absent as it is, and deletes what is null. It can be a field of a JSON body, and a
// parameter of the query or of a form, where an empty text is null unless T is a string.
//
//	type ItemChange struct {
//		Name  runtime.Opt[string] `json:"name,omitzero" minlen:"1"`
//		Price runtime.Opt[int]    `json:"price,omitzero" min:"0"`
//	}
//
// The limits of a field or a parameter are those of T. With the option omitzero in its tag
// an absent value is left out again when it is encoded; otherwise it is null.
type Opt[T any] struct {
	Value   T    // zero unless Present
	Present bool // there is a value
	Null    bool // it is null
}

// Some returns an Opt with a value.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Present: true} }

// Get returns the value, and whether there is one.
func (o Opt[T]) Get() (T, bool) { return o.Value, o.Present }

// IsZero reports whether the value is absent. It is what omitzero asks.
func (o Opt[T]) IsZero() bool { return !o.Present && !o.Null }

// MarshalJSON encodes the value, or null if there is none.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Present {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// UnmarshalJSON decodes a value, or null.
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	*o = Opt[T]{Null: string(data) == "null"}
	if o.Null {
		return nil
	}
	o.Present = true
	return json.Unmarshal(data, &o.Value)
}
