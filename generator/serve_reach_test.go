package generator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/reach"
	"github.com/bggen/bggen/testdata/ok/reach/doors"
	"github.com/bggen/bggen/testdata/ok/results"
)

var reachRoutes = []string{
	"/type", "/interface", "/used-interface", "/generic", "/depends", "/fresh", "/app-field",
	"/other-package", "/struct", "/body", "/deep", "/guard",
}

// unread is a body that nobody may read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, http.ErrBodyReadAfterClose
}

func (unread) Close() error { return nil }

func serveReach(t *testing.T, target string, opts ...runtime.Option) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	reach.Register(mux, newRunner(), &reach.App{Service: &reach.Service{}}, opts...)
	r := httptest.NewRequest("POST", target+"?n=none", unread{t})
	r.Header.Set("Content-Type", "application/json")
	r.ContentLength = 2
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w
}

// TestReach checks that a guard comes first in whatever way its provider is
// reached, and that no parameter is named to a stranger.
func TestReach(t *testing.T) {
	refuse := func(*http.Request) error { return &runtime.Problem{Status: http.StatusUnauthorized} }
	for name, opts := range map[string][]runtime.Option{
		"as it is":           nil,
		"guards replaced":    {reach.Overrides{MustLogIn: refuse}, doors.Overrides{MustKnock: refuse}},
		"something replaced": {reach.Overrides{MustBeMember: func(*http.Request) error { return nil }}},
	} {
		for _, target := range reachRoutes {
			if name == "something replaced" && target == "/guard" {
				continue // its guard's guard goes with it: see below
			}
			t.Run(name+target, func(t *testing.T) {
				if w := serveReach(t, target, opts...); w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "errors") {
					t.Errorf("the answer is %d %s", w.Code, w.Body)
				}
			})
		}
	}
}

// TestReachReplaced checks that with a provider its guard is replaced, in the
// package of a handler and in others.
func TestReachReplaced(t *testing.T) {
	pass := func(*http.Request) error { return nil }
	for _, c := range []struct {
		target string
		opt    runtime.Option
	}{
		{"/type", reach.Overrides{NewDB: func(*http.Request) (*reach.DB, error) { return nil, nil }}},
		{"/interface", &reach.Overrides{NewDB: func(*http.Request) (*reach.DB, error) { return nil, nil }}},
		{"/generic", reach.Overrides{NewBoxInt: func(*http.Request) (reach.Box[int], error) { return reach.Box[int]{}, nil }}},
		{"/deep", reach.Overrides{NewRepo: func(*http.Request) (*reach.Repo, error) { return nil, nil }}},
		{"/deep", reach.Overrides{MustLogIn: pass}},
		{"/guard", reach.Overrides{MustBeMember: pass}},
		{"/other-package", doors.Overrides{NewKey: func(*http.Request) (doors.Key, error) { return doors.Key{}, nil }}},
		{"/other-package", &doors.Overrides{MustKnock: pass}},
		{"/used-interface", doors.Overrides{MustKnock: pass}},
	} {
		mux := http.NewServeMux()
		reach.Register(mux, newRunner(), &reach.App{Service: &reach.Service{}}, c.opt)
		r := httptest.NewRequest("POST", c.target+"?n=none", strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"name":"n"`) {
			t.Errorf("%s with %T: %d %s", c.target, c.opt, w.Code, w.Body)
		}
	}
}

// TestForeignOverrides checks that nobody takes a test for replaced that is not.
func TestForeignOverrides(t *testing.T) {
	defer func() {
		if p, _ := recover().(string); !strings.Contains(p, "results.Register is given doors.Overrides") {
			t.Errorf("Register panicked with %q", p)
		}
	}()
	results.Register(http.NewServeMux(), newRunner(), doors.Overrides{})
	t.Error("Register took the overrides of a package that it does not use")
}
