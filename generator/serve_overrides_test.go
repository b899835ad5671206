package generator_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/testdata/ok/overrides"
)

// serveOverrides answers one request with some providers replaced.
func serveOverrides(t *testing.T, app *overrides.App, o overrides.Overrides, target string, header ...string) (int, string) {
	t.Helper()
	mux := http.NewServeMux()
	overrides.Register(mux, newRunner(), app, o)
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func newSession(*http.Request) (*overrides.Session, error) { return &overrides.Session{Name: "s"}, nil }
func newUsers(*http.Request) (overrides.Users, error)      { return overrides.Users{From: "u"}, nil }
func newOrders(*http.Request) (overrides.Orders, error)    { return overrides.Orders{From: "o"}, nil }
func newTrail(*http.Request) (*overrides.Trail, error)     { return &overrides.Trail{}, nil }
func requireMember(r *http.Request) (overrides.Member, error) {
	return overrides.Member(r.PathValue("shop")), nil
}

func TestOverrides(t *testing.T) {
	full := func() *overrides.App { return &overrides.App{DB: &overrides.DB{}, Log: &overrides.Log{}} }
	tenant := []string{"X-Tenant", "t", "Authorization", "let me in"}
	for name, c := range map[string]struct {
		o        overrides.Overrides
		target   string
		header   []string
		code     int
		body     string
		sessions int
	}{
		"none":                            {target: "/shops/a/both?page=2", header: tenant, code: 200, body: "a|member of a|t|t2", sessions: 1},
		"what one of two needs stays":     {o: overrides.Overrides{NewUsers: newUsers}, target: "/shops/a/both", header: tenant, code: 200, body: "a|member of a|u|t1", sessions: 1},
		"what nobody needs goes":          {o: overrides.Overrides{NewUsers: newUsers, NewOrders: newOrders}, target: "/shops/a/both?page=0", header: tenant[2:], code: 200, body: "a|member of a|u|o"},
		"the shared one itself":           {o: overrides.Overrides{NewSession: newSession}, target: "/shops/a/both", header: tenant[2:], code: 200, body: "a|member of a|s|s1"},
		"its parameters are needed again": {o: overrides.Overrides{NewUsers: newUsers}, target: "/shops/a/both", header: tenant[2:], code: 422, body: "X-Tenant"},
		"a guard":                         {o: overrides.Overrides{RequireMember: requireMember}, target: "/shops/a/both", header: tenant[:2], code: 200, body: "a|a|t|t1", sessions: 1},
		"a guard, and one error of each kind": {
			o: overrides.Overrides{RequireMember: requireMember}, target: "/shops/a/both?page=0", code: 422,
			body: `[{"in":"query","name":"page","code":"min","message":"must be at least 1"},{"in":"header","name":"X-Tenant","code":"missing","message":"is required"}]`,
		},
		"a parameter that the handler needs too stays": {o: overrides.Overrides{NewUsers: newUsers}, target: "/one?page=0", code: 422, body: "page"},
		"one at the end of a chain":                    {o: overrides.Overrides{NewUsers: newUsers}, target: "/one?page=3", code: 200, body: "u3"},
		"one in the middle of a chain":                 {o: overrides.Overrides{NewSession: newSession}, target: "/one", code: 200, body: "s1"},
		"what the handler needs itself stays":          {o: overrides.Overrides{NewOrders: newOrders}, target: "/direct?page=0", header: tenant, code: 200, body: "to", sessions: 1},
		"the guard of a provider":                      {target: "/walk?refuse=on", code: 403},
		"goes with it":                                 {o: overrides.Overrides{NewTrail: newTrail}, target: "/walk?q=x", code: 200, body: "no audit"},
		"a failure": {
			o:      overrides.Overrides{NewUsers: func(*http.Request) (overrides.Users, error) { return overrides.Users{}, errors.New("no") }},
			target: "/one", code: 500,
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := full()
			code, body := serveOverrides(t, app, c.o, c.target, c.header...)
			if code != c.code || !strings.Contains(body, c.body) {
				t.Errorf("the answer is %d %s", code, body)
			}
			if app.DB.Sessions != c.sessions {
				t.Errorf("%d sessions were opened", app.DB.Sessions)
			}
		})
	}
}

// TestOverriddenFields checks that nobody asks for a field of the app struct
// that only a replaced provider needs.
func TestOverriddenFields(t *testing.T) {
	all := overrides.Overrides{NewSession: newSession, NewTrail: newTrail}
	if code, body := serveOverrides(t, &overrides.App{}, all, "/one"); code != 200 || body != "s1" {
		t.Errorf("without a database: %d %s", code, body)
	}
	defer func() {
		if r, _ := recover().(string); !strings.Contains(r, "overrides.App.Log is nil, and Walk needs it") {
			t.Errorf("Register panicked with %q", r)
		}
	}()
	serveOverrides(t, &overrides.App{}, overrides.Overrides{NewSession: newSession}, "/one")
	t.Error("Register took an app without a log")
}
