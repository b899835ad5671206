package runtime

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// reject notes that a value of the request cannot be bound.
func (x *Exchange) reject(in, name, code, message string) {
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
// joins the other errors.
func (x *Exchange) Validate(in, name string, v interface{ Validate() error }) {
	for _, e := range x.bindErrors {
		if e.In == in && (e.Name == name || in == "body") {
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

// QueryAll is all values of the query parameter name, in order; nil if there is
// none.
func QueryAll[T Scalar](x *Exchange, name string) (all []T) {
	for text := range queryValues(x.r.URL.RawQuery, name) {
		v, problem := parseScalar[T](text)
		if problem != "" {
			x.reject("query", name+"["+strconv.Itoa(len(all))+"]", "type", problem)
		}
		all = append(all, v)
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

// HeaderAll is all headers of that name, in order; nil if there is none.
func HeaderAll[T Scalar](x *Exchange, name string) (all []T) {
	for i, text := range x.r.Header.Values(name) {
		v, problem := parseScalar[T](text)
		if problem != "" {
			x.reject("header", name+"["+strconv.Itoa(i)+"]", "type", problem)
		}
		all = append(all, v)
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

func (x *Exchange) cookie(name string) (string, bool) {
	c, err := x.r.Cookie(name)
	if err != nil {
		return "", false
	}
	return c.Value, true
}

func required[T Scalar](x *Exchange, in, name, text string, ok bool) (v T) {
	if !ok {
		x.reject(in, name, "missing", "is required")
		return v
	}
	v, problem := parseScalar[T](text)
	if problem != "" {
		x.reject(in, name, "type", problem)
	}
	return v
}

func requiredText[T any, P textUnmarshaler[T]](x *Exchange, in, name, text string, ok bool) (v T) {
	if !ok {
		x.reject(in, name, "missing", "is required")
	} else if err := P(&v).UnmarshalText([]byte(text)); err != nil {
		x.reject(in, name, "type", "is not valid")
	}
	return v
}

func optional[T Scalar](x *Exchange, in, name, text string, otherwise T) T {
	if text == "" {
		return otherwise
	}
	return required[T](x, in, name, text, true)
}

func pointer[T Scalar](x *Exchange, in, name, text string) *T {
	if text == "" {
		return nil
	}
	v := required[T](x, in, name, text, true)
	return &v
}

func lastQuery(raw, name string) (last string, ok bool) {
	for value := range queryValues(raw, name) {
		last, ok = value, true
	}
	return last, ok
}

// queryValues yields the values that url.ParseQuery finds for name, without
// making a map of them all. Like it, it skips what is malformed.
func queryValues(raw, name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for raw != "" {
			var pair string
			pair, raw, _ = strings.Cut(raw, "&")
			key, value, _ := strings.Cut(pair, "=")
			if strings.Contains(pair, ";") || !isKey(key, name) {
				continue
			}
			if strings.ContainsAny(value, "%+") {
				var err error
				if value, err = url.QueryUnescape(value); err != nil {
					continue
				}
			}
			if !yield(value) {
				return
			}
		}
	}
}

func isKey(key, name string) bool {
	if key == name || !strings.ContainsAny(key, "%+") {
		return key == name
	}
	key, err := url.QueryUnescape(key)
	return err == nil && key == name
}
