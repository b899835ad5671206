package contract

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

// An Option changes what [Explore] does.
type Option func(*explorer)

// Seed has other requests drawn. The same seed draws the same requests.
func Seed(n uint64) Option { return func(e *explorer) { e.seed = n } }

// Requests sets how many requests are drawn for each operation, 100 by default.
func Requests(n int) Option { return func(e *explorer) { e.requests = n } }

// Prepare has f called with each request before it is sent, to authorize it for
// example.
func Prepare(f func(*http.Request)) Option { return func(e *explorer) { e.prepare = f } }

// Skip leaves operations out, by their operationId: those that end the program or
// send mails, or whose strings have a form that the document does not tell.
func Skip(operations ...string) Option {
	return func(e *explorer) { e.skip = append(e.skip, operations...) }
}

// Explore draws requests from the schemas of the document and sends them to h,
// one after the other. It reports to t everything that [Check] reports, and every
// answer with a status of 500 and more.
//
// Of the requests for an operation about half are right, so that they must not
// be refused; the others have one mistake, so that they must not be answered with
// 2xx: a value is missing, or of another type, or outside its limits. Strings are
// drawn from their pattern, their format (date-time, date, time, uuid, email,
// uri, hostname, ipv4, ipv6, byte), their examples or their enum, and are
// arbitrary text otherwise. A mistake is never null or an empty parameter, which
// many programs read as absent.
//
// For each operation the first difference of a kind is reported, with the
// request. An operation for which no right request could be drawn is reported as
// well, and so are those that let none in, since [Prepare] gives no credentials.
func Explore(t testing.TB, spec []byte, h http.Handler, opts ...Option) {
	t.Helper()
	e := &explorer{requests: 100, prepare: func(*http.Request) {}}
	for _, opt := range opts {
		opt(e)
	}
	doc := parse(t, spec)
	operations, err := readOperations(spec)
	if err != nil {
		t.Fatalf("contract: the document cannot be read: %v", err)
	}
	if len(operations) == 0 {
		t.Error("contract: the document has no operations")
	}
	closed := &closed{}
	for _, op := range operations {
		if slices.Contains(e.skip, op.id) {
			continue
		}
		findings, letIn := e.explore(doc, op, h)
		for _, finding := range findings {
			t.Error("contract: " + finding)
		}
		if !letIn {
			closed.add(op)
		}
	}
	for _, finding := range closed.findings() {
		t.Error("contract: " + finding)
	}
}

type explorer struct {
	seed     uint64
	requests int
	prepare  func(*http.Request)
	skip     []string
}

// explore sends requests for one operation. It reports as well whether any was let
// in: whether it had the credentials that the operation needs.
func (e *explorer) explore(doc *document, op *operation, h http.Handler) (findings []string, letIn bool) {
	draw := &drawer{Rand: rand.New(rand.NewPCG(e.seed, 0)), schemas: op.schemas}
	known, locked, right, kept := map[string]bool{}, op.credentials() != "", 0, 0
	report := func(kind, format string, args ...any) {
		if !known[kind] {
			known[kind] = true
			findings = append(findings, fmt.Sprintf(format, args...))
		}
	}
	for i := range e.requests {
		drawn := op.draw(draw)
		if i%2 == 1 {
			drawn.spoil(draw)
		}
		allowed, why := doc.valid.ValidateHttpRequestSync(e.request(drawn))
		if i%2 == 0 && lacksCredentials(why) {
			kept++
		}
		switch {
		case allowed && i%2 == 0:
			right++
		case allowed || i%2 == 0: // the mistake is none, or the other way round: it shows nothing
			continue
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, e.request(drawn))
		if locked && i%2 == 0 && w.Code == http.StatusUnauthorized {
			kept++
		}
		for _, difference := range doc.differences(e.request(drawn), op.method, w.Result()) {
			report(fmt.Sprint(w.Code, allowed), "%s\n\trequest: %s", difference, drawn)
		}
		if w.Code >= http.StatusInternalServerError {
			report("failure", "%s answers %d: %s\n\trequest: %s", op, w.Code, w.Body, drawn)
		}
	}
	if letIn = kept == 0 || kept < max(right, 1); right == 0 && letIn && e.requests > 1 {
		report("none", "%s: no request could be drawn that the document allows; leave it out with contract.Skip(%q)", op, op.id)
	}
	return findings, letIn
}

func (e *explorer) request(d *drawn) *http.Request {
	r := d.request()
	e.prepare(r)
	return r
}
