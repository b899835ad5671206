package adapter

// A Source is where in a request values are, under one name. [Required],
// [Optional], [Default] and [Repeated] read them.
type Source struct {
	x    *Exchange
	in   string
	name string
}

// Path is the path wildcard name.
func (x *Exchange) Path(name string) Source { return Source{x, inPath, name} }

// Query is the query parameter name. Of several, the last one counts.
func (x *Exchange) Query(name string) Source { return Source{x, inQuery, name} }

// Header is the header name.
func (x *Exchange) Header(name string) Source { return Source{x, inHeader, name} }

// Cookie is the cookie name.
func (x *Exchange) Cookie(name string) Source { return Source{x, inCookie, name} }

// Form is the form field name. Of several, the last one counts.
func (x *Exchange) Form(name string) Source { return Source{x, inForm, name} }

// The places of a request, by the names that errors have for them.
const (
	inPath   = "path"
	inQuery  = "query"
	inHeader = "header"
	inCookie = "cookie"
	inForm   = "form"
)

// Required returns the value at s, and notes an error where there is none.
func Required[T any](s Source) (v T) {
	text, there := s.text()
	switch {
	case there:
		return read[T](s, s.name, text)
	case s.in == inForm && s.x.bodyState == bodyRefused: // it is in the list already
	default:
		s.x.reject(s.in, s.name, "missing", "is required")
	}
	return v
}

// Default returns the value at s; otherwise where it is absent or empty.
func Default[T any](s Source, otherwise T) T {
	text, _ := s.text()
	if text == "" {
		return otherwise
	}
	return read[T](s, s.name, text)
}

// Optional returns the value at s; nil where it is absent or empty.
func Optional[T any](s Source) *T {
	text, _ := s.text()
	if text == "" {
		return nil
	}
	v := read[T](s, s.name, text)
	return &v
}

// Repeated returns all values at s, in order; nil if there is none.
func Repeated[T any](s Source) (all []T) {
	for text := range s.texts {
		all = append(all, read[T](s, item(s.name, len(all)), text))
	}
	return all
}

// read reads a T from text, and notes an error under name if it cannot.
func read[T any](s Source, name, text string) T {
	v, problem := parse[T](text)
	if problem != "" {
		s.x.reject(s.in, name, "type", problem)
	}
	return v
}

// text returns the value that counts, and reports whether there is one.
func (s Source) text() (string, bool) {
	r := s.x.r
	switch s.in {
	case inPath:
		return r.PathValue(s.name), true
	case inQuery:
		return lastQuery(r.URL.RawQuery, s.name)
	case inHeader:
		text := r.Header.Get(s.name)
		return text, text != ""
	case inCookie:
		c, err := r.Cookie(s.name)
		if err != nil {
			return "", false
		}
		return c.Value, true
	}
	values := s.x.formValues(s.name)
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

// texts yields all values.
func (s Source) texts(yield func(string) bool) {
	switch s.in {
	case inQuery:
		queryValues(s.x.r.URL.RawQuery, s.name)(yield)
	case inHeader:
		for _, text := range s.x.r.Header.Values(s.name) {
			if !yield(text) {
				return
			}
		}
	case inForm:
		for _, text := range s.x.formValues(s.name) {
			if !yield(text) {
				return
			}
		}
	}
}
