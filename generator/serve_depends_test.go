package generator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/testdata/ok/apps"
	"github.com/bggen/bggen/testdata/ok/cleanup"
	"github.com/bggen/bggen/testdata/ok/guards"
	"github.com/bggen/bggen/testdata/ok/interfaces"
	"github.com/bggen/bggen/testdata/ok/methods"
	"github.com/bggen/bggen/testdata/ok/providers"
	"github.com/bggen/bggen/testdata/ok/sources"
	"github.com/bggen/bggen/testdata/ok/uses"
	"github.com/bggen/bggen/testdata/ok/uses/auth"
	"github.com/bggen/bggen/testdata/ok/uses/core"
	"github.com/bggen/bggen/testdata/ok/uses/embedded"
)

func TestMethods(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	users := &methods.Users{Names: map[int]string{1: "ann"}, Log: make(chan string, 1)}
	methods.Register(mux, runner, users)
	drive(t, mux, [][3]string{
		{"GET /users/1", "200", "hello ann"},
		{"GET /users", "200", "[1,1,true,true]"},
		{"PUT /users/2\n\"bob\"", "204", ""},
	})
	if line := <-users.Log; line != "renamed bob" {
		t.Errorf("the log has %q", line)
	}
}

func TestProviders(t *testing.T) {
	mux := http.NewServeMux()
	providers.Register(mux, newRunner())
	get := func(target, user string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", target, nil)
		if user != "" {
			r.SetBasicAuth(user, "")
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	if w := get("/shops/s/2?limit=3", "ann"); w.Body.String() != `["ann@s","s",2,3]` {
		t.Errorf("the answer is %d %s", w.Code, w.Body)
	}
	if n := providers.Calls.Load(); n != 1 {
		t.Errorf("NewRepo was called %d times in one request", n)
	}
	if w := get("/shops/s/2", ""); w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Basic" {
		t.Errorf("without a user: %d %v", w.Code, w.Header())
	}
	if w := get("/shops/s/2", "mallory"); w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("a provider that fails: %d %s", w.Code, w.Body)
	}
	before := providers.Calls.Load()
	if w := get("/shops/s/x?limit=y", "ann"); w.Code != 422 || strings.Count(w.Body.String(), `"code"`) != 2 {
		t.Errorf("values that do not fit: %d %s", w.Code, w.Body)
	}
	if providers.Calls.Load() != before {
		t.Error("a provider was called for a request that could not be bound")
	}
}

func TestApp(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	said := make(mailer, 2)
	app := apps.New(said, func(what string) { said <- what })
	app.Name = "shop"
	apps.Register(mux, runner, app)
	drive(t, mux, [][3]string{
		{"GET /users", "200", `["ann","good 9shop"]`},
		{"POST /invite/bob", "204", ""},
		{"GET /log?name=log:", "200", "log:invited bob"},
		{"GET /named?name=ann&suffix=x", "200", "shopx"},
	})
	if a, b := <-said, <-said; a != "welcome" || b != "mail to bob" {
		t.Errorf("the task said %q, %q", a, b)
	}

	// A field that is nil is an error when the program starts.
	app.Users = nil
	defer func() {
		if p := recover(); p != "runtime: apps.App.Users is nil, and Users.List needs it" {
			t.Errorf("without Users: %v", p)
		}
	}()
	apps.UsersListHandler(runner, app)
}

func TestSources(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	app := &sources.App{
		A: sources.A{DB: &sources.First{Name: "a"}}, B: &sources.B{DB: &sources.Second{Name: "b"}},
		Auth: &sources.Auth{Token: "t"}, Lines: make(chan string, 10),
	}
	sources.Register(mux, runner, app)
	drive(t, mux, [][3]string{
		{"GET /data/x", "401", `{"title":"Unauthorized","status":401}`}, // and not 422
		{"POST /locked", "204", ""},
		{"GET /fresh", "200", "[1,0]"},
		{"GET /which", "200", "twoone"},
		{"GET /numbers?len=1&2fa=x", "200", `[10,1,null,"x",null]`},
	})
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for len(app.Lines) > 0 {
		lines = append(lines, <-app.Lines)
	}
	if got := strings.Join(lines, " "); got != "lock locked unlock ticket" || runner.Stats().Failed != 1 {
		t.Errorf("%s, %+v", got, runner.Stats())
	}
	r := httptest.NewRequest("GET", "/data/3", nil)
	r.Header.Set("Token", "t")
	w := httptest.NewRecorder()
	if mux.ServeHTTP(w, r); w.Body.String() != "3ab" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}

	app.B = nil
	defer func() {
		if p := recover(); p != "runtime: sources.App.B is nil, and Show needs it" {
			t.Errorf("without B: %v", p)
		}
	}()
	sources.ShowHandler(runner, app)
}

func TestInterfaces(t *testing.T) {
	mux := http.NewServeMux()
	interfaces.Register(mux, newRunner(), &interfaces.App{Mail: &interfaces.SMTP{Host: "h"}})
	drive(t, mux, [][3]string{{"GET /a", "200", "h to b"}})
}

func TestGuards(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	guards.Register(mux, runner)
	send := func(request string, header ...string) string {
		head, body, _ := strings.Cut(request, "\n")
		method, target, _ := strings.Cut(head, " ")
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return fmt.Sprint(w.Code, " ", w.Body)
	}
	const as = "Authorization"
	for _, c := range [][2]string{
		// 401 comes before 422.
		{send("GET /me/x"), `401 {"title":"Unauthorized","status":401}`},
		{send("GET /me/x", as, "ann"), "422 " + problem(422, `{"in":"path","name":"id","code":"type","message":"must be an integer"}`)},
		{send("GET /me/1", as, "ann"), `200 [1,"ann"]`},
		{send("GET /admin?page=3"), `401 {"title":"Unauthorized","status":401}`},
		{send("GET /admin?page=x", as, "ann"), `403 {"title":"Forbidden","status":403}`},
		{send("GET /admin?page=3", as, "admin"), "200 3"},
		{send("POST /hook\n[1]", "X-Signature", "[1]", "Content-Type", "application/json"), "200 [[1],3]"},
		{send("POST /hook\n[", "X-Signature", "[1]", "Content-Type", "application/json"), `401 {"title":"Bad signature","status":401}`},
		{send("POST /hook\n["), "422 " + problem(422, `{"in":"header","name":"X-Signature","code":"missing","message":"is required"}`)},
		{send("GET /choose/7?role=r"), `200 [7,20,"en","r",null,"dark",null,true,1,true]`},
		{send("GET /choose/7?role=r&limit=2&language=fr", "Cookie", "session=s; ui=light", "Accept", "a", "Accept", "b"),
			`200 [7,2,"fr","r","s","light",["a","b"],true,1,true]`},
		{send("GET /choose/7"), "422 " + problem(422, `{"in":"query","name":"role","code":"missing","message":"is required"}`)},
		{send("GET /behind"), `200 ["behind"]`},
		{send("GET /behind?refuse=yes"), `423 {"title":"Locked","status":423}`},
	} {
		if c[0] != c[1] {
			t.Errorf("got  %s\nwant %s", c[0], c[1])
		}
	}
	if n := guards.Calls.Load(); n != 14 {
		t.Errorf("the guard of the package was called %d times", n)
	}
	if err := runner.Idle(t.Context()); err != nil || len(guards.Noted) != 6 {
		t.Errorf("%v, and %d requests that succeeded ran the guard's task", err, len(guards.Noted))
	}
}

func TestCleanup(t *testing.T) {
	for request, want := range map[string]string{
		"POST /order":            "200 begin connect open order settle lazy commit disconnect task <nil> close",
		"POST /order?fail=oops":  "500 begin connect open settle lazy rollback: oops disconnect close",
		"POST /order?fail=panic": "panic on purpose begin connect open settle lazy rollback: panic: on purpose disconnect close",
		"POST /copy":             "204 connect disconnect a copy",
		"POST /store?item=x":     "204 begin connect open store x commit close disconnect",
		"POST /store?item=":      "204 begin connect open store  rollback: nothing to store close disconnect",
		"GET /health":            "204 connect disconnect",
	} {
		mux := http.NewServeMux()
		runner := newRunner()
		log := &cleanup.Log{Lines: make(chan string, 20)}
		cleanup.Register(mux, runner, log)
		got := outcome(t, mux, request)
		if err := runner.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		close(log.Lines)
		for line := range log.Lines {
			got += " " + line
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", request, got, want)
		}
	}
}

// outcome is the status of the answer, or the panic.
func outcome(t *testing.T, h http.Handler, request string) (text string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprint("panic ", p)
		}
	}()
	return fmt.Sprint(do(t, h, request).Code)
}

type mailer chan string

func (m mailer) Send(to string) { m <- "mail to " + to }

func TestUses(t *testing.T) {
	app := &core.App{Config: &core.Config{Name: "six"}, Users: &core.Users{Admins: []string{"ann"}}}
	mux := http.NewServeMux()
	runner := newRunner()
	uses.Register(mux, runner, app)
	embedded.Register(mux, runner, &embedded.App{App: app, Audits: &auth.Service{Prefix: "by "}})
	get := func(target, user string) (int, string) {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("X-Tenant", "t")
		if user != "" {
			r.Header.Set("Authorization", user)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for _, c := range []struct {
		target, user string
		code         int
		body         string
	}{
		{"/me", "ann", 200, "ann@t"},
		{"/me", "", 401, ""},
		{"/admin", "ann", 200, "ann at six o'clock"},
		{"/admin", "bob", 403, ""},
		{"/admin?locked=maybe", "bob", 403, ""},
		{"/admin?locked=maybe", "ann", 422, "locked"},
		{"/items", "", 200, "six six 0"},
		{"/boxes", "", 200, "3 0"},
		{"/audited", "ann", 200, "by ann six o'clock"},
		{"/audited?denied=yes", "", 418, ""},
	} {
		if code, body := get(c.target, c.user); code != c.code || !strings.Contains(body, c.body) {
			t.Errorf("%s of %q: %d %s", c.target, c.user, code, body)
		}
	}
	drive(t, mux, [][3]string{{"POST /ticks", "204", ""}})
	if line := <-uses.Ticks; line != "six o'clocksix!" {
		t.Errorf("the task has sent %q", line)
	}
}
