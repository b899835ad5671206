// Package store has generic providers.
package store

import "github.com/bggen/bggen/testdata/ok/uses/core"

// Repo holds values of one type.
type Repo[T any] struct {
	Name string
	All  []T
}

// NewRepo makes a repository of any type.
//
//bggen:provide
func NewRepo[T any](c *core.Config) *Repo[T] { return &Repo[T]{Name: c.Name} }

// Pair has two.
type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

// NewPair makes one of a number and anything.
//
//bggen:provide
func NewPair[V any](r *Repo[V]) (Pair[int, V], error) { return Pair[int, V]{Key: len(r.All)}, nil }

// Plain is called by its full path: nothing else of this package is meant.
func Plain(locked *bool) error { return nil }
