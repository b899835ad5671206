// Package bodyvalues has JSON bodies with defaults, with values of all kinds, and
// with values that say whether they are valid.
package bodyvalues

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Numbers has limits of numbers.
type Numbers struct {
	Price  float64         `json:"price" gt:"0" multiple:"0.05"`
	Ratio  float32         `json:"ratio" lt:"1"`
	Even   int             `json:"even" multiple:"2"`
	Level  uint8           `json:"level" enum:"1|2|5"`
	Step   float64         `json:"step" enum:"0.5|1"`
	Large  uint64          `json:"large" max:"18446744073709551614"`
	ID     int64           `json:"id,string" min:"1" default:"7"`
	ByID   map[int]Name    `json:"byID"`
	Exact  json.Number     `json:"exact"`
	Any    json.RawMessage `json:"any"`
	Key    []byte          `json:"key"`
	Addr   netip.Addr      `json:"addr"`
	Colour Colour          `json:"colour"`
	Since  time.Time       `json:"since" min:"2026-01-01T00:00:00Z" max:"2026-12-31T23:59:59.5Z"`
	Wait   time.Duration   `json:"wait" min:"1s" default:"1m30s"`
}

// Colour reads itself.
type Colour struct{ name string }

// UnmarshalJSON reads one.
func (c *Colour) UnmarshalJSON(text []byte) error {
	if c.name = strings.Trim(string(text), `"`); c.name != "red" {
		return errors.New("no colour")
	}
	return nil
}

// SaveNumbers takes some.
//
//bggen:route POST /numbers
func SaveNumbers(body Numbers) string { return fmt.Sprint(body.ID, body.Colour.name) }

// Search has defaults.
type Search struct {
	Text  string   `json:"text" required:"true"`
	Limit int      `json:"limit" default:"20" min:"1" max:"100"`
	Sort  []string `json:"sort" default:"name|age"`
	Exact *bool    `json:"exact" default:"true"`
	Page  Page     `json:"page"`
	Joins []Join   `json:"joins"`
}

// Page is in a Search.
type Page struct {
	Size int `json:"size" default:"10"`
}

// Join is in a list of a Search.
type Join struct {
	With  string  `json:"with"`
	Kind  Kind    `json:"kind" default:"inner" enum:"inner|outer"`
	Inner *Join   `json:"inner"`
	Rate  float64 `json:"rate" default:"10.5"`
}

// Kind is one of some texts.
type Kind string

// Find answers with what it is given.
//
//bggen:route POST /search
func Find(body Search) Search { return body }

// FindAll takes a list.
//
//bggen:route POST /searches
func FindAll(body []Join) []Join { return body }

// Email says whether it is valid.
type Email string

// Validate reports an address without an @.
func (e Email) Validate() error {
	if !strings.Contains(string(e), "@") {
		return runtime.FieldErrors{{Code: "email", Message: "must have an @"}}
	}
	return nil
}

// Name says so by a pointer.
type Name struct {
	First string `json:"first"`
}

// Validate reports an empty name.
func (n *Name) Validate() error {
	if n.First == "" {
		return runtime.FieldErrors{{Name: "first", Message: "must not be empty"}}
	}
	return nil
}

// Base is embedded in a type with a method of the same name.
type Base struct {
	From time.Time `json:"from"`
	End  time.Time `json:"end"`
}

// Validate compares two fields.
func (b Base) Validate() error {
	if b.End.Before(b.From) {
		return errors.New("must not end before it begins")
	}
	return nil
}

// Invitation has values that say whether they are valid, at any depth.
type Invitation struct {
	Base
	*Host
	To     Email              `json:"to"`
	CC     []Email            `json:"cc"`
	Names  map[string]*Name   `json:"names"`
	Rooms  map[Room][]Name    `json:"rooms"`
	Guests Guests             `json:"guests"`
	Reply  *Invitation        `json:"reply"`
	Inline struct{ By Email } `json:"inline"`
}

// Host is embedded by a pointer.
type Host struct {
	Host Name `json:"host"`
}

// Validate refuses one.
func (h *Host) Validate() error {
	if h.Host.First == "nobody" {
		return errors.New("nobody invites")
	}
	return nil
}

// Room is the key of a map.
type Room int

// Guests is a list that says whether it is valid as a whole.
type Guests []Name

// Validate reports too many.
func (g Guests) Validate() error {
	if len(g) > 2 {
		return errors.New("are too many")
	}
	return nil
}

// Validate is asked when all that is in it is valid.
func (i *Invitation) Validate() error {
	if i.To == "me@" {
		return runtime.FieldErrors{{Name: "to", Message: "must be somebody else"}}
	}
	return nil
}

// Invite takes one.
//
//bggen:route POST /invitations
func Invite(body Invitation) bool { return true }

// Emails takes a list of values that are no structs.
//
//bggen:route POST /emails
func Emails(body []Email) int { return len(body) }

// Rename takes a value of its own.
//
//bggen:route POST /names
func Rename(body *Name) bool { return body != nil }

// Limits has limits of values that are read from text.
//
//bggen:route GET /limits
//bggen:param price gt=0 multiple=0.05
//bggen:param even lt=10 multiple=2
//bggen:param since min=2026-01-01T00:00:00Z default=2026-06-01T12:00:00+02:00
//bggen:param wait gt=0s max=1h default=250ms
//bggen:param step enum=0.5|1 default=1
func Limits(price float64, even int, since time.Time, wait time.Duration, step float64) string {
	return since.UTC().Format(time.RFC3339) + " " + wait.String()
}
