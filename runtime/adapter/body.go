package adapter

import (
	"bytes"
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter/jsonbody"
)

const defaultMaxBody = 1 << 20

type bodyState uint8

const (
	bodyUnread bodyState = iota
	bodyRead
	bodyRefused // and the reason is among the binding errors
)

// LimitBody sets how many bytes of a body are read at most. It is 1 MiB unless
// set.
func (x *Exchange) LimitBody(bytes int64) { x.maxBody = bytes }

// AnyContentType lets JSON be read whatever the Content-Type is.
func (x *Exchange) AnyContentType() { x.anyType = true }

// RawBody returns the bytes of the body. The caller may keep them.
func (x *Exchange) RawBody() []byte {
	if !x.readBody() {
		return nil
	}
	return append(make([]byte, 0, x.body.Len()), x.body.Bytes()...)
}

// BodyStream returns the body for a handler that reads it itself, as the only
// one to do so. Reading more than the limit fails with an *http.MaxBytesError,
// which is answered with 413.
func (x *Exchange) BodyStream() io.Reader {
	if x.r.Body == nil { // a request made by a test
		return http.NoBody
	}
	return http.MaxBytesReader(x.w, x.r.Body, x.bodyLimit())
}

// JSONBody decodes the body from JSON. The body is required, and so is a
// Content-Type of JSON.
func JSONBody[T any](x *Exchange, b *jsonbody.Body[T]) (v T) {
	switch {
	case !x.readBody():
	case x.isAbsent():
		x.bodyState = bodyRefused
		x.reject("body", "", "missing", "is required")
	default:
		v, _ = decode(x, b)
	}
	return v
}

// JSONBodyOpt decodes a body that may be absent or null, in which case it
// returns nil.
func JSONBodyOpt[T any](x *Exchange, b *jsonbody.Body[T]) *T {
	if x.readBody() && !x.isAbsent() {
		if v, ok := decode(x, b); ok {
			return &v
		}
	}
	return nil
}

// isAbsent reports whether there is no body, or null.
func (x *Exchange) isAbsent() bool {
	text := bytes.TrimSpace(x.body.Bytes())
	return len(text) == 0 || string(text) == "null"
}

// readBody reads the body, once for all that ask for it.
func (x *Exchange) readBody() bool {
	if x.bodyState == bodyUnread {
		x.bodyState = bodyRead
		if err := x.fillBody(); err != nil {
			x.refuseBody(err)
		}
	}
	return x.bodyState != bodyRefused
}

func (x *Exchange) fillBody() error {
	limit := x.bodyLimit()
	size := x.r.ContentLength
	switch {
	case x.r.Body == nil: // a request made by a test
		return nil
	case size > limit && x.r.Header.Get("Expect") != "": // it is not to be sent: reading would ask for it
		return &http.MaxBytesError{Limit: limit}
	case size > limit:
		return x.tooLarge(limit)
	case size > 0: // what is declared has not arrived yet: believe a part of it
		x.body.Grow(int(min(size, 64<<10)) + bytes.MinRead)
	}
	// The length may be that of a body which middleware has replaced since.
	x.limited = io.LimitedReader{R: x.r.Body, N: limit + 1}
	if _, err := x.body.ReadFrom(&x.limited); err != nil {
		return err
	}
	if x.limited.N == 0 {
		return x.tooLarge(limit)
	}
	return nil
}

// tooLarge is the error of a body that is not read to its end. The server has to
// know: or else it closes the connection on what is still coming in, and the
// client sees a reset where the answer was.
func (x *Exchange) tooLarge(limit int64) error {
	http.MaxBytesReader(x.w, x.r.Body, 0).Read(make([]byte, 1))
	return &http.MaxBytesError{Limit: limit}
}

func (x *Exchange) bodyLimit() int64 { return cmp.Or(x.maxBody, defaultMaxBody) }

func (x *Exchange) refuseBody(err error) {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		x.rejectBody(http.StatusRequestEntityTooLarge, "size", fmt.Sprintf("is larger than %d bytes", tooLarge.Limit))
	} else if errors.Is(err, multipart.ErrMessageTooLarge) {
		x.rejectBody(http.StatusRequestEntityTooLarge, "size", "has too many parts, or parts with too many headers")
	} else if errors.Is(err, http.ErrMissingBoundary) {
		x.rejectBody(http.StatusBadRequest, "content_type", "must be sent with the boundary of its parts in the header Content-Type: multipart/form-data; boundary=...")
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

// decode decodes the body, and notes what is wrong with it.
func decode[T any](x *Exchange, b *jsonbody.Body[T]) (v T, ok bool) {
	if !x.anyType && !x.adapter.AnyType && !isJSON(x.r.Header.Get("Content-Type")) {
		x.rejectBody(http.StatusUnsupportedMediaType, "content_type", "must be sent with the header Content-Type: application/json")
		return v, false
	}
	x.bodyKept = x.bodyKept || keepsBytes(reflect.TypeFor[T]())
	v, wrong := b.Decode(x.body.Bytes(), jsonbody.Options{Strict: x.strict, Known: x.members})
	for _, e := range wrong {
		if e.Code == "syntax" {
			x.rejectBody(http.StatusBadRequest, e.Code, e.Message)
		} else {
			x.reject(e.In, e.Name, e.Code, e.Message)
		}
	}
	return v, len(wrong) == 0
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

// keepers holds, by type, whether decoding a value of it calls code that may keep
// the bytes it is given: an UnmarshalJSON or UnmarshalText of somebody else than
// the standard library. Such a body is not used for another request.
var keepers sync.Map // map[reflect.Type]bool

func keepsBytes(t reflect.Type) bool {
	if known, ok := keepers.Load(t); ok {
		return known.(bool)
	}
	keeps := mayKeep(t, map[reflect.Type]bool{})
	keepers.Store(t, keeps)
	return keeps
}

func mayKeep(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if p := reflect.PointerTo(t); p.Implements(readsJSON) || p.Implements(readsText) {
		if t.PkgPath() == reflect.TypeFor[runtime.Opt[int]]().PkgPath() && t.Kind() == reflect.Struct && strings.HasPrefix(t.Name(), "Opt[") {
			return mayKeep(t.Field(0).Type, seen)
		}
		first, _, _ := strings.Cut(t.PkgPath(), "/")
		return t.PkgPath() == "" || strings.Contains(first, ".") || first == "main"
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if mayKeep(t.Field(i).Type, seen) {
				return true
			}
		}
	case reflect.Map:
		return mayKeep(t.Key(), seen) || mayKeep(t.Elem(), seen)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return mayKeep(t.Elem(), seen)
	}
	return false
}

var readsJSON = reflect.TypeFor[json.Unmarshaler]()
var readsText = reflect.TypeFor[encoding.TextUnmarshaler]()
