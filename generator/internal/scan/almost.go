package scan

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// almost matches comments that were meant as directives: with spaces around the
// colon, between other comment marks, or with something else than a colon.
var almost = regexp.MustCompile(`^(?://+|/?\*+)?(\s*)(?i:bggen)(\s*[:\-. ]\s*)([a-zA-Z]*)`)

// almostDirective complains of a comment that was meant as a directive: a
// handler must not vanish over a space.
func (s *scanner) almostDirective(c *ast.Comment) {
	offset := 0
	for line := range strings.Lines(c.Text) {
		if word, ok := isAlmost(line, strings.HasPrefix(c.Text, "/*")); ok {
			start := c.Pos() + token.Pos(offset)
			d := diag.New(diag.BadDirective, s.rangeOf(start, start+token.Pos(len(strings.TrimRight(line, "\r\n")))), "this comment is not read as a directive")
			if kindOf(word) != nil {
				d.WithHint("write //%s:%s, without a space, at the start of its line", tool, word)
			} else {
				d.WithHint("directives are written //%s: and their name, without a space", tool)
			}
			s.report(d)
		}
		offset += len(line)
	}
}

// isAlmost reports whether a line was meant as the directive word. Prose is
// what has a space around, and no directive's name where one would stand.
func isAlmost(line string, block bool) (word string, ok bool) {
	if block {
		line = strings.TrimLeft(line, " \t")
	}
	m := almost.FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	space, separator, word := m[1], m[2], strings.ToLower(m[3])
	known := kindOf(word) != nil
	switch {
	case separator == ":" && space == "":
		return word, true
	case separator == ":":
		return word, word != ""
	case strings.TrimSpace(separator) == ":" && space == "":
		return word, true
	case strings.TrimSpace(separator) == ":":
		return word, known && separator[0] != ' ' && !strings.HasSuffix(separator, " ")
	}
	return word, known && space == ""
}
