// Package structs takes parameter structs.
package structs

import "time"

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
	Rest   map[string]int
}

// Sort is a defined type: its tag is what has the client fill it.
type Sort string

// List takes one.
//
//bggen:route GET /shops/{shop}
func List(f Filter, shop string) any {
	return []any{f.Limit, f.Offset, f.Shop == shop, f.Sort, f.Since.Year(), f.Tags, f.Agent, f.Theme, f.hidden, f.Rest == nil}
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
