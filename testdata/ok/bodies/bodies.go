// Package bodies takes bodies.
package bodies

import "encoding/json"

// Order is a JSON body.
type Order struct {
	Item     string   `json:"item"`
	Quantity int      `json:"quantity"`
	Tags     []string `json:"tags"`
	Next     *Order   `json:"next"`
}

// JSON takes one.
//
//bggen:route POST /json
func JSON(body Order) Order { return body }

// Optional takes one, or none.
//
//bggen:route POST /optional
func Optional(body *Order) string {
	if body == nil {
		return "none"
	}
	return body.Item
}

// Raw takes the bytes as they came.
//
//bggen:route POST /raw maxbody=1KiB
func Raw(body []byte) []byte { return body }

// Message takes JSON as it came.
//
//bggen:route POST /message
func Message(body json.RawMessage) int { return len(body) }

// Any takes whatever is JSON.
//
//bggen:route POST /any
func Any(body map[string]any) int { return len(body) }

// Size is made from the body, which the handler takes as well.
type Size int

// GetSize shares the body with the handler.
//
//bggen:provide
func GetSize(body []byte) Size { return Size(len(body)) }

// Shared shares the body with a provider.
//
//bggen:route PUT /shared/{id}
func Shared(id int, body Order, size Size) any { return []any{id, body.Item, size} }

// Tree is of itself, without a struct.
type Tree map[string]Tree

// Forest has trees, and is a list of its own kind too.
type Forest struct {
	Trees []Tree `json:"trees"`
	Part  Part   `json:"part"`
}

// Part is a list of itself.
type Part []Part

// Grow takes one and gives it back.
//
//bggen:route POST /forests
func Grow(body Forest) Tree { return body.Trees[0] }
