// Package typelimits binds values of types that have limits of their own.
package typelimits

import (
	"fmt"

	"github.com/bggen/bggen/testdata/ok/typelimits/unit"
)

// Level is a number with a name.
//
//bggen:type enum
type Level int

// The levels there are.
const (
	Low Level = iota + 1
	High
)

// Slug is what can stand in a path.
//
//bggen:type pattern=^[a-z]+$ minlen=2
type Slug string

// Get takes values from everywhere.
//
//bggen:route GET /items/{slug}
//bggen:param size query
//bggen:param levels query=level maxlen=3
//bggen:param percent header=X-Percent default=50 max=90
//bggen:param max query=max
func Get(slug Slug, size unit.Size, levels []Level, percent unit.Percent, max *Level) string {
	return fmt.Sprint(slug, size, levels, percent)
}

// Item is a body.
type Item struct {
	Slug   Slug                     `json:"slug" required:"true" maxlen:"5"`
	Size   unit.Size                `json:"size" default:"s"`
	Levels []Level                  `json:"levels"`
	Parts  map[string]*unit.Percent `json:"parts"`
}

// Save takes it, and answers with it.
//
//bggen:route POST /items
func Save(body Item) Item { return body }

// SaveAll takes a list of values that are no structs.
//
//bggen:route POST /slugs
func SaveAll(body []Slug) int { return len(body) }

// Week is a week of a year, as 2026-W05.
//
//bggen:type schema=`{"type":"string","pattern":"^\\d{4}-W\\d{2}$"}`
type Week struct{ Year, Number int }

// MarshalText writes the week.
func (w Week) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%04d-W%02d", w.Year, w.Number), nil
}

// UnmarshalText reads it.
func (w *Week) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "%04d-W%02d", &w.Year, &w.Number)
	return err
}

// Move takes a week from everywhere.
//
//bggen:route POST /weeks/{week}
//bggen:param from query
func Move(week Week, from *Week, body struct{ Weeks []Week }) []Week {
	return append(body.Weeks, week)
}
