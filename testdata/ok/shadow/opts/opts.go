// Package opts is called like another.
package opts

// Options is a body.
type Options struct {
	Name string `json:"name"`
}
