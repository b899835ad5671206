// Package bodylimits has limits on the fields of JSON bodies, at any depth.
package bodylimits

import (
	"errors"
	"time"
)

// Currency is a defined type.
type Currency string

// Base is embedded: its fields are those of the order.
type Base struct {
	Customer string `json:"customer" required:"true" minlen:"2" maxlen:"8" pattern:"^[a-z]+$"`
}

// Line is in a list.
type Line struct {
	Product int64    `json:"product" required:"true" min:"1"`
	Count   int      `json:"count" required:"true" min:"0" max:"10"`
	Notes   []string `json:"notes" maxlen:"1"`
	Part    *Line    `json:"part"`
}

// Address is behind a pointer.
type Address struct {
	City  string    `required:"true"`
	Since time.Time `json:"since" required:"true"`
}

// Order has all kinds of fields.
type Order struct {
	Base
	Currency Currency           `json:"currency" enum:"eur|usd"`
	Lines    []Line             `json:"lines" required:"true" minlen:"1" maxlen:"2"`
	Discount *float64           `json:"discount" min:"0" max:"0.5"`
	To       *Address           `json:"to"`
	Prices   map[string]Address `json:"prices" maxlen:"1"`
	Grid     [][]Line           `json:"grid"`
	Extra    struct {
		Deep []struct {
			N int `json:"n" max:"3"`
		} `json:"deep"`
	} `json:"extra"`
	Meta any `json:"meta" required:"true"`
	Raw  struct {
		List []int `json:"list"`
	} `json:"raw" required:"true"`
	Skipped int `json:"-" min:"1"`
	hidden  int `min:"1"`
}

// Validate is asked when all fields are within their limits.
func (o Order) Validate() error {
	if o.Customer == "nobody" {
		return errors.New("nobody orders")
	}
	return nil
}

// Place takes one.
//
//bggen:route POST /orders
func Place(body Order) int { return len(body.Lines) + o(body) }

func o(body Order) int { return body.hidden }

// Pairs has lists whose lengths are fixed.
type Pairs struct {
	Pair  [2]*Line `json:"pair"`
	Flags [1]bool  `json:"flags"`
}

// Pair takes one.
//
//bggen:route POST /pairs
func Pair(body Pairs) bool { return body.Pair[1] != nil }

// All takes a list of some.
//
//bggen:route POST /lines
func All(body []Line) int { return len(body) }

// Maybe takes one or none.
//
//bggen:route POST /maybe
func Maybe(body *Line) bool { return body != nil }

// Page is generic.
type Page[T any] struct {
	Items []T `json:"items" minlen:"1"`
	Next  int `json:"next" min:"1"`
}

// Pages takes an instance.
//
//bggen:route POST /pages
func Pages(body Page[Line]) int { return len(body.Items) }

// Req is embedded by a pointer: its fields are required all the same.
type Req struct {
	Name string `json:"name" required:"true"`
}

// Embeds has one.
type Embeds struct {
	*Req
	A int `json:"a"`
	M map[string]struct {
		N int `json:"n" required:"true"`
	} `json:"m"`
	At at `json:"at" required:"true"`
}

// at is a type with a name that generated code would like.
type at struct{ X int }

// Embed takes it.
//
//bggen:route POST /embeds
func Embed(body Embeds) string { return body.Name }
