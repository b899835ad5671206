package adapter

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// Respond answers with a Response. Its body is written by write, which is
// [JSON], [Text], [Bytes] or [Stream]. A status other than 0 is used in place of
// that of the response.
func Respond[T any](x *Exchange, status int, r runtime.Response[T], write func(*Exchange, int, T) error) error {
	status = cmp.Or(status, r.Status, http.StatusOK)
	if status < 200 || status > 599 {
		return fmt.Errorf("a Response has status %d", status)
	}
	x.header, x.cookies = r.Header, r.Cookies
	if err := r.AddTo(x.collector); err != nil {
		return err
	}
	return write(x, status, r.Body)
}

// Stream answers with what r reads, and closes r if it is an io.Closer.
func Stream[R io.Reader](x *Exchange, status int, r R) error {
	x.stream = r
	x.status, x.contentType = status, typeBytes
	return nil
}

// ServeHandler lets h write the response.
func ServeHandler[H http.Handler](x *Exchange, h H) error {
	if f, ok := any(h).(http.HandlerFunc); any(h) == nil || ok && f == nil {
		return errors.New("the handler to answer with is nil")
	}
	x.handler = h
	return nil
}
