// Package opt has values that may be absent, and more that is said of them.
package opt

import "github.com/bggen/bggen/runtime"

// Change is a body.
type Change struct {
	Name runtime.Opt[string] `json:"name" required:"true"`
	Size runtime.Opt[int]    `json:"size" default:"1"`
}

// Wait cannot be read.
type Wait struct {
	Done runtime.Opt[chan int] `json:"done"`
}

//bggen:route POST /items
func Post(body Wait) {}

//bggen:route PATCH /items
func Patch(body Change) {}

//bggen:route GET /items
//bggen:param limit default=3
func Find(limit runtime.Opt[int]) {}
