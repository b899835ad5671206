// Package patch takes values that may be absent, or null.
package patch

import (
	"fmt"

	"github.com/bggen/bggen/runtime"
)

// Level is a defined type.
type Level int

// Change says what is to change.
type Change struct {
	Name  runtime.Opt[string] `json:"name,omitzero" minlen:"2"`
	Price runtime.Opt[int]    `json:"price,omitzero" min:"1" max:"9"`
	Level *runtime.Opt[Level] `json:"level"`
	Owner runtime.Opt[Owner]  `json:"owner,omitzero"`
	Tags  runtime.Opt[[]Tag]  `json:"tags,omitzero"`
}

// Owner is a struct that may be absent.
type Owner struct {
	Name string `json:"name" required:"true"`
}

// Tag says whether it is valid.
type Tag string

// Validate refuses one.
func (t Tag) Validate() error {
	if t == "bad" {
		return fmt.Errorf("is bad")
	}
	return nil
}

// Patch answers with what it is given.
//
//bggen:route PATCH /items
func Patch(body Change) Change { return body }

// Find takes values of the query.
//
//bggen:route GET /items
//bggen:param level query max=3
func Find(text runtime.Opt[string], limit runtime.Opt[int], level runtime.Opt[Level]) string {
	return fmt.Sprint(text, limit, level)
}

// Submit takes a form.
//
//bggen:route POST /items
//bggen:param name form minlen=2
//bggen:param tag form
func Submit(name runtime.Opt[string], tag runtime.Opt[Tag]) string { return fmt.Sprint(name, tag) }
