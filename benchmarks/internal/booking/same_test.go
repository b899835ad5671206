package booking

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A sent request, of which only the differences from a good one are said.
type sent struct {
	path    string // and query
	member  string // "-": the header is not sent
	media   string // "-": the header is not sent
	body    string
	chunked bool // the length is not declared
}

func (s sent) String() string {
	return fmt.Sprintf("%s %s %s %.60q %v", s.path, s.member, s.media, s.body, s.chunked)
}

// text is the request as it is sent. "." is no body.
func (s sent) text() string {
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return strings.TrimSuffix(text, ".")
	}
	body := or(s.body, string(payload))
	text := "POST " + or(s.path, target) + " HTTP/1.1\r\nHost: test\r\n"
	if s.member != "-" {
		text += "X-Member: " + or(s.member, "ann") + "\r\n"
	}
	if s.media != "-" {
		text += "Content-Type: " + or(s.media, "application/json") + "\r\n"
	}
	if s.chunked {
		return text + "Transfer-Encoding: chunked\r\n\r\n" + strconv.FormatInt(int64(len(body)), 16) + "\r\n" + body + "\r\n0\r\n\r\n"
	}
	return text + "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
}

// large is a body of a number of bytes, of which the answer says nothing.
func large(bytes int) string {
	const frame = `{"note":"","room":7}`
	return strings.Replace(frame, `""`, `"`+strings.Repeat("x", bytes-len(frame))+`"`, 1)
}

// requests are good and bad ones, by the status of the answer.
var requests = map[int][]sent{
	201: {
		{},
		{chunked: true},
		{path: "/hotels/42/bookings?guests=2"},
		{path: "/hotels/42/bookings?guests=2&nights="},
		{media: "application/json; charset=utf-8"},
		{media: "application/merge-patch+json"},
		{body: " {\"guest\":\"<&>\u2028\",\"unknown\":[1,2]}\r\n"},
		{body: `{}`},
		{body: large(maxBody)},
	},
	400: {
		{body: `{`},
		{body: `{"guest":"Ann"} {}`},
		{body: `{"guest":"Ann"}]`},
		{body: `guest=Ann`},
		{path: "/hotels/x/bookings?nights=0", body: `{"room":}`},
	},
	401: {{member: "-"}, {member: "-", path: "/hotels/0/bookings?guests=1"}},
	403: {{member: "banned"}},
	404: {{path: "/hotels/0/bookings?guests=1"}},
	413: {
		{body: large(maxBody + 1)},
		{body: large(maxBody + 1), chunked: true},
		{path: "/hotels/x/bookings", body: large(maxBody + 1), media: "text/plain"},
	},
	415: {
		{media: "-"},
		{media: "text/plain"},
		{media: "application/x-www-form-urlencoded", body: "guest=Ann"},
		{media: "application/json; =", path: "/hotels/1/bookings?guests=9"},
	},
	422: {
		{path: "/hotels/x/bookings?guests=2"},
		{path: "/hotels/99999999999999999999/bookings?guests=2"},
		{path: "/hotels/1/bookings"},
		{path: "/hotels/1/bookings?guests="},
		{path: "/hotels/1/bookings?guests=two"},
		{path: "/hotels/1/bookings?guests=0"},
		{path: "/hotels/1/bookings?guests=9"},
		{path: "/hotels/1/bookings?guests=1&nights=0"},
		{path: "/hotels/1/bookings?guests=1&nights=31"},
		{path: "/hotels/1/bookings?guests=1&nights=-1e3"},
		{path: "/hotels/1.5/bookings?guests=-1&nights=99", body: `{"room":"7"}`},
		{body: `{"guest":7,"room":7}`},
		{body: `{"room":1.5}`},
		{body: `[]`},
		{body: `"Ann"`},
		{body: `null`},
		{body: " \n"},
		{body: "."},
		{body: ".", media: "text/plain", member: "-"},
	},
	500: {{member: "closed"}},
}

// All sides answer with the same bytes on the wire, whatever they are sent, and
// run the same number of tasks: that is what "the same checks" means. Of those
// that flush, the headers are in another order, because the length is set by
// themselves; it means nothing (RFC 9110, section 5.3).
func TestSameAnswers(t *testing.T) {
	ran.Store(0)
	for tasks := range 3 {
		byHand := listen(t, Sides(tasks)[0], tasks)
		for _, side := range Sides(tasks) {
			ask := listen(t, side, tasks)
			for status, list := range requests {
				for _, s := range list {
					want := byHand(s)
					wantRan(t, status, tasks)
					got := ask(s)
					wantRan(t, status, tasks)
					if side.flushes {
						got, want = sorted(got), sorted(want)
					}
					if got != want || !strings.HasPrefix(got, fmt.Sprintf("HTTP/1.1 %d ", status)) {
						t.Errorf("%s, %d tasks: %s is answered with\n%.400s\nwant\n%.400s\nand status %d", side.Name, tasks, s, got, want, status)
					}
				}
			}
		}
	}
}

// sorted is a response with its headers in the order of their names.
func sorted(text string) string {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// wantRan waits for the tasks of one request, and forgets them.
func wantRan(t *testing.T, status, tasks int) {
	t.Helper()
	if status != http.StatusCreated {
		tasks = 0
	}
	for deadline := time.Now().Add(5 * time.Second); ran.Load() < int64(tasks) && time.Now().Before(deadline); {
		time.Sleep(50 * time.Microsecond)
	}
	if got := ran.Swap(0); got != int64(tasks) {
		t.Errorf("%d tasks have been run, want %d", got, tasks)
	}
}

// listen serves a side, and returns what sends it a request and reads the
// answer.
func listen(t *testing.T, side Side, tasks int) func(sent) string {
	served := side.open(newApp(), tasks)
	mux := http.NewServeMux()
	mux.Handle(pattern, served.handler)
	server := httptest.NewUnstartedServer(mux)
	if served.attach != nil {
		served.attach(server.Config)
	}
	server.Start()
	t.Cleanup(server.Close)
	return func(s sent) string {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		go io.WriteString(conn, s.text()) // fails where the server does not want all of it
		text, err := read(conn)
		if err != nil {
			t.Fatalf("%s: %s: %v", side.Name, s, err)
		}
		return text
	}
}

// read reads a response: all bytes of it, but for the date, and for whether the
// connection will be closed. After a body that is too large that depends on how
// much of it has arrived.
func read(conn net.Conn) (string, error) {
	var text strings.Builder
	size := 0
	r := bufio.NewReader(conn)
	for line := ""; line != "\r\n"; {
		var err error
		if line, err = r.ReadString('\n'); err != nil {
			return "", err
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Date", "Connection":
			continue
		case "Content-Length":
			if size, err = strconv.Atoi(value); err != nil {
				return "", err
			}
		}
		text.WriteString(line)
	}
	_, err := io.CopyN(&text, r, int64(size))
	return text.String(), err
}
