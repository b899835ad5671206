// Package results answers in every way.
package results

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

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

// Reader streams, and is closed.
//
//bggen:route GET /reader status=202
func Reader(missing *bool) (io.ReadCloser, error) {
	if missing != nil {
		return nil, NotFound{}
	}
	return io.NopCloser(strings.NewReader("streamed")), nil
}

// Handler has another handler answer.
//
//bggen:route GET /handler
func Handler(bg *runtime.BackgroundTasks) http.Handler {
	return http.RedirectHandler("/text", http.StatusFound)
}

// Full has status, headers, a cookie and a task of its own.
//
//bggen:route GET /full
func Full() (runtime.Response[[]int], error) {
	r := runtime.Response[[]int]{
		Status:  404,
		Header:  http.Header{"X-Full": {"yes"}},
		Cookies: []*http.Cookie{{Name: "full", Value: "1"}},
	}
	r.Add(func(context.Context) error { Ran <- "full"; return nil })
	return r, nil
}

// Ran gets a word from the task of Full.
var Ran = make(chan string, 10)

// Fixed has its status from the route.
//
//bggen:route GET /fixed status=203
func Fixed() runtime.Response[string] { return runtime.Response[string]{Status: 400, Body: "fixed"} }

// Func returns a handler that reads the path by itself.
//
//bggen:route GET /func/{id}
func Func(prefix string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, prefix, r.PathValue("id")) }
}
