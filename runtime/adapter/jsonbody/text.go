package jsonbody

import (
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// appendUnquoted appends the text of a JSON string, with its quotes, to dst. It
// reports false if the string is none, which only a string in a string can be.
func appendUnquoted(dst, s []byte) ([]byte, bool) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return dst, false
	}
	s = s[1 : len(s)-1]
	for len(s) > 0 {
		switch c := s[0]; {
		case c == '\\':
			var ok bool
			if dst, s, ok = appendEscaped(dst, s); !ok {
				return dst, false
			}
		case c == '"' || c < ' ':
			return dst, false
		case c < utf8.RuneSelf:
			dst, s = append(dst, c), s[1:]
		default:
			r, size := utf8.DecodeRune(s)
			dst, s = utf8.AppendRune(dst, r), s[size:]
		}
	}
	return dst, true
}

// appendEscaped appends the character that s begins with, which is escaped.
func appendEscaped(dst, s []byte) (_, rest []byte, ok bool) {
	const from, to = `"\/'bfnrt`, "\"\\/'\b\f\n\r\t"
	if len(s) < 2 {
		return dst, s, false
	}
	if s[1] != 'u' {
		for i := range len(from) {
			if s[1] == from[i] {
				return append(dst, to[i]), s[2:], true
			}
		}
		return dst, s, false
	}
	r := hexRune(s)
	if r < 0 {
		return dst, s, false
	}
	s = s[6:]
	if utf16.IsSurrogate(r) {
		if pair := utf16.DecodeRune(r, hexRune(s)); pair != unicode.ReplacementChar {
			return utf8.AppendRune(dst, pair), s[6:], true
		}
		r = unicode.ReplacementChar
	}
	return utf8.AppendRune(dst, r), s, true
}

// hexRune is the character of \uXXXX at the beginning of s, -1 if there is none.
func hexRune(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 32)
	if err != nil {
		return -1
	}
	return rune(n)
}

// appendFolded appends a name such that names which differ in case only become
// the same, as encoding/json compares them.
func appendFolded(dst, name []byte) []byte {
	for i := 0; i < len(name); {
		if c := name[i]; c < utf8.RuneSelf {
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(name[i:])
		dst = utf8.AppendRune(dst, foldRune(r))
		i += size
	}
	return dst
}

// foldRune is the least of the runes that differ from r in case only.
func foldRune(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next
		}
		r = next
	}
}
