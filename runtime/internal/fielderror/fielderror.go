// Package fielderror says what is wrong with the values of a request: in the same way
// whether they are in the body or not.
package fielderror

import (
	"cmp"
	"errors"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// Of is what the method Validate of a value has said: its error, or each of its
// [runtime.FieldErrors]. in and name are the place of the value, for what has none.
func Of(err error, in, name string) []runtime.FieldError {
	if err == nil {
		return nil
	}
	list, ok := errors.AsType[runtime.FieldErrors](err)
	if !ok {
		list = runtime.FieldErrors{{Message: err.Error()}}
	}
	found := make([]runtime.FieldError, len(list))
	for i, e := range list {
		found[i] = runtime.FieldError{In: cmp.Or(e.In, in), Name: cmp.Or(e.Name, name), Code: cmp.Or(e.Code, "invalid"), Message: e.Message}
	}
	return found
}

// mostName is how many bytes of a name are written down: what a client calls a value
// can be as long as the request.
const mostName = 64

// Name is a name that a client has made up, as the list of errors has it.
func Name(name string) string {
	if len(name) <= mostName {
		return name
	}
	return strings.ToValidUTF8(name[:mostName], "") + "…"
}
