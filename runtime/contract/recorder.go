package contract

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
)

// A recorder writes an answer, and keeps it.
type recorder struct {
	http.ResponseWriter
	status   int
	header   http.Header // as it was when the answer began
	body     bytes.Buffer
	hijacked bool
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		r.status, r.header = status, r.Header().Clone()
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.sniff(p)
		r.WriteHeader(http.StatusOK)
	}
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// sniff sets the content type that the server would set.
func (r *recorder) sniff(p []byte) {
	if _, ok := r.Header()["Content-Type"]; !ok && len(p) > 0 {
		r.Header().Set("Content-Type", http.DetectContentType(p))
	}
}

// Flush is for handlers that stream.
func (r *recorder) Flush() {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(r.ResponseWriter).Flush() // there are writers that cannot
}

// Hijack hands the connection over: what is written to it is not compared.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(r.ResponseWriter).Hijack()
	r.hijacked = err == nil
	return conn, buffered, err
}

// Unwrap is for [http.ResponseController].
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// answer returns what was written.
func (r *recorder) answer() *http.Response {
	if r.status == 0 {
		r.status, r.header = http.StatusOK, r.Header().Clone()
	}
	return &http.Response{StatusCode: r.status, Header: r.header, Body: io.NopCloser(&r.body)}
}
