package openapi

import (
	"go/doc"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bggen/bggen/generator/internal/schema"
)

// summarize splits a doc comment into a summary and the rest. The summary is the
// first sentence without the name of what it describes.
func summarize(name, comment string) (summary, rest string, deprecated bool) {
	comment = strings.TrimSpace(comment)
	for paragraph := range strings.SplitSeq(comment, "\n\n") {
		deprecated = deprecated || strings.HasPrefix(paragraph, "Deprecated: ")
	}
	first := new(doc.Package).Synopsis(comment)
	if first == "" || strings.HasPrefix(first, "Deprecated: ") {
		return words(name), comment, deprecated
	}
	// The synopsis has its white space collapsed: what it takes of the comment is
	// counted without.
	rest = strings.TrimSpace(comment[end(comment, first):])
	first = strings.TrimSuffix(strings.TrimPrefix(first, name+" "), ".")
	return schema.Upper(first), rest, deprecated
}

// end is where in text the words of a part of it end.
func end(text, part string) int {
	left := len(strings.Join(strings.Fields(part), ""))
	for i, c := range text {
		if left <= 0 {
			return i
		}
		if !unicode.IsSpace(c) {
			left -= utf8.RuneLen(c)
		}
	}
	return len(text)
}

// words writes a name as words: ListItems is "List items".
func words(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, c := range runes {
		switch {
		case c == '.' || c == '_':
			b.WriteByte(' ')
		case i > 0 && unicode.IsUpper(c) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			if runes[i-1] != '.' && runes[i-1] != '_' {
				b.WriteByte(' ')
			}
			b.WriteRune(unicode.ToLower(c))
		default:
			b.WriteRune(c)
		}
	}
	return schema.Upper(b.String())
}

// lower begins a name in lower case: ListItems is listItems, and URLOf is urlOf.
func lower(s string) string {
	runes := []rune(s)
	for i := range runes {
		if !unicode.IsUpper(runes[i]) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}
