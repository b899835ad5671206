package session

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
)

func TestSession(t *testing.T) {
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, &App{
		Sessions: &Sessions{},
		Password: func(name string) (string, bool) { return "secret", name == "ann" },
	})
	var cookie *http.Cookie
	do := func(method, path, body string, want int) {
		t.Helper()
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if cookie != nil {
			r.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s %s: status %d, want %d: %s", method, path, w.Code, want, w.Body)
		}
		if set := w.Result().Cookies(); len(set) == 1 && set[0].MaxAge > 0 {
			cookie = set[0]
		}
	}
	do("GET", "/me", "", 401)
	do("POST", "/login", `{"name":"ann","password":"wrong"}`, 401)
	do("POST", "/login", `{"name":"ann","password":"secret"}`, 200)
	do("GET", "/me", "", 200)
	do("POST", "/logout", "", 200)
	do("GET", "/me", "", 401) // the cookie is still sent, and worth nothing
}
