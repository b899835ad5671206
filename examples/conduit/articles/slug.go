package articles

import (
	"crypto/rand"
	"strings"
	"unicode"
)

// newSlug makes "how-to-train-3kq7vd" of "How to train". What comes last is random,
// so that several articles may have the same title.
func newSlug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(append(words, strings.ToLower(rand.Text()[:8])), "-")
}
