package generator_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bggen/bggen/testdata/ok/bodies"
	"github.com/bggen/bggen/testdata/ok/guards"
	"github.com/bggen/bggen/testdata/ok/limits"
	"github.com/bggen/bggen/testdata/ok/params"
)

// FuzzRequest sends random requests to generated adapters: never a panic, and
// never a 500, which would be binding's.
func FuzzRequest(f *testing.F) {
	mux := http.NewServeMux()
	runner := newRunner()
	params.Register(mux, runner)
	bodies.Register(mux, runner)
	limits.Register(mux, runner)
	other := http.NewServeMux() // "GET /{$}" and the like are elsewhere
	guards.Register(other, runner)
	go func() { // the task of the guards writes there
		for range guards.Noted {
		}
	}()
	for _, seed := range [][5]string{
		{"GET", "/path/a/1/yes/7/::1/2026-01-02T03:04:05Z/x", "", "", ""},
		{"GET", "/query", "text=a&count=1&ratio=0.5&limit=1&wait=1s&id=1&tag=x", "", ""},
		{"POST", "/json", "", "application/json", `{"item":"a","quantity":2,"next":{"tags":["b"]}}`},
		{"POST", "/optional", "", "application/vnd.api+json; charset=utf-8", "null"},
		{"PUT", "/shared/3", "", "application/json", "{}"},
		{"GET", "/list/abc", "limit=5&ratio=1&sort=asc&tag=x&code=a+b", "", ""},
		{"GET", "/choose/7", "role=r&limit=-1", "", ""},
		{"POST", "/hook", "", "application/json", "[1"},
		{"GET", "/query", "text=%zz&;&=&text&count=%31", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4])
	}
	f.Fuzz(func(t *testing.T, method, path, query, value, body string) {
		r, err := http.NewRequest(method, "http://example.com/", strings.NewReader(body))
		if err != nil || !strings.HasPrefix(path, "/") {
			return
		}
		r.URL = &url.URL{Scheme: "http", Host: "example.com", Path: path, RawQuery: query}
		for _, name := range []string{"Content-Type", "Authorization", "X-Signature", "X-Level", "Cookie", "Accept"} {
			r.Header.Set(name, value)
		}
		for _, h := range []http.Handler{mux, other} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r.Clone(t.Context()))
			if w.Code == http.StatusInternalServerError {
				t.Errorf("%s %s?%s: %d %s", method, path, query, w.Code, w.Body)
			}
		}
	})
}
