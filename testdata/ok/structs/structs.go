// Package structs takes parameter structs.
package structs

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Page is embedded in what can be read in pages.
type Page struct {
	Limit  int `query:"limit" default:"20" min:"1" max:"100"`
	Offset int `query:"" default:"0" min:"0"`
}

// Filter is a parameter struct.
type Filter struct {
	Page
	Shop   string    `path:"shop"`
	Sort   Sort      `query:"sort" enum:"asc|desc"`
	Since  time.Time `query:"since"`
	Tags   []string  `query:"tag" maxlen:"2"`
	Agent  *string   `header:"User-Agent"`
	Theme  string    `cookie:"theme" default:"dark"`
	hidden int       `query:"hidden" default:"3"`
	rest   map[string]int
}

// Sort is a defined type: its tag is what has the client fill it.
type Sort string

// List takes one.
//
//bggen:route GET /shops/{shop}
func List(f Filter, shop string) any {
	return []any{f.Limit, f.Offset, f.Shop == shop, f.Sort, f.Since.Year(), f.Tags, f.Agent, f.Theme, f.hidden, f.rest == nil}
}

// Count is made from a part of it.
type Count int

// NewCount takes a pointer.
//
//bggen:provide
func NewCount(p *Page) Count { return Count(p.Limit + p.Offset) }

// Number needs it.
//
//bggen:route GET /number
func Number(c Count) Count { return c }

// ID is a number that is defined as one.
type ID int64

// Validate refuses one number.
func (id *ID) Validate() error {
	if *id == 13 {
		return errors.New("brings no luck")
	}
	return nil
}

// Search has fields of defined types, and of types that read themselves; and it
// says by itself if it is valid.
type Search struct {
	Sort  Sort         `query:"sort" default:"name" enum:"name|price"`
	Min   *ID          `query:"min" max:"100"`
	IDs   []ID         `query:"id" maxlen:"3"`
	From  *netip.Addr  `query:"from"`
	Hosts []netip.Addr `query:"host"`
	Note  *netip.Addr  `header:"X-Addr"`
	Max   *ID          `query:"max"`
}

// Validate compares two fields.
func (s Search) Validate() error {
	if s.Min != nil && s.Max != nil && *s.Min > *s.Max {
		return runtime.FieldErrors{{Name: "min", Message: "must not be above max"}}
	}
	return nil
}

// Find takes it.
//
//bggen:route GET /find
func Find(s Search) any {
	return []any{s.Sort, s.Min, s.IDs, s.From, s.Hosts, s.Note}
}

// Span is the same for a provider, and takes a pointer.
type Span struct {
	From int `query:"from"`
	To   int `query:"to"`
}

// Validate has a pointer receiver.
func (s *Span) Validate() error {
	if s.From > s.To {
		return errors.New("ends before it begins")
	}
	return nil
}

// Length is made of a span.
type Length int

// NewLength takes one.
//
//bggen:provide
func NewLength(s *Span) Length { return Length(s.To - s.From) }

// Measure needs the length, and one end of the span by itself.
//
//bggen:route GET /measure
func Measure(l Length, from int) string { return fmt.Sprint(int(l), from) }

// Measured needs the length alone.
//
//bggen:route GET /measured
func Measured(l Length) string { return fmt.Sprint(int(l)) }

// Window is a part of other parameter structs.
type Window struct {
	From int `query:"from" default:"1"`
	To   int `query:"to" default:"9"`
}

// Validate compares its fields.
func (w Window) Validate() error {
	if w.To < w.From {
		return errors.New("must not end before it begins")
	}
	return nil
}

// Report has parts: embedded by a pointer, as a field, and as a pointer.
type Report struct {
	*Page
	Window Window
	Other  *Other
}

// Other is one of them.
type Other struct {
	Agent string `header:"User-Agent" default:"none"`
}

// MakeReport takes it.
//
//bggen:route GET /report
func MakeReport(r Report) string {
	return fmt.Sprint(r.Limit, r.Window.From, r.Window.To, r.Other.Agent)
}
