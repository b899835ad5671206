package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"strings"
)

const defaultMaxBody = 1 << 20

type bodyState uint8

const (
	bodyUnread bodyState = iota
	bodyRead
	bodyRefused // and the reason is among the binding errors
)

// LimitBody sets the most bytes of a body that are read; 1 MiB unless set.
func (x *Exchange) LimitBody(bytes int64) { x.maxBody = bytes }

// RawBody is the body as it came. It is the caller's to keep.
func RawBody(x *Exchange) []byte {
	if !x.readBody() {
		return nil
	}
	return append(make([]byte, 0, x.body.Len()), x.body.Bytes()...)
}

// JSONBody is the body, decoded from JSON. It is required, and so is a
// Content-Type of JSON.
func JSONBody[T any](x *Exchange) (v T) {
	if !x.readBody() {
		return v
	}
	if text := strings.TrimSpace(string(head(x.body.Bytes()))); text == "" || text == "null" {
		x.reject("body", "", "missing", "is required")
		return v
	}
	x.decode(&v)
	return v
}

// JSONBodyOpt is JSONBody for a body that may be absent or null: then it is
// nil.
func JSONBodyOpt[T any](x *Exchange) (v *T) {
	if x.readBody() && x.body.Len() > 0 {
		x.decode(&v)
	}
	return v
}

// head is the beginning of b: long enough to tell "null" from anything else.
func head(b []byte) []byte { return b[:min(len(b), 64)] }

// readBody reads the body, once for all that ask for it.
func (x *Exchange) readBody() bool {
	if x.bodyState == bodyUnread {
		x.bodyState = bodyRead
		if err := x.fillBody(); err != nil {
			x.refuseBody(err)
		}
	}
	return x.bodyState == bodyRead
}

func (x *Exchange) fillBody() error {
	limit := x.maxBody
	if limit == 0 {
		limit = defaultMaxBody
	}
	body, size := x.r.Body, x.r.ContentLength
	switch {
	case size > limit:
		return &http.MaxBytesError{Limit: limit}
	case size > 0: // the server ends the body there
		x.body.Grow(int(size) + 1)
	case size < 0:
		body = http.MaxBytesReader(x.w, body, limit)
	}
	if body == nil {
		return nil // a request made by a test
	}
	_, err := x.body.ReadFrom(body)
	return err
}

func (x *Exchange) refuseBody(err error) {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		x.rejectBody(http.StatusRequestEntityTooLarge, "size", fmt.Sprintf("is larger than %d bytes", tooLarge.Limit))
	} else {
		x.rejectBody(http.StatusBadRequest, "read", "could not be read to its end")
	}
}

// rejectBody refuses the body as a whole.
func (x *Exchange) rejectBody(status int, code, message string) {
	x.bodyState = bodyRefused
	x.bindStatus = status
	x.reject("body", "", code, message)
}

func (x *Exchange) decode(v any) {
	if !isJSON(x.r.Header.Get("Content-Type")) {
		x.rejectBody(http.StatusUnsupportedMediaType, "content_type", "must be sent with the header Content-Type: application/json")
		return
	}
	err := json.Unmarshal(x.body.Bytes(), v)
	if err == nil {
		return
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		x.rejectBody(http.StatusBadRequest, "syntax", fmt.Sprintf("is not valid JSON at byte %d", syntax.Offset))
	} else if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		x.reject("body", wrong.Field, "type", "must be "+jsonKind(wrong.Type))
	} else { // an UnmarshalJSON of the user's
		x.reject("body", "", "type", "is not valid")
	}
}

// isJSON reports whether a media type is JSON: application/json, or one with
// the suffix +json (RFC 6839).
func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json"))
}

// jsonKind says what JSON a value of type t is read from.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "an integer in the range of " + t.Kind().String()
}
