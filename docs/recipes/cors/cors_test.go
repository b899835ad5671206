package cors

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bggen/bggen/runtime"
)

func TestAllow(t *testing.T) {
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner)
	handler := Allow([]string{"https://shop.example"}, mux)
	for _, c := range []struct {
		method, origin string
		status         int
		allowed        string
	}{
		{"PUT", "https://shop.example", 200, "https://shop.example"},
		{"PUT", "https://evil.example", 200, ""}, // the browser does not show the answer
		{"OPTIONS", "https://shop.example", 204, "https://shop.example"},
		{"OPTIONS", "https://evil.example", 405, ""},
	} {
		r := httptest.NewRequest(c.method, "/hello", nil)
		r.Header.Set("Origin", c.origin)
		if c.method == "OPTIONS" {
			r.Header.Set("Access-Control-Request-Method", "PUT")
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Access-Control-Allow-Origin") != c.allowed {
			t.Errorf("%s from %s: %d, %v", c.method, c.origin, w.Code, w.Header())
		}
	}
}
