package generator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime/auth"
	"github.com/bggen/bggen/testdata/ok/credentials"
)

// A request without its credentials is answered with 401 and a challenge, and is
// told nothing of the parameters.
func TestCredentials(t *testing.T) {
	mux := http.NewServeMux()
	credentials.Register(mux, newRunner())
	for _, c := range []struct {
		method, target, header string
		status                 int
		challenge, answer      string
	}{
		{"GET", "/me?limit=1", "Authorization: Bearer secret", 200, "", "ann"},
		{"GET", "/me?limit=1", "Authorization: bearer  secret", 200, "", "ann"},
		{"GET", "/me", "Authorization: Bearer secret", 422, "", "limit"},
		{"GET", "/me", "", 401, "Bearer", "required"},
		{"GET", "/me", "Authorization: Basic YTpi", 401, "Bearer", "required"},
		{"GET", "/me", "Authorization: Bearer", 401, "Bearer", "required"},
		{"GET", "/me", "Authorization: Bearer wrong", 401, `Bearer error="invalid_token"`, "not valid"},
		{"GET", "/who", "", 200, "", "nobody"},
		{"GET", "/who", "Authorization: Bearer x", 200, "", "x"},
		{"POST", "/login", "", 401, `Basic realm="restricted", charset="UTF-8"`, "required"},
		{"POST", "/login", "Authorization: Basic YW5uOnBhc3M=", 200, "", "ann"},
		{"POST", "/login", "Authorization: Basic YW5uOm5v", 401, `Basic realm="restricted", charset="UTF-8"`, "wrong"},
		{"POST", "/login", "Authorization: Basic %%%", 401, `Basic realm="restricted", charset="UTF-8"`, "required"},
		{"POST", "/run?limit=1", "X-Api-Key: k", 200, "", "client"},
		{"POST", "/run", "", 401, "ApiKey", "required"},
		{"POST", "/run", "X-Api-Key: no", 401, "ApiKey", "not valid"},
		{"GET", "/cookie", "", 200, "", "false"},
		{"GET", "/cookie", "Cookie: key=k", 200, "", "true"},
	} {
		r := httptest.NewRequest(c.method, c.target, nil)
		if name, value, ok := strings.Cut(c.header, ": "); ok {
			r.Header.Set(name, value)
		} else if name != "" {
			t.Fatal(c.header)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("WWW-Authenticate") != c.challenge || !strings.Contains(w.Body.String(), c.answer) {
			t.Errorf("%s %s with %q: %d %v %s", c.method, c.target, c.header, w.Code, w.Header(), w.Body)
		}
		if w.Code == 401 && strings.Contains(w.Body.String(), "limit") {
			t.Errorf("%s: a stranger is told of the parameters: %s", c.target, w.Body)
		}
	}
}

// What an option replaces is the provider of package auth, in every package.
func TestOverrideOfCredentials(t *testing.T) {
	mux := http.NewServeMux()
	credentials.Register(mux, newRunner(), auth.Overrides{
		RequireBearer: func(*http.Request) (auth.Bearer, error) { return "secret", nil },
	})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/me?limit=1", nil))
	if w.Code != 200 || w.Body.String() != "ann" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
