package generator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/testdata/ok/guarded"
	"github.com/bggen/bggen/testdata/ok/guarded/auth"
	"github.com/bggen/bggen/testdata/ok/methods"
)

// A parameter of the type that a guard makes is enough: the guard runs before
// anything else is bound, and before a byte of the body is read.
func TestGuardsSaidOnce(t *testing.T) {
	app := &auth.App{Limit: &auth.Limiter{}}
	mux := http.NewServeMux()
	guarded.Register(mux, newRunner(), app)
	get := func(method, target, user string, body io.Reader) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, body)
		r.Header.Set("Content-Type", "application/json")
		if user != "" {
			r.Header.Set("Authorization", user)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	for _, c := range []struct {
		method, target, user, body string
		status                     int
		answer                     string
	}{
		{"POST", "/v1/acme/orders", "ann", `{"item":"tea"}`, 200, "acme sells tea to ann"},
		{"POST", "/v1/acme/orders", "ann", `{}`, 422, "item"},
		{"POST", "/v1/acme/orders", "", "unread", 401, ""},
		{"GET", "/v1/acme/cart?limit=1&page=2", "ann", "", 200, "ann"},
		{"GET", "/v1/acme/cart", "", "", 401, ""},
		{"GET", "/v1/acme/cart", "ann", "", 422, `"name":"page"`},
		{"DELETE", "/v1/acme/orders/x", "", "", 401, ""},
		{"DELETE", "/v1/acme/orders/x", "ann", "", 403, ""},
		{"DELETE", "/v1/acme/orders/x", "admin", "", 422, `"name":"id"`},
		{"DELETE", "/v1/acme/orders/7", "admin", "", 204, ""},
		{"GET", "/v1/acme/both/x", "", "", 202, "x"},
		{"PUT", "/v1/acme/both/x", "", "", 202, "x"},
		{"POST", "/v1/acme/both/x", "", "", 405, ""},
		{"PATCH", "/v1/acme/health", "", "", 200, "ok"},
	} {
		body := io.Reader(strings.NewReader(c.body))
		if c.body == "unread" {
			body = unreadable{t}
		}
		w := get(c.method, c.target, c.user, body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.answer) {
			t.Errorf("%s %s as %q: %d %s", c.method, c.target, c.user, w.Code, w.Body)
		}
		if w.Code == 401 && (strings.Contains(w.Body.String(), "limit") || strings.Contains(w.Body.String(), "item") || strings.Contains(w.Body.String(), "page")) {
			t.Errorf("%s %s tells a stranger of the parameters: %s", c.method, c.target, w.Body)
		}
	}
	app.Limit.Closed = true
	for target, status := range map[string]int{"/v1/acme/cart": 429, "/v1/acme/both/x": 429, "/v1/acme/health": 200} {
		if w := get("GET", target, "ann", nil); w.Code != status {
			t.Errorf("%s without room: %d, want %d", target, w.Code, status)
		}
	}
}

// unreadable is a body that must not be read.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// One line replaces a guard of the shared package, in every package that uses it.
func TestOverrideOfASharedGuard(t *testing.T) {
	mux := http.NewServeMux()
	guarded.Register(mux, newRunner(), &auth.App{Limit: &auth.Limiter{}}, auth.Overrides{
		RequireUser: func(*http.Request) (auth.User, error) { return auth.User{Name: "admin"}, nil },
	})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("DELETE", "/v1/acme/orders/7", nil))
	if w.Code != 204 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A handler without a route takes path values from where its path says.
func TestHandlerPath(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("GET /items/{item}", guarded.ByHandHandler(newRunner(), &auth.App{Limit: &auth.Limiter{}}))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/items/tea", nil))
	if w.Code != 200 || w.Body.String() != "tea" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Register works for several muxes with one runner, and says what to do where
// the app values differ.
func TestRegisterTwice(t *testing.T) {
	runner := newRunner()
	users := &methods.Users{Log: make(chan string, 1)}
	for range 2 {
		methods.Register(http.NewServeMux(), runner, users)
	}
	defer func() {
		if why, ok := recover().(string); !ok || !strings.Contains(why, "use one runner for each app value") {
			t.Errorf("it panics with %v", why)
		}
	}()
	methods.Register(http.NewServeMux(), runner, &methods.Users{Log: users.Log})
}
