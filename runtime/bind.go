package runtime

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// reject notes that a value of the request cannot be bound.
func (x *Exchange) reject(in, name, code, message string) {
	x.bindErrors = append(x.bindErrors, FieldError{in, name, code, message})
}

// Bound is the *BindError of all values that could not be bound so far, or nil.
func (x *Exchange) Bound() error {
	if x.bindErrors == nil {
		return nil
	}
	status := x.bindStatus
	if status == 0 {
		status = http.StatusUnprocessableEntity
	}
	return &BindError{Status: status, Errors: x.bindErrors}
}

// Path is the value of the path wildcard name.
func Path[T Scalar](x *Exchange, name string) (v T) {
	v, problem := parseScalar[T](x.r.PathValue(name))
	if problem != "" {
		x.reject("path", name, "type", problem)
	}
	return v
}

// PathText is Path for a type that parses itself.
func PathText[T any, P textUnmarshaler[T]](x *Exchange, name string) (v T) {
	if err := P(&v).UnmarshalText([]byte(x.r.PathValue(name))); err != nil {
		x.reject("path", name, "type", "is not valid")
	}
	return v
}

// Query is the last value of the query parameter name, which is required.
func Query[T Scalar](x *Exchange, name string) (v T) {
	text, ok := lastQuery(x.r.URL.RawQuery, name)
	if !ok {
		x.reject("query", name, "missing", "is required")
		return v
	}
	v, problem := parseScalar[T](text)
	if problem != "" {
		x.reject("query", name, "type", problem)
	}
	return v
}

// QueryOpt is the last value of the query parameter name; nil when it is absent
// or empty.
func QueryOpt[T Scalar](x *Exchange, name string) *T {
	text, _ := lastQuery(x.r.URL.RawQuery, name)
	if text == "" {
		return nil
	}
	v, problem := parseScalar[T](text)
	if problem != "" {
		x.reject("query", name, "type", problem)
	}
	return &v
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
