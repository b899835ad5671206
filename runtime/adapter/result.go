package adapter

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/bggen/bggen/runtime/adapter/jsonbody"
)

// Shared by all responses: values of a header are replaced, not changed.
var (
	typeJSON  = []string{"application/json"}
	typeText  = []string{"text/plain; charset=utf-8"}
	typeBytes = []string{"application/octet-stream"}
)

// JSON answers with v as JSON. It is encoded now, and written when the request
// has succeeded as a whole. A nil slice is [].
func JSON[T any](x *Exchange, status int, v T) error {
	if x.adapter.Encode != nil {
		return x.encode(status, v)
	}
	if x.encoder == nil {
		x.encoder = json.NewEncoder(&x.result)
	}
	if err := x.encoder.Encode(v); err != nil {
		x.result.Reset()
		x.encoder = nil // it keeps the error of a failed write
		return err
	}
	x.result.Truncate(x.result.Len() - 1) // Encode ends with a line feed
	if bytes.Equal(x.result.Bytes(), []byte("null")) && isNilSlice(v) {
		x.result.Reset()
		x.result.WriteString("[]")
	}
	if x.lists != nil {
		if filled, changed := jsonbody.Fill(x.result.Bytes(), x.lists); changed {
			x.result.Reset()
			x.result.Write(filled)
		}
	}
	x.status, x.contentType = status, typeJSON
	return nil
}

// EmptyLists has nil slices and maps in the result written as [] and {}, where lists
// says that there are some, and not as null.
func (x *Exchange) EmptyLists(lists *jsonbody.Shape) { x.lists = lists }

// marshal is v in JSON, for a value of a sequence.
func (x *Exchange) marshal(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err == nil && x.lists != nil {
		text, _ = jsonbody.Fill(text, x.lists)
	}
	return text, err
}

// encode answers with what the encoder of the program writes.
func (x *Exchange) encode(status int, v any) error {
	w := &encoded{header: http.Header{}, body: &x.result}
	if err := x.adapter.Encode(w, x.r, status, v); err != nil {
		x.result.Reset()
		return err
	}
	x.status, x.contentType = cmp.Or(w.status, status), w.header["Content-Type"]
	delete(w.header, "Content-Type")
	delete(w.header, "Content-Length")   // it is known
	for name, values := range x.header { // what the handler says wins
		w.header[http.CanonicalHeaderKey(name)] = values
	}
	x.header = w.header
	return nil
}

// An encoded is the response writer of an encoder: it keeps what is written.
type encoded struct {
	header http.Header
	status int // 0: it has not been set
	body   *bytes.Buffer
}

func (w *encoded) Header() http.Header { return w.header }

func (w *encoded) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *encoded) Write(p []byte) (int, error) { return w.body.Write(p) }

func isNilSlice(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Slice && r.IsNil()
}

// Text answers with s as text/plain.
func Text(x *Exchange, status int, s string) error {
	x.result.WriteString(s)
	x.status, x.contentType = status, typeText
	return nil
}

// Bytes answers with data as application/octet-stream, unless the handler has
// set another Content-Type.
func Bytes(x *Exchange, status int, data []byte) error {
	x.result.Write(data)
	x.status, x.contentType = status, typeBytes
	return nil
}

// NoContent answers without a body.
func NoContent(x *Exchange, status int) error {
	x.status = status
	return nil
}
