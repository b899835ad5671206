package docs

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/docs/internal/moved"
	"github.com/bggen/bggen/runtime"
)

// TestMoved holds what the pages about moving here say.
func TestMoved(t *testing.T) {
	runner := runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	moved.Register(mux, &runner)
	const json = "application/json"
	for _, c := range []struct {
		method, target, contentType, body string
		status                            int
		want                              string // a part of the body
	}{
		{"POST", "/items", json, `{"name":"a"}`, 200, "a"},
		{"POST", "/items", "application/vnd.api+json", `{"name":"a"}`, 200, "a"},
		{"POST", "/items", "", `{"name":"a"}`, 415, "Content-Type"},
		{"POST", "/items", "text/plain", `{"name":"a"}`, 415, "Content-Type"},
		{"POST", "/items", json, `{"name":"a"} {}`, 400, "syntax"},
		{"POST", "/items", json, `{"name":"a","other":1}`, 200, "a"},
		{"POST", "/items", json, ``, 422, "missing"},
		{"POST", "/items", json, `{"name":1}`, 422, "must be a string"},
		{"POST", "/items", json, `{"name":`, 400, "syntax"},
		{"POST", "/items", json, `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, 413, "larger"},
		{"POST", "/optional", json, ``, 200, "false"},
		{"GET", "/count?n=1", "", "", 200, "1"},
		{"GET", "/count?n=abc", "", "", 422, "must be an integer"},
		{"GET", "/count?n=1&n=2", "", "", 200, "2"},
		{"GET", "/count", "", "", 422, "missing"},
		{"GET", "/maybe?n=", "", "", 200, "false"},
		{"GET", "/items/1?n=abc", "", "", 422, "must be an integer"},
		{"POST", "/accept", "", "", 202, ""},
		{"GET", "/list", "", "", 200, "[]"},
		{"GET", "/fail", "", "", 500, `{"title":"Internal Server Error","status":500}`},
		{"HEAD", "/list", "", "", 200, ""},
		{"GET", "/nowhere", "", "", 404, "404 page not found"},
		{"PUT", "/items", "", "", 405, "Method Not Allowed"},
	} {
		r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
		if c.contentType != "" {
			r.Header.Set("Content-Type", c.contentType)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s %q %.30q: %d %s, want %d with %s", c.method, c.target, c.contentType, c.body, w.Code, w.Body, c.status, c.want)
		}
	}
}
