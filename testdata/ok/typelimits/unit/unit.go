// Package unit has types whose limits hold wherever they are bound.
package unit

// Size is one of some texts.
//
//bggen:type enum
type Size string

// The sizes there are.
const (
	Small Size = "s" // fits in a pocket
	Large Size = "l"
	// Huge is a name for the same.
	Huge = Large
)

// Percent is a part of a hundred.
//
//bggen:type min=0 max=100
type Percent float64
