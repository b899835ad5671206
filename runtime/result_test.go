package runtime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/adapter/jsonbody"
)

// answering is an adapter whose handler has one task, or none, and a result.
func answering(runner *runtime.Runner, task bool, result func(x *adapter.Exchange) error) http.Handler {
	return adapter.NewWithTasks("test.answering", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		if task {
			x.Tasks().Add(does(func() {}))
		}
		return result(x)
	})
}

// A result has the same headers with a task and without, in HTTP/2 too.
func TestResultsAreTheSameWithTasks(t *testing.T) {
	results := map[string]func(x *adapter.Exchange) error{
		"202":        func(x *adapter.Exchange) error { return adapter.NoContent(x, 202) },
		"204":        func(x *adapter.Exchange) error { return adapter.NoContent(x, 204) },
		"empty text": func(x *adapter.Exchange) error { return adapter.Text(x, 200, "") },
		"text":       func(x *adapter.Exchange) error { return adapter.Text(x, 200, "text") },
		"large":      func(x *adapter.Exchange) error { return adapter.Bytes(x, 200, make([]byte, 9000)) },
	}
	for name, result := range results {
		for _, kind := range []string{"HTTP/1.1", "HTTP/2"} {
			for _, method := range []string{"GET", "HEAD"} {
				var runner runtime.Runner
				c := wireCase{method: method}
				without := c.dump(t, &runner, answering(&runner, false, result), kind)
				with := c.dump(t, &runner, answering(&runner, true, result), kind)
				if with != without {
					t.Errorf("%s, %s %s: with a task\n%s\nwithout\n%s", name, kind, method, with, without)
				}
				idle(t, &runner)
			}
		}
	}
}

func TestNil(t *testing.T) {
	var runner runtime.Runner
	for want, result := range map[string]func(x *adapter.Exchange) error{
		"[]":   func(x *adapter.Exchange) error { return adapter.JSON(x, 200, []int(nil)) },
		"null": func(x *adapter.Exchange) error { return adapter.JSON(x, 200, json.RawMessage("null")) },
		"{}":   func(x *adapter.Exchange) error { return adapter.JSON(x, 200, struct{}{}) },
	} {
		if w := get(answering(&runner, false, result)); w.Body.String() != want {
			t.Errorf("got %s, want %s", w.Body, want)
		}
	}
	var none *runtime.Problem
	runner.Logger = quiet
	if w := get(answering(&runner, false, func(*adapter.Exchange) error { return none })); w.Code != 500 {
		t.Errorf("a nil *Problem as an error: %d %s", w.Code, w.Body)
	}
}

type statusCode int

func (s statusCode) Error() string   { return fmt.Sprint("reason ", int(s)) }
func (s statusCode) StatusCode() int { return int(s) }

// The client learns the text of an error only where it says that it is the
// client's, and the log has all others.
func TestErrors(t *testing.T) {
	for err, want := range map[error]string{
		statusCode(404): `404 {"title":"Not Found","status":404,"detail":"reason 404"}`,
		fmt.Errorf("secret: %w", statusCode(404)): `404 {"title":"Not Found","status":404,"detail":"reason 404"}`,
		statusCode(503):      `503 {"title":"Service Unavailable","status":503} logged`,
		statusCode(200):      `500 {"title":"Internal Server Error","status":500} logged`,
		errors.New("secret"): `500 {"title":"Internal Server Error","status":500} logged`,
		&runtime.Problem{Status: 999, Title: "T", Type: "https://example.com/t", Instance: "/i"}: `500 {"type":"https://example.com/t","title":"T","status":500,"instance":"/i"} logged`,
	} {
		var log strings.Builder
		runner := runtime.Runner{Logger: textLogger(&log)}
		w := get(answering(&runner, true, func(*adapter.Exchange) error { return err }))
		got := fmt.Sprint(w.Code, " ", w.Body)
		if strings.Contains(log.String(), err.Error()) {
			got += " logged"
		}
		if got != want {
			t.Errorf("%v:\ngot  %s\nwant %s", err, got, want)
		}
	}
}

// The headers of a Problem are added to those that are there.
func TestProblemHeader(t *testing.T) {
	var runner runtime.Runner
	h := answering(&runner, false, func(x *adapter.Exchange) error {
		x.Writer().Header().Set("Vary", "Origin")
		x.Writer().Header().Set("Content-Length", "3")
		return &runtime.Problem{Status: 406, Header: http.Header{"vary": {"Accept"}}}
	})
	w := get(h)
	if got := w.Header()["Vary"]; len(got) != 2 || w.Header().Get("Content-Length") != "" {
		t.Errorf("the headers are %v", w.Header())
	}
}

// The limit of a body holds whatever middleware has made of it.
func TestLimitBody(t *testing.T) {
	var runner runtime.Runner
	h := adapter.New("test", &runner, nil, func(x *adapter.Exchange) error {
		x.LimitBody(10)
		body := x.RawBody()
		if err := x.Bound(); err != nil {
			return err
		}
		return adapter.Bytes(x, 200, body)
	})
	for _, size := range []int{0, 9, 10, 11, 1 << 20} {
		for _, declared := range []int64{-1, 0, 5, 10, int64(size)} {
			r := httptest.NewRequest("POST", "/", io.NopCloser(strings.NewReader(strings.Repeat("x", size))))
			r.ContentLength = declared
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if want := map[bool]int{true: 200, false: 413}[size <= 10]; w.Code != want || want == 200 && w.Body.Len() != size {
				t.Errorf("%d bytes, declared %d: %d %s", size, declared, w.Code, w.Body)
			}
		}
	}
}

// White space around a body is not counted.
func TestWhiteSpaceInBody(t *testing.T) {
	var runner runtime.Runner
	numbers := jsonbody.Body[map[string]int]{Shape: jsonbody.Map(jsonbody.Int[int]())}
	anything := jsonbody.Body[any]{Shape: jsonbody.Any()}
	h := adapter.New("test", &runner, nil, func(x *adapter.Exchange) error {
		a, b := adapter.JSONBody(x, &numbers), adapter.JSONBodyOpt(x, &anything)
		if err := x.Bound(); err != nil {
			return err
		}
		return adapter.JSON(x, 200, []any{a, b})
	})
	space := strings.Repeat(" ", 100)
	for body, want := range map[string]string{
		space + `{"a":1}` + space: `[{"a":1},{"a":1}]`,
		space:                     `{"title":"Unprocessable Entity","status":422,"detail":"the request does not fit","errors":[{"in":"body","code":"missing","message":"is required"}]}`,
		"null" + space + "x":      `{"title":"Bad Request","status":400,"detail":"the request does not fit","errors":[{"in":"body","code":"syntax","message":"is not valid JSON at byte 105"}]}`,
	} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Body.String() != want {
			t.Errorf("%q:\ngot  %s\nwant %s", body, w.Body, want)
		}
	}
}
