package scan

import (
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// An option is an argument that may follow the first ones of a directive:
// key=value, or a word.
type option struct {
	key  string
	form form
	want string                                  // what the value is, for one that is not
	hint func(value string) string               // what to write instead, nil: want says it
	set  func(t *target, value string) (ok bool) // false: it is something else
}

// A form is how an option is written.
type form uint8

const (
	keyValue  form = iota // key=value
	word                  // key
	maybeWith             // key, or key=value
)

// fits reports whether the form is what was written.
func (f form) fits(value string, hasValue bool) bool {
	switch f {
	case word:
		return !hasValue
	case maybeWith:
		return (value != "") == hasValue
	}
	return hasValue
}

// options reads the arguments of d from an index on.
func (s *scanner) options(t *target, d directive, from int) {
	given := map[string]bool{}
	for _, arg := range d.args[from:] {
		key, value, hasValue := strings.Cut(arg.text, "=")
		i := slices.IndexFunc(d.kind.more, func(o option) bool { return o.key == key })
		switch {
		case i < 0 || !d.kind.more[i].form.fits(value, hasValue):
			s.badArgument(d, arg)
		case given[key]:
			s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s is given twice", keyOf(arg)).WithHint("keep one of them"))
		default:
			given[key] = true
			s.option(t, d, arg, d.kind.more[i], value)
		}
	}
}

func (s *scanner) option(t *target, d directive, arg argument, o option, value string) {
	t.at = arg.Range
	switch {
	case o.set(t, value):
	case o.want != "":
		hint := keyOf(arg) + " takes " + o.want
		if o.hint != nil {
			hint = o.hint(value)
		}
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s%s is not %s", keyOf(arg), value, o.want).WithHint("%s", hint))
	default:
		s.badArgument(d, arg)
	}
}

// keyOf is how messages call an argument: status= or hold.
func keyOf(arg argument) string {
	key, _, hasValue := strings.Cut(arg.text, "=")
	if hasValue {
		key += "="
	}
	return key
}

func (s *scanner) badArgument(d directive, arg argument) {
	s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s takes no argument %q", d, arg.text).
		WithHint("it is written %s", d.kind.usage))
}
