// Package results answers in every way.
package results

import (
	"errors"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// NotFound is an error with a status.
type NotFound struct{}

func (NotFound) Error() string { return "no such thing" }

// StatusCode is that of the answer.
func (NotFound) StatusCode() int { return http.StatusNotFound }

// Nothing returns nothing.
//
//bggen:route GET /nothing
func Nothing() {}

// Accepted returns nothing, with a status of its own.
//
//bggen:route POST /accepted status=202
func Accepted() {}

// Fails returns an error if it is told to.
//
//bggen:route GET /fails/{how}
func Fails(how string) error {
	switch how {
	case "not":
		return nil
	case "found":
		return errors.Join(errors.New("secret"), NotFound{})
	case "problem":
		return &runtime.Problem{Status: 409, Title: "Taken", Header: http.Header{"Retry-After": {"7"}}}
	}
	return errors.New("secret")
}

// List returns a slice, nil when it is empty.
//
//bggen:route GET /list
func List() []int { return nil }

// Created returns a value, with a status of its own.
//
//bggen:route POST /created status=201
func Created() (map[string]int, error) { return map[string]int{"id": 1}, nil }

// Text returns text.
//
//bggen:route GET /text
func Text() (string, error) { return "<text>", nil }

// Name is a string that is not text.
type Name string

// Named returns a value of a defined type: JSON.
//
//bggen:route GET /named
func Named() Name { return "<name>" }

// Bytes returns bytes, with a type that it sets itself.
//
//bggen:route GET /bytes
func Bytes(w http.ResponseWriter) []byte {
	w.Header().Set("Content-Type", "image/png")
	return []byte("png")
}

// Broken returns what cannot be encoded, which only shows at run time.
//
//bggen:route GET /broken
func Broken(bg *runtime.BackgroundTasks) any { return map[string]any{"f": func() {}} }

// Large returns more than a server holds back.
//
//bggen:route GET /large
func Large(bg *runtime.BackgroundTasks) []byte { return make([]byte, 10_000) }
