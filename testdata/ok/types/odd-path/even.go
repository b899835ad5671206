// Package even is not called like its path.
package even

// Pair is a generic type.
type Pair[A, B any] struct {
	First  A `json:"first"`
	Second B `json:"second"`
}

// Number is an exported alias of an unexported type.
type Number = number

type number int
