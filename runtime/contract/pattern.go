package contract

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// matching draws a text that a pattern matches, between least and most characters
// long if one is found.
func (d *drawer) matching(pattern string, least, most int) string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return d.text(least, most) // of another dialect: the validator tells if it fits
	}
	matches, err := regexp.Compile(pattern)
	if err != nil {
		return d.text(least, most)
	}
	text := ""
	for range 50 {
		var b strings.Builder
		d.expression(&b, parsed.Simplify(), max(least, 1))
		text = b.String()
		if n := utf8.RuneCountInString(text); n >= least && n <= most && matches.MatchString(text) {
			break
		}
	}
	return text
}

// expression draws what a part of a pattern matches. What may be repeated without
// end is repeated up to least+3 times.
func (d *drawer) expression(b *strings.Builder, re *syntax.Regexp, least int) {
	repeat := func(from, to int) {
		for range from + d.IntN(to-from+1) {
			d.expression(b, re.Sub[0], least)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(d.oneOf(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte("abcxyz019"[d.IntN(9)])
	case syntax.OpCapture:
		d.expression(b, re.Sub[0], least)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			d.expression(b, sub, least)
		}
	case syntax.OpAlternate:
		d.expression(b, re.Sub[d.IntN(len(re.Sub))], least)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpStar:
		repeat(0, least+3)
	case syntax.OpPlus:
		repeat(1, least+3)
	case syntax.OpRepeat: // Simplify leaves none, but may in future
		repeat(re.Min, max(re.Min, re.Max))
	}
}

// oneOf draws a character of a class, one of ASCII if there are any.
func (d *drawer) oneOf(ranges []rune) rune {
	var printable []rune
	for i := 0; i < len(ranges); i += 2 {
		for c := max(ranges[i], ' '); c <= min(ranges[i+1], '~'); c++ {
			printable = append(printable, c)
		}
	}
	if len(printable) > 0 {
		return printable[d.IntN(len(printable))]
	}
	return ranges[0]
}
