package adapter

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/fielderror"
)

// maxErrors is how many errors of a request are reported: a client could send a
// list of any length, and is told of a part of it.
const maxErrors = 100

// reject notes that a value of the request cannot be bound.
func (x *Exchange) reject(in, name, code, message string) {
	if len(x.bindErrors) >= maxErrors {
		return
	}
	e := runtime.FieldError{In: in, Name: name, Code: code, Message: message}
	if !slices.Contains(x.bindErrors, e) { // a value may be asked for twice
		x.bindErrors = append(x.bindErrors, e)
	}
}

// Reject notes that a value is not within a limit. It does nothing if the value
// could not be read, since that has been noted already.
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

// Validate calls the method Validate of a value that could be read, and notes
// its error with the others. If name is "", v is a struct of parameters, the
// first of which is in that place.
func (x *Exchange) Validate(in, name string, v interface{ Validate() error }) {
	for _, e := range x.bindErrors {
		if e.In == in && (e.Name == name || name == "") {
			return // it is not what the client sent
		}
	}
	for _, e := range fielderror.Of(v.Validate(), in, name) {
		x.reject(e.In, e.Name, e.Code, e.Message)
	}
}

// ValidateAll calls validate for each value of a list, and notes its errors as
// [Exchange.Validate] does.
func ValidateAll[T any](x *Exchange, in, name string, list []T, validate func(*T) error) {
	for i := range list {
		x.Validate(in, name+"["+strconv.Itoa(i)+"]", validator(func() error { return validate(&list[i]) }))
	}
}

// Each notes the values of a list that are outside of a limit.
func Each[T any](x *Exchange, in, name, code, message string, list []T, outside func(T) bool) {
	for i, v := range list {
		if outside(v) {
			x.Reject(in, name+"["+strconv.Itoa(i)+"]", code, message)
		}
	}
}

type validator func() error

func (f validator) Validate() error { return f() }

// Convert converts each element of a list. It is for parameters such as []ID,
// where ID is defined as an int64.
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

// Bound returns the *BindError of all values so far that do not fit, or nil. If
// credentials are missing it returns only the error about these, so that a
// stranger learns nothing else.
func (x *Exchange) Bound() error {
	if x.refusal != nil {
		return x.refusal
	}
	if x.unset != "" {
		return &unsetError{x.unset}
	}
	if x.bindErrors == nil {
		return nil
	}
	// What only one provider needs was bound apart from the rest.
	slices.SortStableFunc(x.bindErrors, func(a, b runtime.FieldError) int {
		return cmp.Compare(slices.Index(places, a.In), slices.Index(places, b.In))
	})
	return &runtime.BindError{Status: cmp.Or(x.bindStatus, http.StatusUnprocessableEntity), Errors: x.bindErrors}
}

// places are those of a request, in the order in which errors are reported.
var places = []string{"path", "query", "header", "cookie", "form", "body"}
