package adapter

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// How many bytes of a body net/http holds back to learn its length: server.go's
// bufferBeforeChunkingSize, h2_bundle.go's handlerChunkWriteSize.
const (
	holdHTTP1 = 2048
	holdHTTP2 = 4096
)

// trackedWriter notes whether a response has begun, and may hold back a short
// body, so that flushing it does not change its headers.
type trackedWriter struct {
	http.ResponseWriter
	head     bool // the request's method is HEAD
	http1    bool // and its protocol HTTP/1
	began    bool // the handler has written something
	hijacked bool

	hold   int         // bytes to hold back at most; 0: none, or no more
	status int         // held back with
	header http.Header // the headers at that time, and
	held   []byte      // the body so far
}

func (t *trackedWriter) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (t *trackedWriter) WriteHeader(status int) {
	switch {
	case status < 200 && status != http.StatusSwitchingProtocols:
		t.ResponseWriter.WriteHeader(status) // informational: nothing has begun
	case t.hold == 0:
		t.began = true
		t.ResponseWriter.WriteHeader(status)
	case !t.began:
		t.began = true
		t.status, t.header = status, t.Header().Clone()
		if t.header["Content-Length"] != nil || status == http.StatusNoContent || status == http.StatusNotModified || status < 200 {
			t.release()
		}
	}
}

func (t *trackedWriter) Write(p []byte) (int, error) {
	if !t.began {
		t.WriteHeader(http.StatusOK)
	}
	if len(t.held)+len(p) <= t.hold {
		t.held = append(t.held, p...)
		return len(p), nil
	}
	t.release()
	return t.ResponseWriter.Write(p)
}

func (t *trackedWriter) WriteString(text string) (int, error) {
	if t.hold > 0 {
		return t.Write([]byte(text))
	}
	t.began = true
	return io.WriteString(t.ResponseWriter, text)
}

func (t *trackedWriter) ReadFrom(src io.Reader) (int64, error) {
	to, ok := t.ResponseWriter.(io.ReaderFrom)
	if t.hold > 0 || !ok {
		return io.Copy(struct{ io.Writer }{t}, src)
	}
	t.began = true
	return to.ReadFrom(src)
}

// FlushError is what an http.ResponseController looks for.
func (t *trackedWriter) FlushError() error {
	if !t.began {
		t.WriteHeader(http.StatusOK)
	}
	t.release()
	return http.NewResponseController(t.ResponseWriter).Flush()
}

// release passes on what was held back, with the headers of the time when they
// were written. Headers that were set later stay set: they may be trailers.
func (t *trackedWriter) release() {
	if t.hold == 0 || !t.began {
		return
	}
	t.hold = 0
	h := t.Header()
	late := h.Clone()
	replace(h, t.header)
	t.ResponseWriter.WriteHeader(t.status)
	replace(h, late)
	if len(t.held) > 0 {
		t.ResponseWriter.Write(t.held)
		t.held = nil
	}
}

func replace(h, with http.Header) {
	clear(h)
	for name, values := range with {
		h[name] = values
	}
}

// finish ends a response that is still held back: its length is known now.
func (t *trackedWriter) finish() {
	if !t.began {
		t.WriteHeader(http.StatusOK)
	}
	if t.hold == 0 {
		return
	}
	if t.hasLength() {
		t.header["Content-Length"] = []string{strconv.Itoa(len(t.held))}
	}
	t.release()
}

// hasLength reports whether net/http would have set Content-Length. It does not
// where trailers follow, in HTTP/1.
func (t *trackedWriter) hasLength() bool {
	if t.head && len(t.held) == 0 || t.header["Content-Encoding"] != nil {
		return false
	}
	if !t.http1 {
		return true
	}
	for name := range t.header {
		if name == "Trailer" || name == "Transfer-Encoding" || strings.HasPrefix(name, http.TrailerPrefix) {
			return false
		}
	}
	return true
}

// withInterfaces is t with the optional interfaces of the writer below it that
// change what a handler does.
func (t *trackedWriter) withInterfaces() http.ResponseWriter {
	_, flusher := t.ResponseWriter.(http.Flusher)
	_, hijacker := t.ResponseWriter.(http.Hijacker)
	_, pusher := t.ResponseWriter.(http.Pusher)
	switch {
	case flusher && hijacker:
		return http1Writer{flushWriter{t}}
	case flusher && pusher:
		return http2Writer{flushWriter{t}}
	case flusher:
		return flushWriter{t}
	}
	return t
}

type flushWriter struct{ *trackedWriter }

func (w flushWriter) Flush() { w.FlushError() }

type http1Writer struct{ flushWriter }

func (w http1Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.release()
	conn, buf, err := w.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil {
		w.began, w.hijacked, w.hold = true, true, 0
	}
	return conn, buf, err
}

type http2Writer struct{ flushWriter }

func (w http2Writer) Push(target string, opts *http.PushOptions) error {
	return w.ResponseWriter.(http.Pusher).Push(target, opts)
}
