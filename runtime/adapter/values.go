package adapter

import (
	"net/url"
	"strconv"
	"strings"
)

// item is the name of the i-th value of a list.
func item(name string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }

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
