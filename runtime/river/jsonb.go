package river

import (
	"bytes"
	"unicode/utf8"
)

// What a jsonb column takes, in any of the databases, with room to spare.
const (
	mostDepth    = 500
	mostNumber   = 1000 // bytes
	mostExponent = 3    // digits
)

// isPlain reports whether a JSON text is an object that the jsonb columns of
// PostgreSQL and SQLite take as it is. PostgreSQL refuses U+0000, halves of
// surrogate pairs and numbers of more than 131,072 digits; both refuse what is
// nested deeply; and River's driver for SQLite takes nothing but objects.
func isPlain(text []byte) bool {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) || !utf8.Valid(text) {
		return false
	}
	depth, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inString = !inString
		case c == '\\':
			if i++; isRefusedEscape(text[i:]) {
				return false
			}
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > mostDepth {
				return false
			}
		case c == '}' || c == ']':
			depth--
		case c == '-' || '0' <= c && c <= '9':
			number := numberAt(text[i:])
			if !isSmallNumber(number) {
				return false
			}
			i += len(number) - 1
		}
	}
	return true
}

// isRefusedEscape reports whether text, which follows a backslash, is an escape
// of U+0000 or of a half of a surrogate pair.
func isRefusedEscape(text []byte) bool {
	if len(text) < 5 || text[0] != 'u' {
		return false
	}
	digits := bytes.ToLower(text[1:5])
	return string(digits) == "0000" || digits[0] == 'd' && digits[1] >= '8'
}

// numberAt returns the number that text begins with.
func numberAt(text []byte) []byte {
	end := bytes.IndexFunc(text, func(r rune) bool { return !bytes.ContainsRune([]byte("+-.eE0123456789"), r) })
	if end < 0 {
		return text
	}
	return text[:end]
}

func isSmallNumber(number []byte) bool {
	exponent := bytes.IndexAny(number, "eE")
	return len(number) <= mostNumber && (exponent < 0 || len(bytes.TrimLeft(number[exponent+1:], "+-")) <= mostExponent)
}
