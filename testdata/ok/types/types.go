// Package types takes types that are written in unusual ways.
//
//lint:file-ignore ST1001 the dot import is what this case is about
package types

import (
	. "time"

	twisted "github.com/bggen/bggen/testdata/ok/types/odd-path"
)

// Both is an alias of an instance of a generic type.
type Both = twisted.Pair[string, []int]

// Box is an instance of a generic type of this package.
type Box[T any] struct {
	Value T `json:"value"`
}

// Alias takes one.
//
//bggen:route POST /alias
func Alias(body Both) Both { return body }

// Instance takes an instance written out.
//
//bggen:route POST /instance
func Instance(body twisted.Pair[Box[string], map[string]*twisted.Pair[int, bool]]) string {
	return body.First.Value
}

// Anonymous takes a struct without a name.
//
//bggen:route POST /anonymous
func Anonymous(body struct {
	A [2]int `json:"a"`
	B any
}) int {
	return body.A[1]
}

// Dot takes a type of a package that is imported with a dot.
//
//bggen:route GET /dot/{wait}
func Dot(wait Duration, number *int) float64 { return wait.Seconds() }

// Hidden takes a type that can only be named through its alias.
//
//bggen:route GET /hidden/{n}
func Hidden(n twisted.Number) int { return int(n) }
