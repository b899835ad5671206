package adapter

import (
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/bggen/bggen/runtime/internal/core"
)

// writeResult writes what JSON, Respond and the like prepared.
func (x *Exchange) writeResult() {
	h := x.w.Header()
	for name, values := range x.header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	for _, cookie := range x.cookies {
		http.SetCookie(x.w, cookie)
	}
	switch {
	case x.handler != nil:
		x.serveHandler()
	case x.status == 0: // the handler has written by itself
	case x.stream != nil:
		x.writeStream()
	case x.sequence != nil:
		x.writeSequence()
	default:
		x.writeBody()
	}
}

func (x *Exchange) writeBody() {
	h := x.w.Header()
	if isBodyless(x.status) {
		x.result.Reset()
		x.contentType = nil
	}
	x.setType(h)
	// The server knows the length of a small body that is not flushed.
	if size := x.result.Len(); (size > holdHTTP1 || x.flushes() && x.hasBody(size)) && h["Content-Encoding"] == nil {
		h["Content-Length"] = []string{strconv.Itoa(size)}
	}
	x.w.WriteHeader(x.status)
	if x.result.Len() > 0 {
		x.w.Write(x.result.Bytes()) // fails when the client has gone: the tasks run
	}
}

func (x *Exchange) setType(h http.Header) {
	if x.contentType != nil && h["Content-Type"] == nil {
		h["Content-Type"] = x.contentType
	}
}

// isBodyless reports whether a response of this status has no content (RFC 9110,
// sections 15.3.5, 15.3.6 and 15.4.5).
func isBodyless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// hasBody reports whether a response has a length, be it zero.
func (x *Exchange) hasBody(size int) bool {
	return size > 0 || x.r.Method != http.MethodHead && x.status != http.StatusNoContent && x.status != http.StatusNotModified
}

// writeStream copies a stream. When it cannot be read to its end, the
// connection is aborted: the client must not take what it has for all of it.
func (x *Exchange) writeStream() {
	w := x.answerer()
	if isBodyless(x.status) {
		w.WriteHeader(x.status)
		return
	}
	x.setType(w.Header())
	w.WriteHeader(x.status)
	src := &readErrors{Reader: x.stream}
	if isWhole(x.stream) {
		io.Copy(w, src) // fails when the client has gone: the tasks run
	} else {
		copyAsItComes(w, src)
	}
	if src.err != nil {
		x.log("the result could not be read to its end", src.err)
		panic(http.ErrAbortHandler)
	}
}

// isWhole reports whether all that r reads is there already: a file, or what is
// in memory.
func isWhole(r io.Reader) bool {
	if _, file := r.(*os.File); file {
		return true
	}
	_, memory := r.(interface{ Len() int })
	return memory
}

// copyAsItComes hands each piece that src reads to the connection at once.
func copyAsItComes(w http.ResponseWriter, src io.Reader) {
	control := http.NewResponseController(w)
	buffer := make([]byte, 32<<10)
	for {
		n, err := src.Read(buffer)
		if n > 0 {
			if _, err := w.Write(buffer[:n]); err != nil {
				return // the client has gone: the tasks run
			}
		}
		if err != nil {
			return
		}
		if n > 0 {
			control.Flush() // where it cannot, the server sends what it has when it likes
		}
	}
}

// endResult closes a stream, written or not to be, and releases what the
// providers left. One that panics is logged, and stops nothing: the response is
// written.
func (x *Exchange) endResult() {
	defer x.endForm()
	defer x.releaseAll(x)
	if x.cancel != nil {
		defer x.cancel()
	}
	x.closeStream()
}

func (x *Exchange) closeStream() {
	if c, ok := x.stream.(io.Closer); ok {
		x.stream = nil
		if err := core.Catch(c.Close); err != nil {
			x.log("the result could not be closed", err)
		}
	}
}

// readErrors tells an error of reading from one of writing.
type readErrors struct {
	io.Reader
	err error
}

func (r *readErrors) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

func (x *Exchange) serveHandler() { x.handler.ServeHTTP(x.answerer(), x.r) }

// answerer is the writer for what is written piece by piece.
func (x *Exchange) answerer() http.ResponseWriter {
	if x.flushes() {
		return x.track()
	}
	return x.w
}
