// Package app is called like a variable of the generated code.
package app

// Config is a body.
type Config struct {
	Name string `json:"name"`
}
