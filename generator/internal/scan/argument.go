package scan

import (
	"fmt"
	"go/token"
	"strconv"
	"strings"
	"unicode"

	"github.com/bggen/bggen/generator/internal/diag"
)

// An argument is a word of a directive, or key=value.
type argument struct {
	diag.Range
	text string
}

// arguments reads what follows the name of a directive: words with spaces
// between them. A Go string can stand for a word, as in "pattern=^[a-z ]+$", or
// for a value, as in default="".
func (s *scanner) arguments(d *directive, text string, pos token.Pos) {
	for {
		trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
		pos += token.Pos(len(text) - len(trimmed))
		if text = trimmed; text == "" {
			return
		}
		arg, length, err := nextArgument(text)
		if err != nil {
			d.bad = true
			s.report(diag.New(diag.DirectiveArgument, s.rangeOf(pos, pos+token.Pos(len(text))), "the arguments of %s cannot be read: %v", d, err).
				WithHint("a value with a space, a quotation mark or a backslash in it is a Go string: default=\"a b\", pattern=`\\d+ \\w+`"))
			return
		}
		where := s.rangeOf(pos, pos+token.Pos(length))
		if strings.ContainsFunc(arg, unicode.IsControl) {
			d.bad = true
			s.report(diag.New(diag.DirectiveArgument, where, "an argument of %s has a control character in it", d).
				WithHint("an argument is one line of text"))
		}
		d.args = append(d.args, argument{where, arg})
		text, pos = text[length:], pos+token.Pos(length)
	}
}

// nextArgument returns the argument at the beginning of text, and how long it is
// as it is written.
func nextArgument(text string) (arg string, length int, err error) {
	length = strings.IndexFunc(text, unicode.IsSpace)
	if length < 0 {
		length = len(text)
	}
	key, value, hasValue := strings.Cut(text[:length], "=")
	switch {
	case isQuote(key):
		key, value = "", text
	case hasValue && isQuote(value):
		key, value = key+"=", text[len(key)+1:]
	default:
		return text[:length], length, nil
	}
	quoted, err := strconv.QuotedPrefix(value)
	if err != nil {
		return "", 0, fmt.Errorf("%s is not a whole Go string", value)
	}
	if rest := value[len(quoted):]; rest != "" && !unicode.IsSpace([]rune(rest)[0]) {
		return "", 0, fmt.Errorf("there is no space after %s", quoted)
	}
	plain, err := strconv.Unquote(quoted)
	return key + plain, len(key) + len(quoted), err
}

func isQuote(text string) bool { return strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "`") }
