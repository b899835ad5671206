package runtime

import (
	"net/url"
	"strconv"
	"strings"
)

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

func pointerText[T any, P textUnmarshaler[T]](x *Exchange, in, name, text string) *T {
	if text == "" {
		return nil
	}
	v := requiredText[T, P](x, in, name, text, true)
	return &v
}

// item and itemText are the i-th of a list.
func item[T Scalar](x *Exchange, in, name string, i int, text string) T {
	v, problem := parseScalar[T](text)
	if problem != "" {
		x.reject(in, name+"["+strconv.Itoa(i)+"]", "type", problem)
	}
	return v
}

func itemText[T any, P textUnmarshaler[T]](x *Exchange, in, name string, i int, text string) (v T) {
	if err := P(&v).UnmarshalText([]byte(text)); err != nil {
		x.reject(in, name+"["+strconv.Itoa(i)+"]", "type", "is not valid")
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
			if !isKey(key, name) || strings.IndexByte(pair, ';') >= 0 {
				continue
			}
			if strings.IndexByte(value, '%') >= 0 || strings.IndexByte(value, '+') >= 0 {
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

// isKey reports whether key, as it is in a query, is name. Most differ in their
// first bytes.
func isKey(key, name string) bool {
	for i := range len(key) {
		switch c := key[i]; {
		case c == '%' || c == '+':
			key, err := url.QueryUnescape(key)
			return err == nil && key == name
		case i >= len(name) || c != name[i]:
			return false
		}
	}
	return len(key) == len(name)
}
