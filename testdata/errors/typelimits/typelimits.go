// Package typelimits has types with limits that mean nothing.
package typelimits

// Colour has no constants.
//
//bggen:type enum
type Colour string

// Level is no text.
//
//bggen:type pattern=^a$ min=x
type Level int

// Nothing is said of it.
//
//bggen:type
type Nothing int

// List is generic.
//
//bggen:type minlen=1
type List[T any] []T

// Name is another name.
//
//bggen:type minlen=1
type Name = string

//bggen:type minlen=1
func F() {}

//bggen:type schema={"type":"string"}
type Plain string

//bggen:type schema={"type"
type Broken struct{}

//bggen:type minlen=1 schema={"type":"string"}
type Both struct{}

func (Both) MarshalText() ([]byte, error) { return nil, nil }
