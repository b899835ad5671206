package scan

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// almostDirective complains of a comment that was meant as a directive: a
// guard must not vanish over a typing mistake.
func (s *scanner) almostDirective(c *ast.Comment) {
	offset := 0
	for line := range strings.Lines(c.Text) {
		if name, odd, ok := meant(line, strings.HasPrefix(c.Text, "/*")); ok {
			start := c.Pos() + token.Pos(offset)
			d := diag.New(diag.BadDirective, s.rangeOf(start, start+token.Pos(len(strings.TrimRight(line, "\r\n")))), "this comment is not read as a directive")
			hint := "directives are written //bggen: and their name, without a space"
			if name != "" {
				hint = "write //bggen:" + name + ", without a space, at the start of its line"
			}
			if odd != 0 {
				hint += "; the comment holds " + nameOf(odd)
			}
			s.report(d.WithHint("%s", hint))
		}
		offset += len(line)
	}
}

// parts takes a folded comment line apart: space, marks of other tools, the
// tool, a separator, a name, and what follows.
var parts = regexp.MustCompile(`^(?://+|/?\*+)?(\s*)([@#!+$%&]*(?:go:)?)([a-z0-9]+)(\s*[:;\-._=/]\s*|\s+|)([a-z]*)(.*)`)

// meant reports whether a line was meant as a directive: name is which, "" if it
// cannot be told, and odd a character that is not what it looks like, 0 if there
// is none. Prose has spaces around it, and no directive's name where one would
// stand.
func meant(line string, block bool) (name string, odd rune, ok bool) {
	if block {
		line = strings.TrimLeft(line, " \t")
	}
	folded, odd := fold(strings.TrimRight(line, "\r\n"))
	m := parts.FindStringSubmatch(folded)
	if m == nil {
		return "", 0, false
	}
	l := comment{space: m[1] != "", marks: m[2] != "", tool: m[3], separator: m[4], name: m[5], rest: m[6]}
	if glued := l.glued(); glued != "" {
		return glued, odd, true
	}
	if l.isDirective() {
		name, _ := l.kind()
		return name, odd, true
	}
	return "", 0, false
}

// A comment is a line of a comment in its parts.
type comment struct {
	space     bool // before the tool
	marks     bool // of other tools, before the tool: @, #, go:
	tool      string
	separator string // with the spaces around it
	name      string
	rest      string
}

// isDirective reports whether a comment looks like one of bggen's directives,
// as far as that can be told from prose and from directives of other tools.
func (c comment) isDirective() bool {
	mistakes := diag.Distance(c.tool, tool)
	if mistakes > 2 {
		return false
	}
	kind, wrong := c.kind()
	known := kind != "" && wrong == 0
	like := kind != "" && (known || mistakes == 0 || wrong == 1)
	colon := strings.TrimSpace(c.separator) == ":"
	spaced := strings.HasSuffix(c.separator, " ")
	switch {
	case colon && mistakes == 0 && !c.space: // "//bggen:" and "//bggen: "
		return true
	case colon && mistakes == 0 && c.separator == ":":
		return c.name != ""
	case colon && mistakes == 0:
		return known && c.separator[0] != ' ' && !spaced
	case colon && c.separator == ":": // of another tool?
		return like || c.name == "" && c.rest == "" && mistakes == 1
	case colon:
		return known && !c.space
	case strings.TrimSpace(c.separator) == "": // "//bggen depends"
		short := len(strings.Fields(c.rest)) <= 2
		return !c.space && mistakes <= 1 && (known && (mistakes == 0 || short) || like && short)
	}
	return !c.space && known && mistakes <= 1 // "//bggen-depends"
}

// kind is the directive that the name was meant to be, and how many mistakes
// are in it; "" if none is near.
func (c comment) kind() (name string, mistakes int) {
	if kindOf(c.name) != nil {
		return c.name, 0
	}
	name = diag.Nearest(c.name, kindNames())
	if name == "" || len(c.name) < 3 {
		return "", 0
	}
	return name, diag.Distance(c.name, name)
}

// glued is the directive of a comment that lacks the colon: //bggendepends.
func (c comment) glued() string {
	if c.space && !c.marks || c.separator != "" && strings.TrimSpace(c.separator) != "" {
		return ""
	}
	i := slices.IndexFunc(kinds, func(k *kind) bool {
		before, ok := strings.CutSuffix(c.tool, k.name)
		return ok && len(before) >= 3 && diag.Distance(before, tool) <= 1
	})
	if i < 0 {
		return ""
	}
	return kinds[i].name
}
