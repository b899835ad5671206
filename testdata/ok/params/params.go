// Package params takes values from paths and queries.
package params

import (
	"net/netip"
	"time"
)

// UserID is a defined type: filled by a wildcard, and by nothing else.
type UserID int64

// Path takes a wildcard of every kind.
//
//bggen:route GET /path/{text}/{number}/{ok}/{user}/{from}/{day}/{rest...}
func Path(text string, number int8, ok bool, user UserID, from netip.Addr, day time.Time, rest string) any {
	return []any{text, number, ok, user, from, day, rest}
}

// Query takes required, optional and repeated values.
//
//bggen:route GET /query
func Query(text string, count uint16, ratio float64, limit *int, wait *time.Duration, flag *bool, id []int32, tag []string) any {
	return map[string]any{
		"text": text, "count": count, "ratio": ratio,
		"limit": limit, "wait": wait, "flag": flag,
		"id": id, "tag": tag,
	}
}

// Two serves two routes with the same wildcards.
//
//bggen:route GET /two/{a}/{b}
//bggen:route PUT example.com/two/{b}/{a}
func Two(a, b string) string { return a + "," + b }

// End serves only the root.
//
//bggen:route GET /{$}
func End() string { return "root" }
