// Package emptylists answers with lists that are never null.
//
//bggen:emptylists
package emptylists

import (
	"iter"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Page is a part of a list.
type Page[T any] struct {
	Items []T            `json:"items"`
	Count int            `json:"count"`
	ByTag map[string][]T `json:"by<tag>"`
}

// Item has lists at several depths.
type Item struct {
	Name  string               `json:"name"`
	Tags  []string             `json:"tags"`
	More  *[]string            `json:"more"`
	Parts []*Item              `json:"parts"`
	Grid  [2][]int             `json:"grid"`
	Raw   []byte               `json:"raw"`
	Opt   runtime.Opt[[]int]   `json:"opt,omitzero"`
	Few   []string             `json:"few,omitempty"`
	Any   any                  `json:"any"`
	When  map[string]time.Time `json:"when"`
	At    *time.Time           `json:"at"`
}

// Tree is a list of itself.
type Tree []Tree

// List answers with a page of items.
//
//bggen:route GET /items
func List(empty bool) (Page[Item], error) {
	if empty {
		return Page[Item]{}, nil
	}
	return Page[Item]{Items: []Item{{Name: "null", Parts: []*Item{nil, {}}}}, ByTag: map[string][]Item{"a": nil}}, nil
}

// Show answers with a response of its own.
//
//bggen:route GET /tree
func Show() runtime.Response[struct{ Tree *Tree }] {
	return runtime.Response[struct{ Tree *Tree }]{Body: struct{ Tree *Tree }{&Tree{nil, {nil}}}}
}

// Stream answers with a sequence.
//
//bggen:route GET /lines
func Stream() iter.Seq[Page[int]] {
	return func(yield func(Page[int]) bool) { yield(Page[int]{}) }
}

// Name has no lists.
//
//bggen:route GET /name
func Name() struct{ Name *string } { return struct{ Name *string }{} }

// All answers with a list of items.
//
//bggen:route GET /all
func All() []Item { return []Item{{}} }
