package runtime

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
)

// maxErrors is how many errors of a request are reported: a client could send a
// list of any length, and is told of a part of it.
const maxErrors = 100

// reject notes that a value of the request cannot be bound.
func (x *Exchange) reject(in, name, code, message string) {
	if len(x.bindErrors) >= maxErrors {
		return
	}
	e := FieldError{in, name, code, message}
	if !slices.Contains(x.bindErrors, e) { // a value may be asked for twice
		x.bindErrors = append(x.bindErrors, e)
	}
}

// Reject notes that a value is not within a limit. Of a value that could not be
// read it notes nothing: that is in the list already.
func (x *Exchange) Reject(in, name, code, message string) {
	if in == "form" && x.bodyState == bodyRefused {
		return
	}
	for _, e := range x.bindErrors {
		if e.In == in && e.Name == name && (e.Code == "missing" || e.Code == "type") {
			return
		}
	}
	x.reject(in, name, code, message)
}

// Validate asks a value that has been bound whether it is valid. What it says
// joins the other errors. Where name is "", v is the body, or a struct of
// parameters of which the first is in that place.
func (x *Exchange) Validate(in, name string, v interface{ Validate() error }) {
	for _, e := range x.bindErrors {
		if e.In == in && (e.Name == name || name == "") {
			return // it is not what the client sent
		}
	}
	err := v.Validate()
	if err == nil {
		return
	}
	list, ok := errors.AsType[FieldErrors](err)
	if !ok {
		list = FieldErrors{{Name: name, Message: err.Error()}}
	}
	for _, e := range list {
		x.reject(cmp.Or(e.In, in), e.Name, cmp.Or(e.Code, "invalid"), e.Message)
	}
}

// ValidateAll does so for each value of a list.
func ValidateAll[T any](x *Exchange, in, name string, list []T, validate func(*T) error) {
	for i := range list {
		x.Validate(in, name+"["+strconv.Itoa(i)+"]", validator(func() error { return validate(&list[i]) }))
	}
}

type validator func() error

func (f validator) Validate() error { return f() }

// Convert is for lists of a type that is defined as a scalar.
func Convert[S, T any](list []S, convert func(S) T) []T {
	if list == nil {
		return nil
	}
	converted := make([]T, len(list))
	for i, v := range list {
		converted[i] = convert(v)
	}
	return converted
}

// Bound is the *BindError of all values that could not be bound so far, or nil.
func (x *Exchange) Bound() error {
	if x.bindErrors == nil {
		return nil
	}
	// What only one provider needs was bound apart from the rest.
	slices.SortStableFunc(x.bindErrors, func(a, b FieldError) int {
		return cmp.Compare(slices.Index(places, a.In), slices.Index(places, b.In))
	})
	return &BindError{Status: cmp.Or(x.bindStatus, http.StatusUnprocessableEntity), Errors: x.bindErrors}
}

// places are those of a request, in the order in which errors are reported.
var places = []string{"path", "query", "header", "cookie", "form", "body"}

// Path is the value of the path wildcard name.
func Path[T Scalar](x *Exchange, name string) T {
	return required[T](x, "path", name, x.r.PathValue(name), true)
}

// PathText is Path for a type that parses itself.
func PathText[T any, P textUnmarshaler[T]](x *Exchange, name string) T {
	return requiredText[T, P](x, "path", name, x.r.PathValue(name), true)
}

// Query is the last value of the query parameter name, which is required.
func Query[T Scalar](x *Exchange, name string) T {
	text, ok := lastQuery(x.r.URL.RawQuery, name)
	return required[T](x, "query", name, text, ok)
}

// QueryOr is the last value of the query parameter name; otherwise when it is
// absent or empty.
func QueryOr[T Scalar](x *Exchange, name string, otherwise T) T {
	text, _ := lastQuery(x.r.URL.RawQuery, name)
	return optional(x, "query", name, text, otherwise)
}

// QueryOpt is the last value of the query parameter name; nil when it is absent
// or empty.
func QueryOpt[T Scalar](x *Exchange, name string) *T {
	text, _ := lastQuery(x.r.URL.RawQuery, name)
	return pointer[T](x, "query", name, text)
}

// QueryText is Query for a type that parses itself.
func QueryText[T any, P textUnmarshaler[T]](x *Exchange, name string) T {
	text, ok := lastQuery(x.r.URL.RawQuery, name)
	return requiredText[T, P](x, "query", name, text, ok)
}

// QueryTextOpt is QueryOpt for a type that parses itself.
func QueryTextOpt[T any, P textUnmarshaler[T]](x *Exchange, name string) *T {
	text, _ := lastQuery(x.r.URL.RawQuery, name)
	return pointerText[T, P](x, "query", name, text)
}

// QueryTextAll is QueryAll for a type that parses itself.
func QueryTextAll[T any, P textUnmarshaler[T]](x *Exchange, name string) (all []T) {
	for text := range queryValues(x.r.URL.RawQuery, name) {
		all = append(all, itemText[T, P](x, "query", name, len(all), text))
	}
	return all
}

// QueryAll is all values of the query parameter name, in order; nil if there is
// none.
func QueryAll[T Scalar](x *Exchange, name string) (all []T) {
	for text := range queryValues(x.r.URL.RawQuery, name) {
		all = append(all, item[T](x, "query", name, len(all), text))
	}
	return all
}

// Header is the header name, which is required.
func Header[T Scalar](x *Exchange, name string) T {
	text := x.r.Header.Get(name)
	return required[T](x, "header", name, text, text != "")
}

// HeaderOr is the header name; otherwise when it is absent or empty.
func HeaderOr[T Scalar](x *Exchange, name string, otherwise T) T {
	return optional(x, "header", name, x.r.Header.Get(name), otherwise)
}

// HeaderOpt is the header name; nil when it is absent or empty.
func HeaderOpt[T Scalar](x *Exchange, name string) *T {
	return pointer[T](x, "header", name, x.r.Header.Get(name))
}

// HeaderText is Header for a type that parses itself.
func HeaderText[T any, P textUnmarshaler[T]](x *Exchange, name string) T {
	text := x.r.Header.Get(name)
	return requiredText[T, P](x, "header", name, text, text != "")
}

// HeaderTextOpt is HeaderOpt for a type that parses itself.
func HeaderTextOpt[T any, P textUnmarshaler[T]](x *Exchange, name string) *T {
	return pointerText[T, P](x, "header", name, x.r.Header.Get(name))
}

// HeaderTextAll is HeaderAll for a type that parses itself.
func HeaderTextAll[T any, P textUnmarshaler[T]](x *Exchange, name string) (all []T) {
	for i, text := range x.r.Header.Values(name) {
		all = append(all, itemText[T, P](x, "header", name, i, text))
	}
	return all
}

// HeaderAll is all headers of that name, in order; nil if there is none.
func HeaderAll[T Scalar](x *Exchange, name string) (all []T) {
	for i, text := range x.r.Header.Values(name) {
		all = append(all, item[T](x, "header", name, i, text))
	}
	return all
}

// Cookie is the cookie name, which is required.
func Cookie[T Scalar](x *Exchange, name string) T {
	text, ok := x.cookie(name)
	return required[T](x, "cookie", name, text, ok)
}

// CookieOr is the cookie name; otherwise when it is absent or empty.
func CookieOr[T Scalar](x *Exchange, name string, otherwise T) T {
	text, _ := x.cookie(name)
	return optional(x, "cookie", name, text, otherwise)
}

// CookieOpt is the cookie name; nil when it is absent or empty.
func CookieOpt[T Scalar](x *Exchange, name string) *T {
	text, _ := x.cookie(name)
	return pointer[T](x, "cookie", name, text)
}

// CookieText is Cookie for a type that parses itself.
func CookieText[T any, P textUnmarshaler[T]](x *Exchange, name string) T {
	text, ok := x.cookie(name)
	return requiredText[T, P](x, "cookie", name, text, ok)
}

// CookieTextOpt is CookieOpt for a type that parses itself.
func CookieTextOpt[T any, P textUnmarshaler[T]](x *Exchange, name string) *T {
	text, _ := x.cookie(name)
	return pointerText[T, P](x, "cookie", name, text)
}

func (x *Exchange) cookie(name string) (string, bool) {
	c, err := x.r.Cookie(name)
	if err != nil {
		return "", false
	}
	return c.Value, true
}
