package adapter

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// A Source is a place in a request with values of one name. [Required],
// [Optional], [Default] and [Repeated] read them.
type Source struct {
	x       *Exchange
	in      string
	name    string
	partial bool // a wildcard that the pattern may lack
}

// Path returns the source of the path wildcard called name.
func (x *Exchange) Path(name string) Source { return Source{x: x, in: inPath, name: name} }

// PartialPath returns the source of a path wildcard that the pattern of the request may
// lack.
func (x *Exchange) PartialPath(name string) Source {
	return Source{x: x, in: inPath, name: name, partial: true}
}

// Query returns the source of the query parameter called name. Of several
// values, the last one counts.
func (x *Exchange) Query(name string) Source { return Source{x: x, in: inQuery, name: name} }

// Header returns the source of the header called name.
func (x *Exchange) Header(name string) Source { return Source{x: x, in: inHeader, name: name} }

// Cookie returns the source of the cookie called name.
func (x *Exchange) Cookie(name string) Source { return Source{x: x, in: inCookie, name: name} }

// Form returns the source of the form field called name. Of several values, the
// last one counts.
func (x *Exchange) Form(name string) Source { return Source{x: x, in: inForm, name: name} }

// The places of a request, by the names that errors have for them.
const (
	inPath   = "path"
	inQuery  = "query"
	inHeader = "header"
	inCookie = "cookie"
	inForm   = "form"
)

// Required returns the value at s. If there is none, it notes an error.
func Required[T any](s Source) (v T) {
	text, there := s.text()
	switch {
	case there:
		return read[T](s, text)
	case s.in == inForm && s.x.bodyState == bodyRefused: // it is in the list already
	default:
		s.x.reject(s.in, s.name, "missing", "is required")
	}
	return v
}

// Credential returns the value at s. If it is absent, the request is refused
// with the error that the method Missing of its type returns: see
// [Exchange.Bound].
func Credential[T interface {
	~string
	Missing() error
}](s Source) (v T) {
	text, _ := s.text()
	if text == "" && s.x.refusal == nil {
		s.x.refusal = v.Missing()
	}
	return T(text)
}

// Default returns the value at s, or otherwise if it is absent or empty.
func Default[T any](s Source, otherwise T) T {
	text, _ := s.text()
	if text == "" {
		return otherwise
	}
	return read[T](s, text)
}

// Optional returns the value at s, or nil if it is absent or empty.
func Optional[T any](s Source) *T {
	text, _ := s.text()
	if text == "" {
		return nil
	}
	v := read[T](s, text)
	return &v
}

// Opt returns the value at s, which may be absent. An empty text is null, unless T is a
// string.
func Opt[T any](s Source) runtime.Opt[T] {
	text, there := s.text()
	if !there {
		return runtime.Opt[T]{}
	}
	if text == "" && reflect.TypeFor[T]().Kind() != reflect.String {
		return runtime.Opt[T]{Null: true}
	}
	return runtime.Some(read[T](s, text))
}

// ConvertOpt is for an Opt of a type that is defined as a scalar.
func ConvertOpt[S, T any](o runtime.Opt[S], convert func(S) T) runtime.Opt[T] {
	if !o.Present {
		return runtime.Opt[T]{Null: o.Null}
	}
	return runtime.Some(convert(o.Value))
}

// Repeated returns all values at s in their order, or nil if there is none.
func Repeated[T any](s Source) (all []T) {
	if n := s.count(); n > 0 {
		all = make([]T, 0, n)
	}
	for text := range s.texts {
		v, problem := parse[T](text)
		if problem != "" {
			s.x.reject(s.in, s.name+"["+strconv.Itoa(len(all))+"]", "type", problem)
		}
		all = append(all, v)
	}
	return all
}

// read reads a T from text, and notes an error if it cannot.
func read[T any](s Source, text string) T {
	v, problem := parse[T](text)
	if problem != "" {
		s.x.reject(s.in, s.name, "type", problem)
	}
	return v
}

// text returns the value that counts, and reports whether there is one.
func (s Source) text() (string, bool) {
	r := s.x.r
	switch s.in {
	case inPath:
		if s.partial {
			value := s.x.rawPathValue(s.name)
			return value, value != ""
		}
		return s.x.pathValue(s.name), true
	case inQuery:
		return s.x.queryParameters().last(s.name)
	case inHeader:
		if s.name == "Host" { // net/http takes it out of the headers
			return r.Host, r.Host != ""
		}
		text := r.Header.Get(s.name)
		return text, text != ""
	case inCookie:
		c, err := r.Cookie(s.name)
		if err != nil {
			return "", false
		}
		return c.Value, true
	}
	return s.x.lastFormValue(s.name)
}

// texts yields all values.
func (s Source) texts(yield func(string) bool) {
	switch s.in {
	case inQuery:
		s.x.queryParameters().all(s.name)(yield)
	case inHeader:
		slices.Values(s.x.r.Header.Values(s.name))(yield)
	case inForm:
		s.x.formValues(s.name)(yield)
	}
}

// count is how many values there are.
func (s Source) count() int {
	switch s.in {
	case inQuery:
		return s.x.queryParameters().count(s.name)
	case inHeader:
		return len(s.x.r.Header.Values(s.name))
	case inForm:
		return s.x.countForm(s.name)
	}
	return 0
}

func (x *Exchange) queryParameters() *parameters {
	x.query.parse(x, inQuery, x.r.URL.RawQuery)
	return &x.query
}

// pathValue returns the value of a wildcard. A wildcard for one segment has
// never the empty string: where it has, the router did not set it.
func (x *Exchange) pathValue(name string) string {
	value := x.rawPathValue(name)
	if value == "" && !strings.Contains(x.r.Pattern, "{"+name+"...}") {
		x.unset = name
	}
	return value
}

func (x *Exchange) rawPathValue(name string) string {
	if get := x.adapter.PathValue; get != nil {
		return get(x.r, name)
	}
	return x.r.PathValue(name)
}
