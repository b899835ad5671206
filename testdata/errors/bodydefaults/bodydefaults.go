// Package bodydefaults has defaults in bodies that cannot be set.
package bodydefaults

import "net/netip"

// Order is a body.
type Order struct {
	*Base
	Name   string           `json:"name" required:"true" default:"x"`
	Count  int              `json:"count" default:"many"`
	Level  int              `json:"level" default:"9" max:"5"`
	Addr   netip.Addr       `json:"addr" default:"::1"`
	Lines  map[string]Line  `json:"lines"`
	Grid   []map[int][]Line `json:"grid"`
	Even   int              `json:"even" multiple:"0"`
	Any    int              `json:"any" multiple:"1" gt:"x"`
	Nested struct{ A int }  `json:"nested" default:"1"`
}

// Base is embedded by a pointer.
type Base struct {
	Size int `json:"size" default:"1"`
}

// Line is in a map.
type Line struct {
	Rate float64 `json:"rate" default:"1.5"`
}

// Place takes one.
//
//bggen:route POST /orders
func Place(body Order) {}

// Lines takes a map of some.
//
//bggen:route POST /lines
func Lines(body map[string]Line) {}
