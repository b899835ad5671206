package bgtest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

// A Client sends requests to a handler in this process, without a network.
type Client struct {
	// Header is sent with every request, but for fields that the request has itself:
	//
	//	client.Header.Set("Authorization", "Bearer "+token)
	Header http.Header

	t       testing.TB
	runner  *runtime.Runner
	handler http.Handler
}

// NewClient returns a client of handler, whose tasks runner runs. From now on a
// task that fails in its last attempt fails the test.
func NewClient(t testing.TB, runner *runtime.Runner, handler http.Handler) *Client {
	runner.Core().OnFailure(func(info core.Info, err error) {
		t.Errorf("background task %s of %s failed: %v", info.Name, info.Handler, err)
	})
	return &Client{http.Header{}, t, runner, handler}
}

// Do sends r to the handler, and returns the response when the tasks have run,
// those that are delayed or tried again among them, or when the test is over.
func (c *Client) Do(r *http.Request) *Response {
	c.t.Helper()
	header := http.Header{}
	maps.Copy(header, c.Header)
	maps.Copy(header, r.Header)
	r.Header = header
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	if err := c.runner.Idle(c.t.Context()); err != nil {
		c.t.Errorf("background tasks had not ended: %v", err)
	}
	response := w.Result()
	response.Request = r
	return &Response{response, w.Body.String(), c.t}
}

// Get sends a GET request with [Client.Do].
func (c *Client) Get(target string) *Response {
	c.t.Helper()
	return c.Do(httptest.NewRequest(http.MethodGet, target, nil))
}

// Post sends a POST request with a body of the given Content-Type with
// [Client.Do].
func (c *Client) Post(target, contentType string, body io.Reader) *Response {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return c.Do(r)
}

// Send sends a request with [Client.Do]. Its body is JSON: nil is no body, a string is
// sent as it is, whether it is JSON or not, and any other value is encoded.
func (c *Client) Send(method, target string, body any) *Response {
	c.t.Helper()
	if body == nil {
		return c.Do(httptest.NewRequest(method, target, nil))
	}
	text, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		text = string(encoded)
	}
	r := httptest.NewRequest(method, target, strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	return c.Do(r)
}

// A Response is what a handler has answered.
type Response struct {
	*http.Response
	Text string // the whole body, which Body has as well

	t testing.TB
}

// Want ends the test unless the response has this status, and returns the response.
func (r *Response) Want(status int) *Response {
	r.t.Helper()
	if r.StatusCode != status {
		r.t.Fatalf("%s %s: got %d %s, want %d", r.Request.Method, r.Request.URL, r.StatusCode, r.Text, status)
	}
	return r
}

// JSON decodes the body into v, and ends the test if that is not possible.
func (r *Response) JSON(v any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.Text), v); err != nil {
		r.t.Fatalf("%s %s: %v in %s", r.Request.Method, r.Request.URL, err, r.Text)
	}
}

// WantErrors fails the test unless the response reports exactly these errors of a
// request that does not fit, each as its place, its name if it has one, and its code:
// "body user.email missing", "body syntax".
func (r *Response) WantErrors(errors ...string) {
	r.t.Helper()
	var problem runtime.Problem
	r.JSON(&problem)
	var got []string
	for _, e := range problem.Errors {
		got = append(got, strings.Join(strings.Fields(e.In+" "+e.Name+" "+e.Code), " "))
	}
	if !slices.Equal(got, errors) {
		r.t.Errorf("%s %s: got the errors %q, want %q", r.Request.Method, r.Request.URL, got, errors)
	}
}
