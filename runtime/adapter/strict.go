package adapter

import (
	"maps"
	"slices"
	"strings"

	"github.com/bggen/bggen/runtime/internal/fielderror"
)

// Strict has JSON bodies refused with members that are no fields. members are those
// of the body itself that several parameters read, each one of them.
func (x *Exchange) Strict(members ...string) { x.strict, x.members = true, members }

// NoOthers refuses the request if it has parameters in the query, or fields in the
// form, other than those with the given names.
func (x *Exchange) NoOthers(in string, names ...string) {
	unknown := func(key string) {
		if !slices.Contains(names, key) {
			x.reject(in, fielderror.Name(key), "unknown", "is not known here")
		}
	}
	list := &x.query
	if in == inForm {
		if !x.readForm() {
			return
		}
		if form := x.form.multipart; form != nil {
			for _, key := range slices.Sorted(maps.Keys(form.Value)) {
				unknown(key)
			}
			for _, key := range slices.Sorted(maps.Keys(form.File)) {
				unknown(key)
			}
			return
		}
		list = &x.form.parameters
	} else {
		list.parse(x, in, x.r.URL.RawQuery)
	}
	for _, pair := range list.pairs {
		unknown(strings.Clone(pair.key))
	}
}
