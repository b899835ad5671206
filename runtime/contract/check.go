package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
)

// Check returns a handler that calls h and reports to t what differs from the
// document:
//
//   - a request for which the document has no operation is not answered with 404
//     or 405;
//   - a request that the document does not allow is answered with 2xx;
//   - a request that the document allows is refused with 400, 415 or 422, before
//     the program has looked at it;
//   - an answer has a status, a content type, a header or a body that the
//     document does not have.
//
// Whether the program itself has refused a request is told by the errors of the
// answer, where it is a problem document of bggen: an error with the code
// "invalid" comes from a Validate method, and a problem without a list of errors
// comes from a handler. Other answers with these three statuses are refusals.
//
// The handler reads the body of a request before it calls h, and keeps what h
// writes until h returns; what h writes reaches the client at once all the same.
// It may be used by many goroutines, as long as the test runs.
func Check(t testing.TB, spec []byte, h http.Handler) http.Handler {
	t.Helper()
	return &checker{t, parse(t, spec), h}
}

type checker struct {
	t    testing.TB
	doc  *document
	next http.Handler
}

func (c *checker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Errorf("contract: %s %s: the body of the request cannot be read: %v", r.Method, r.URL.Path, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	// A copy of it is compared, since handlers change requests.
	asked := r.Clone(r.Context())
	asked.Body = io.NopCloser(bytes.NewReader(body))
	if asked.Method == http.MethodHead {
		asked.Method = http.MethodGet // as a mux answers it
	}
	rec := &recorder{ResponseWriter: w}
	c.next.ServeHTTP(rec, r)
	if !rec.hijacked {
		for _, difference := range c.doc.differences(asked, r.Method, rec.answer()) {
			c.t.Error("contract: " + difference)
		}
	}
}

// differences compares a request and its answer with the document. The method is
// the one that was really used: there is no body to compare after HEAD.
func (d *document) differences(r *http.Request, method string, answer *http.Response) (list []string) {
	name := d.operation(r)
	if name == "" {
		if answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusMethodNotAllowed {
			list = append(list, fmt.Sprintf("%s %s answers %d, and is not in the document", r.Method, r.URL.Path, answer.StatusCode))
		}
		return list
	}
	body, _ := io.ReadAll(answer.Body) // of the recorder: it is all there
	answer.Body = io.NopCloser(bytes.NewReader(body))
	allowed, why := d.valid.ValidateHttpRequestSync(r)
	switch {
	case !allowed && answer.StatusCode/100 == 2:
		list = append(list, fmt.Sprintf("%s answers %d to a request that the document does not allow:\n%s", name, answer.StatusCode, explain(why)))
	case allowed && refused(answer.StatusCode, body):
		list = append(list, fmt.Sprintf("%s refuses a request that the document allows: %d %s", name, answer.StatusCode, body))
	}
	if method == http.MethodHead || answer.StatusCode == http.StatusNotModified {
		return list
	}
	if ok, why := d.valid.ValidateHttpResponse(r, answer); !ok {
		list = append(list, fmt.Sprintf("%s answers %d otherwise than the document says:\n%s", name, answer.StatusCode, explain(why)))
	}
	return list
}

// refused reports whether an answer refuses a request for its form, and not for
// what the program thinks of it.
func refused(status int, body []byte) bool {
	if !slices.Contains([]int{http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}, status) {
		return false
	}
	var problem struct {
		Status int
		Errors []struct{ Code string }
	}
	if json.Unmarshal(body, &problem) != nil || problem.Status == 0 {
		return true // not a problem document
	}
	for _, e := range problem.Errors {
		if e.Code != "invalid" {
			return true
		}
	}
	return false
}
