package adapter

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// FuzzParameters compares with package net/url: the same values, and an error
// where that has one.
func FuzzParameters(f *testing.F) {
	for _, raw := range []string{"a=1&b=2&a=3", "a=%zz", "a=1;b=2", "name=100%", "a", "&&a=&=1", "a+b=c+d", "%61=%31", "a=%", "a=%4", "ü=%C3%BC"} {
		f.Add(raw, "a")
	}
	f.Fuzz(func(t *testing.T, raw, name string) {
		x := new(Exchange)
		var p parameters
		p.parse(x, inQuery, raw)
		want, err := url.ParseQuery(raw)
		if (err != nil) != (x.bindErrors != nil) {
			t.Errorf("%q: %v, and net/url says %v", raw, x.bindErrors, err)
		}
		if err == nil && !slices.Equal(slices.Collect(p.all(name)), want[name]) {
			t.Errorf("%q: %q, want %q", raw, slices.Collect(p.all(name)), want[name])
		}
		if last, ok := p.last(name); err == nil && ok && last != want[name][len(want[name])-1] {
			t.Errorf("%q: %q, want the last of %q", raw, last, want[name])
		}
	})
}

// What cannot be decoded is an error that names the parameter, and never an
// absent value.
func TestMalformedQuery(t *testing.T) {
	serve := New("test", new(runtime.Runner), nil, func(x *Exchange) error {
		dry := Optional[bool](x.Query("dry"))
		if err := x.Bound(); err != nil {
			return err
		}
		return JSON(x, http.StatusOK, dry)
	})
	for query, want := range map[string]string{
		"dry=true":                         "true",
		"x=1":                              "null",
		"dry=%zz":                          `{"in":"query","name":"dry","code":"syntax"`,
		"dry=true;name=x":                  `{"in":"query","name":"dry","code":"syntax"`,
		"name=100%":                        `{"in":"query","name":"name","code":"syntax"`,
		strings.Repeat("&", maxParameters): `{"in":"query","code":"too_many"`,
	} {
		w := httptest.NewRecorder()
		serve.ServeHTTP(w, httptest.NewRequest("DELETE", "/items?"+query, nil))
		if !strings.Contains(w.Body.String(), want) || (w.Code == 200) != !strings.HasPrefix(want, "{") {
			t.Errorf("%.40s: %d %s", query, w.Code, w.Body)
		}
	}
}

// A router that sets no path values is a fault of the server, said once.
func TestUnsetPathValue(t *testing.T) {
	var log strings.Builder
	runner := &runtime.Runner{Logger: textLogger(&log)}
	serve := func(x *Exchange) error {
		org := Required[string](x.Path("org"))
		if err := x.Bound(); err != nil {
			return err
		}
		return Text(x, http.StatusOK, org)
	}
	for range 2 {
		w := httptest.NewRecorder()
		New("test", runner, nil, serve).ServeHTTP(w, httptest.NewRequest("POST", "/orgs/acme", nil))
		if w.Code != http.StatusInternalServerError {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	once := New("test", runner, nil, serve)
	log.Reset()
	for range 3 {
		once.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/orgs/acme", nil))
	}
	if got := strings.Count(log.String(), "runtime.WithPathValues"); got != 1 || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("it is said %d times:\n%s", got, &log)
	}
	h := New("test", runner, []runtime.Option{runtime.WithPathValues(func(_ *http.Request, name string) string { return "the " + name })}, serve)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/orgs/acme", nil))
	if w.Code != http.StatusOK || w.Body.String() != "the org" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	mux := http.NewServeMux()
	mux.Handle("/files/{org...}", New("test", runner, nil, serve))
	w = httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/files/", nil))
	if w.Code != http.StatusOK || w.Body.String() != "" {
		t.Errorf("the rest of a path may be empty: %d %s", w.Code, w.Body)
	}
}

func TestHostHeader(t *testing.T) {
	h := New("test", new(runtime.Runner), nil, func(x *Exchange) error {
		host := Required[string](x.Header("Host"))
		if err := x.Bound(); err != nil {
			return err
		}
		return Text(x, http.StatusOK, host)
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "http://shop.example/", nil))
	if w.Code != http.StatusOK || w.Body.String() != "shop.example" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
