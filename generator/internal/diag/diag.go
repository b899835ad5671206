// Package diag holds what the generator has to say about a user's code: data,
// printed by somebody else.
package diag

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A Range is a piece of a source file. End is not valid when only a position is
// known.
type Range struct {
	Start, End token.Position
}

// RangeOf is the range from pos to end.
func RangeOf(fset *token.FileSet, pos, end token.Pos) Range {
	return Range{fset.Position(pos), fset.Position(end)}
}

// A Diagnostic is one thing that is wrong, at the place that is to blame.
type Diagnostic struct {
	Range
	Entry   *Entry // what kind of mistake it is
	Message string
	Related []Related
	Hint    string // a way out; "" if the message is one
	Stack   string // of a mistake of bggen itself
}

// Related is another place that has to do with a diagnostic: who needs
// something, or what it conflicts with.
type Related struct {
	Message  string
	Position token.Position
}

// New is a diagnostic of the given kind.
func New(entry *Entry, where Range, format string, args ...any) *Diagnostic {
	return &Diagnostic{Range: where, Entry: entry, Message: Printable(fmt.Sprintf(format, args...))}
}

// Printable is text with its control characters escaped, so that it stays one
// line wherever it is written.
func Printable(text string) string {
	if !strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if quoted := strconv.QuoteRune(r); unicode.IsControl(r) {
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// WithHint adds a way out.
func (d *Diagnostic) WithHint(format string, args ...any) *Diagnostic {
	d.Hint = Printable(fmt.Sprintf(format, args...))
	return d
}

// WithRelated adds another place.
func (d *Diagnostic) WithRelated(position token.Position, format string, args ...any) *Diagnostic {
	d.Related = append(d.Related, Related{Printable(fmt.Sprintf(format, args...)), position})
	return d
}

// Sort sorts by position, and drops what is said twice: several handlers may
// come upon one mistake in what they share.
func Sort(list []*Diagnostic) []*Diagnostic {
	slices.SortStableFunc(list, func(a, b *Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Start.Filename, b.Start.Filename),
			cmp.Compare(a.Start.Line, b.Start.Line),
			cmp.Compare(a.Start.Column, b.Start.Column),
			cmp.Compare(a.Entry.Code, b.Entry.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(list, func(a, b *Diagnostic) bool {
		return a.Start == b.Start && a.Entry == b.Entry && a.Message == b.Message
	})
}

// HasErrors reports whether the list holds anything but warnings.
func HasErrors(list []*Diagnostic) bool {
	return slices.ContainsFunc(list, func(d *Diagnostic) bool { return !d.Entry.Warning })
}
