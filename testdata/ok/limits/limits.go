// Package limits has values with limits.
package limits

import (
	"errors"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// Sort is a defined type with a few values.
type Sort string

// List has limits of every kind.
//
//bggen:route GET /list/{shop}
//bggen:param shop minlen=2 maxlen=4 pattern=^[a-zü]+$
//bggen:param limit default=20 min=1 max=100
//bggen:param ratio min=-0.5 max=1e3
//bggen:param sort query enum=asc|desc
//bggen:param page min=1
//bggen:param tag minlen=1 maxlen=2
//bggen:param level header=X-Level enum=1|2|3
//bggen:param "code" "pattern=^[a-z ]+$"
func List(shop string, limit uint8, ratio float64, sort Sort, page *int, tag []string, level int, code *string) any {
	return []any{shop, limit, ratio, sort, page, tag, level, code}
}

// Again has the same pattern once more.
//
//bggen:route GET /again
//bggen:param name pattern=^[a-zü]+$ minlen=1
func Again(name string) string { return name }

// Email says whether it is one.
type Email string

// Validate looks for an at sign.
func (e Email) Validate() error {
	if !strings.Contains(string(e), "@") {
		return errors.New("must have an @")
	}
	return nil
}

// Period has an order.
type Period struct{ From, To int }

// Validate checks it.
func (p *Period) Validate() error {
	if p.From < p.To {
		return nil
	}
	return runtime.FieldErrors{{Name: "From", Message: "must be before To"}, {Name: "To", Code: "order", Message: "must be after From"}}
}

// Validated takes values that know whether they are valid.
//
//bggen:route POST /validated/{email}
func Validated(email Email, body Period) int { return body.To - body.From }

// Maybe takes one that may be absent.
//
//bggen:route POST /maybe
func Maybe(body *Period) bool { return body != nil }

// Defaults takes lists with a default.
//
//bggen:route GET /defaults
//bggen:param sort default=name|age maxlen=2
//bggen:param level query default=1|2
func Defaults(sort []string, level []Level) any { return []any{sort, level} }

// Level is a defined type.
type Level int

// Archive serves two patterns, of which one lacks a wildcard.
//
//bggen:route GET /archive
//bggen:route GET /archive/{year}
//bggen:route GET /archive/{year}/{level}
func Archive(year *int, level *Level) any { return []any{year, level} }
