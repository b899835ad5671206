package jsonbody

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/fielderror"
)

// An Invalid is what the methods Validate of values in a body have said. The name of
// each error is its place.
type Invalid []runtime.FieldError

// Ask asks a value whether it is valid.
func Ask(v interface{ Validate() error }) Invalid { return fielderror.Of(v.Validate(), "body", "") }

// Add adds what is invalid in a value at a place: the names of fields and the numbers
// of items that lead to it.
func (list *Invalid) Add(found Invalid, at ...any) {
	for _, e := range found {
		if e.In == "body" {
			e.Name = below(at, e.Name)
		}
		*list = append(*list, e)
	}
}

// below is the place of what is called name in the value at a place.
func below(at []any, name string) string {
	var b strings.Builder
	for _, step := range at {
		switch step := step.(type) {
		case string:
			writeName(&b, fielderror.Name(step))
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
		}
	}
	if b.Len() > 0 && name != "" && name[0] != '[' {
		b.WriteByte('.')
	}
	return b.String() + name
}

// Sorted is a map in the order of its keys, which is that of its errors.
func Sorted[M ~map[K]V, K cmp.Ordered, V any](m M) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}
