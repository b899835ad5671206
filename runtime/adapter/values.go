package adapter

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/runtime/internal/fielderror"
)

// maxParameters is how many parameters a query or a form may have: as many as
// package net/url takes.
const maxParameters = 10_000

// parameters are those of a query or of an urlencoded form, taken apart once for
// all that ask for values.
type parameters struct {
	parsed bool
	pairs  []pair
}

// A pair is a parameter: its name, and its value as it was sent.
type pair struct{ key, value string }

// parse takes raw apart, the first time that it is called. It has in reject what
// cannot be decoded: an absent value would be taken for something that the client
// did not say.
func (p *parameters) parse(x *Exchange, in, raw string) {
	if p.parsed {
		return
	}
	p.parsed = true
	n := strings.Count(raw, "&")
	if n >= maxParameters {
		x.reject(in, "", "too_many", "has more than "+strconv.Itoa(maxParameters)+" parameters")
		return
	}
	if raw != "" {
		p.pairs = slices.Grow(p.pairs, n+1)
	}
	for raw != "" {
		var text string
		if text, raw, _ = strings.Cut(raw, "&"); text == "" {
			continue
		}
		key, value, _ := strings.Cut(text, "=")
		switch {
		case strings.IndexByte(text, ';') >= 0:
			x.reject(in, nameOf(key), "syntax", "has a semicolon, which is written %3B")
		case !isEscaped(key) || !isEscaped(value):
			x.reject(in, nameOf(key), "syntax", "has a percent sign that is not followed by two hexadecimal digits; a percent sign is written %25")
		default:
			p.pairs = append(p.pairs, pair{unescape(key), value})
		}
	}
}

// nameOf is the name of a parameter for the list of errors, "" if it has none
// that could be told.
func nameOf(key string) string {
	name, err := url.QueryUnescape(key)
	if err != nil || strings.IndexByte(name, ';') >= 0 {
		return ""
	}
	return fielderror.Name(name)
}

// isEscaped reports whether each percent sign of text begins an escape.
func isEscaped(text string) bool {
	for {
		i := strings.IndexByte(text, '%')
		if i < 0 {
			return true
		}
		if len(text) < i+3 || !isHex(text[i+1]) || !isHex(text[i+2]) {
			return false
		}
		text = text[i+3:]
	}
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// last returns the last value of name.
func (p *parameters) last(name string) (string, bool) {
	for i := len(p.pairs) - 1; i >= 0; i-- {
		if p.pairs[i].key == name {
			return unescape(p.pairs[i].value), true
		}
	}
	return "", false
}

// all yields the values of name, in order.
func (p *parameters) all(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, pair := range p.pairs {
			if pair.key == name && !yield(unescape(pair.value)) {
				return
			}
		}
	}
}

// count is how many values name has.
func (p *parameters) count(name string) (n int) {
	for _, pair := range p.pairs {
		if pair.key == name {
			n++
		}
	}
	return n
}

// unescape decodes a text whose escapes are whole.
func unescape(value string) string {
	if strings.IndexByte(value, '%') < 0 && strings.IndexByte(value, '+') < 0 {
		return value
	}
	plain, _ := url.QueryUnescape(value)
	return plain
}
