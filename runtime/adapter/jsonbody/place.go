package jsonbody

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/bggen/bggen/runtime/internal/fielderror"
)

// A step leads from a value to one in it.
type step struct {
	Field string // of an object; or else
	Key   []byte // of a map, as JSON has it; or else
	Index int    // of a list
}

// maxPlace is how much of a place is written down: it can be as deep as the body.
const maxPlace = 250

// place is a path as an error has it: lines[0].product, prices["a b"].
func place(path []step) string {
	var b strings.Builder
	for _, s := range path {
		switch {
		case s.Key != nil:
			key, _ := appendUnquoted(nil, s.Key)
			writeName(&b, fielderror.Name(string(key)))
		case s.Field != "":
			writeName(&b, s.Field)
		default:
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(s.Index))
			b.WriteByte(']')
		}
		if b.Len() > maxPlace {
			b.WriteString("…")
			break
		}
	}
	return b.String()
}

func writeName(b *strings.Builder, name string) {
	if isWord(name) {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(name)
		return
	}
	b.WriteByte('[')
	b.WriteString(strconv.Quote(name))
	b.WriteByte(']')
}

// isWord reports whether a name can stand behind a dot.
func isWord(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && r != '-' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
