package jsonbody

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/bggen/bggen/runtime"
)

// Options are what Find looks for.
type Options struct {
	Strict bool     // members that are no fields are errors,
	Known  []string // except these, of the body itself
	Max    int      // how many errors are reported; 0: 100
	Absent *Absent  // if not nil, it learns which fields that have a default are absent
}

// Find finds what is wrong with data. err is what encoding/json has said of it, nil
// if it was decoded: then data may be right, and nothing is found. The name of an
// error is its place, such as lines[0].when; "" is the whole body. Its code is
// missing, type, unknown, syntax, or the name of a limit. more says that there is
// more than is reported.
func Find(data []byte, err error, s *Shape, o Options) (list []runtime.FieldError, more bool) {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return []runtime.FieldError{mistake("", "syntax", fmt.Sprintf("is not valid JSON at byte %d", syntax.Offset))}, false
	}
	d, ok := newDocument(data)
	if !ok {
		return []runtime.FieldError{mistake("", "syntax", "is not valid JSON")}, false
	}
	f := &finder{document: d, Options: o, path: make([]step, 0, 8), members: make([]member, 0, 32)}
	if f.Max == 0 {
		f.Max = 100
	}
	if !f.value(s, f.one(cursor{pos: d.skipSpace(0)}), true) && s.kind != nullable {
		f.fail("missing", "is required")
	}
	if err != nil && len(f.errors) == 0 { // a type that reads itself has said something else here
		f.fail("type", "is not valid")
	}
	return f.errors, f.full
}

// mistake is something that is wrong with a body. message is what was wanted, never
// what was sent.
func mistake(place, code, message string) runtime.FieldError {
	return runtime.FieldError{In: "body", Name: place, Code: code, Message: message}
}

// A finder goes through a document once.
type finder struct {
	document
	Options
	path    []step
	members []member // of the objects that are open
	scratch []byte
	errors  []runtime.FieldError
	failed  int  // how many errors there were, repeated ones among them
	full    bool // there are more errors: what follows does not matter
}

// A member is a value, and which field it is. Several in a row are read one after
// the other into the same variable, as encoding/json does with a member that is
// repeated.
type member struct {
	cursor
	field int32
}

// one is a single value. What is done with it has to be undone with done.
func (f *finder) one(c cursor) []member {
	f.members = append(f.members, member{cursor: c})
	return f.members[len(f.members)-1:]
}

// done forgets members from n on.
func (f *finder) done(n int) { f.members = f.members[:n] }

// fail notes an error of what is looked at.
func (f *finder) fail(code, message string) {
	if f.full {
		return
	}
	e := mistake(place(f.path), code, message)
	switch f.failed++; {
	case len(f.errors) == f.Max || f.failed > 2*f.Max:
		f.full = !slices.Contains(f.errors, e) || f.failed > 2*f.Max
	case !slices.Contains(f.errors, e): // else it is of a member that is repeated
		f.errors = append(f.errors, e)
	}
}

func (f *finder) enter(s step) { f.path = append(f.path, s) }
func (f *finder) leave()       { f.path = f.path[:len(f.path)-1] }

// value looks at the values that are read into one variable, and reports whether
// it is there in the end. Types matter in all of them, and limits in what is left,
// if live.
func (f *finder) value(s *Shape, values []member, live bool) (present bool) {
	whole, quote, resets := s, false, false
	for ; s.kind >= nullable; s = s.elem {
		quote = quote || s.kind == quoted
		resets = resets || s.kind == nullable
	}
	resets = resets || s.kind == list || s.kind == dictionary || s.kind == binary || s.kind == anything
	before := len(f.members)
	values = f.withoutNulls(whole, s, values, quote, resets)
	if len(values) > 0 {
		switch s.kind {
		case object:
			f.object(s, values, live)
		case list:
			f.list(s, values, live)
		case array:
			f.array(s, values, live)
		case dictionary:
			f.dictionary(s, values, live)
		case anything:
			for _, m := range values {
				f.anything(s, m.cursor)
			}
		default:
			f.scalar(s, values, quote, live)
		}
	}
	f.done(before)
	return len(values) > 0
}

// withoutNulls is the values that are left after nulls. Where null resets the
// variable, what was before it is looked at for its type alone. s is whole without
// what makes it nullable or quoted.
func (f *finder) withoutNulls(whole, s *Shape, values []member, quote, resets bool) []member {
	null := func(m member) bool { return f.isNull(m.cursor, quote) }
	if !slices.ContainsFunc(values, null) {
		return values
	}
	before, from := len(f.members), 0
	for i, m := range values {
		switch {
		case !null(m):
			f.members = append(f.members, m)
		case resets:
			for ; from < i; from++ {
				f.value(whole, values[from:from+1], false)
			}
			f.done(before)
		case s.kind == selfJSON:
			f.scalar(s, values[i:i+1], quote, false)
		}
	}
	return f.members[before:]
}

func (f *finder) isNull(c cursor, quote bool) bool {
	switch f.at(c.pos) {
	case 'n':
		return true
	case '"':
		if quote {
			inner, _ := appendUnquoted(f.scratch[:0], f.text(c))
			return string(inner) == "null"
		}
	}
	return false
}

// keep is the values that begin with that byte. Others are of another type.
func (f *finder) keep(s *Shape, values []member, begin byte) []member {
	wrong := func(m member) bool { return f.at(m.pos) != begin }
	if !slices.ContainsFunc(values, wrong) {
		return values
	}
	f.fail("type", s.want)
	before := len(f.members)
	f.members = append(f.members, values...)
	return slices.DeleteFunc(f.members[before:], wrong)
}

// limits checks the limits of what was read.
func (f *finder) limits(s *Shape, v value) {
	v.kind = s.kind
	for _, limit := range s.limits {
		if !limit.holds(v) {
			f.fail(limit.code, limit.message(s.kind))
		}
	}
}

// anything looks for numbers that are too large for a float64.
func (f *finder) anything(s *Shape, c cursor) {
	switch f.at(c.pos) {
	case '[':
		i := 0
		for c = f.inside(c); f.more(c) && !f.full; c = f.next(c) {
			f.enter(step{Index: i})
			f.anything(s, c)
			f.leave()
			i++
		}
	case '{':
		for c = f.inside(c); f.more(c) && !f.full; {
			key, v := f.member(c)
			f.enter(step{Key: key})
			f.anything(s, v)
			f.leave()
			c = f.next(v)
		}
	case '"', 't', 'f', 'n':
	default:
		if _, err := strconv.ParseFloat(string(f.text(c)), 64); err != nil {
			f.fail("type", s.want)
		}
	}
}
