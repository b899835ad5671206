// Package moved has handlers with which a test holds what the pages about moving here
// say of bggen's behaviour.
package moved

import (
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// Item is a body.
type Item struct {
	Name string `json:"name"`
}

// Add takes a body.
//
//bggen:route POST /items
func Add(body Item) string { return body.Name }

// Optional takes a body that may be absent.
//
//bggen:route POST /optional
func Optional(body *Item) bool { return body != nil }

// Count takes a number.
//
//bggen:route GET /count
func Count(n int) int { return n }

// Maybe takes a number that may be absent.
//
//bggen:route GET /maybe
func Maybe(n *int) bool { return n != nil }

// Find looks for an item, and takes a number.
//
//bggen:route GET /items/{id}
func Find(id string, n int) (string, error) {
	return "", &runtime.Problem{Status: http.StatusNotFound}
}

// Accept has nothing to say.
//
//bggen:route POST /accept status=202
func Accept() {}

// List returns a list without elements.
//
//bggen:route GET /list
func List() []Item { return nil }

// Fail fails.
//
//bggen:route GET /fail
func Fail() error { return http.ErrBodyNotAllowed }
