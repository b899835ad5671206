package generator_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/apps"
	"github.com/bggen/bggen/testdata/ok/bodies"
	"github.com/bggen/bggen/testdata/ok/cleanup"
	"github.com/bggen/bggen/testdata/ok/constraint"
	"github.com/bggen/bggen/testdata/ok/guards"
	"github.com/bggen/bggen/testdata/ok/interfaces"
	"github.com/bggen/bggen/testdata/ok/limits"
	"github.com/bggen/bggen/testdata/ok/methods"
	"github.com/bggen/bggen/testdata/ok/names"
	"github.com/bggen/bggen/testdata/ok/odd"
	"github.com/bggen/bggen/testdata/ok/params"
	"github.com/bggen/bggen/testdata/ok/plain"
	"github.com/bggen/bggen/testdata/ok/providers"
	"github.com/bggen/bggen/testdata/ok/results"
	"github.com/bggen/bggen/testdata/ok/shadow"
	"github.com/bggen/bggen/testdata/ok/tasks"
	"github.com/bggen/bggen/testdata/ok/types"
	"github.com/bggen/bggen/testdata/ok/unexported"
)

func newRunner() *runtime.Runner { return &runtime.Runner{Logger: slog.New(slog.DiscardHandler)} }

// do sends a request: method, target and body; a body is sent as JSON.
func do(t *testing.T, h http.Handler, request string) *httptest.ResponseRecorder {
	t.Helper()
	head, body, hasBody := strings.Cut(request, "\n")
	method, target, _ := strings.Cut(head, " ")
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if hasBody {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// drive sends requests, and compares status and body.
func drive(t *testing.T, h http.Handler, cases [][3]string) {
	t.Helper()
	for _, c := range cases {
		w := do(t, h, c[0])
		got := w.Result()
		if body := w.Body.String(); got.Status[:3] != c[1] || body != c[2] {
			t.Errorf("%s\ngot  %s %s\nwant %s %s", c[0], got.Status[:3], body, c[1], c[2])
		}
	}
}

// problem is a problem document with binding errors.
func problem(status int, errors string) string {
	title := http.StatusText(status)
	return `{"title":"` + title + `","status":` + itoa(status) + `,"detail":"the request does not fit","errors":[` + errors + `]}`
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestParams(t *testing.T) {
	mux := http.NewServeMux()
	params.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /path/a%20b/-128/yes/7/::1/2026-01-02T03:04:05Z/x/y", "200", `["a b",-128,true,7,"::1","2026-01-02T03:04:05Z","x/y"]`},
		{"GET /path/a/128/maybe/x/nowhere/today/x", "422", problem(422, `{"in":"path","name":"number","code":"type","message":"is out of range"},`+
			`{"in":"path","name":"ok","code":"type","message":"must be true or false"},`+
			`{"in":"path","name":"user","code":"type","message":"must be an integer"},`+
			`{"in":"path","name":"from","code":"type","message":"is not valid"},`+
			`{"in":"path","name":"day","code":"type","message":"must be a time such as 2006-01-02T15:04:05Z"}`)},
		{"GET /query?text=&count=1&ratio=0.5", "200", `{"count":1,"flag":null,"id":null,"limit":null,"ratio":0.5,"tag":null,"text":"","wait":null}`},
		{"GET /query?text=a&text=b%2Bc+d&count=1&ratio=1&limit=5&wait=1m&flag=off&id=1&tag=x&id=2", "200",
			`{"count":1,"flag":false,"id":[1,2],"limit":5,"ratio":1,"tag":["x"],"text":"b+c d","wait":60000000000}`},
		{"GET /query?count=&ratio=NaN&limit=&id=1&id=b", "422", problem(422, `{"in":"query","name":"text","code":"missing","message":"is required"},`+
			`{"in":"query","name":"count","code":"type","message":"must be an integer that is not negative"},`+
			`{"in":"query","name":"ratio","code":"type","message":"must be a number"},`+
			`{"in":"query","name":"id[1]","code":"type","message":"must be an integer"}`)},
		{"GET /two/1/2", "200", "1,2"},
		{"PUT http://example.com/two/1/2", "200", "2,1"},
		{"GET /", "200", "root"},
	})
}

func TestBodies(t *testing.T) {
	mux := http.NewServeMux()
	bodies.Register(mux, newRunner())
	missing := problem(422, `{"in":"body","code":"missing","message":"is required"}`)
	drive(t, mux, [][3]string{
		{"POST /json\n" + `{"item":"a","quantity":2,"next":{"item":"b"}}`, "200", `{"item":"a","quantity":2,"tags":null,"next":{"item":"b","quantity":0,"tags":null,"next":null}}`},
		{"POST /json\n", "422", missing},
		{"POST /json\n null ", "422", missing},
		{"POST /json\n{\"quantity\":\"x\"}", "422", problem(422, `{"in":"body","name":"quantity","code":"type","message":"must be an integer in the range of int"}`)},
		{"POST /json\n{\"next\":{\"tags\":3}}", "422", problem(422, `{"in":"body","name":"next.tags","code":"type","message":"must be a list"}`)},
		{"POST /json\n{", "400", problem(400, `{"in":"body","code":"syntax","message":"is not valid JSON at byte 1"}`)},
		{"POST /json\n{} {}", "400", problem(400, `{"in":"body","code":"syntax","message":"is not valid JSON at byte 4"}`)},
		{"POST /json\n" + strings.Repeat(" ", 1<<20) + "{}", "413", problem(413, `{"in":"body","code":"size","message":"is larger than 1048576 bytes"}`)},
		{"POST /optional", "200", "none"},
		{"POST /optional\nnull", "200", "none"},
		{"POST /optional\n{\"item\":\"x\"}", "200", "x"},
		{"POST /raw\n" + strings.Repeat("r", 1024), "200", strings.Repeat("r", 1024)},
		{"POST /raw\n" + strings.Repeat("r", 1025), "413", problem(413, `{"in":"body","code":"size","message":"is larger than 1024 bytes"}`)},
		{"POST /message\n[1]", "200", "3"},
		{"POST /any\n{\"a\":1,\"b\":[]}", "200", "2"},
		{"PUT /shared/3\n{\"item\":\"x\"}", "200", `[3,"x",12]`},
		{"PUT /shared/x\n{", "400", problem(400, `{"in":"path","name":"id","code":"type","message":"must be an integer"},{"in":"body","code":"syntax","message":"is not valid JSON at byte 1"}`)},
	})
	r := httptest.NewRequest("POST", "/json", strings.NewReader("{}"))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != 415 || !strings.Contains(w.Body.String(), "Content-Type: application/json") {
		t.Errorf("without a Content-Type: %d %s", w.Code, w.Body)
	}
	for _, media := range []string{"application/json; charset=utf-8", "application/vnd.api+json"} {
		r := httptest.NewRequest("POST", "/json", strings.NewReader("{}"))
		r.Header.Set("Content-Type", media)
		w := httptest.NewRecorder()
		if mux.ServeHTTP(w, r); w.Code != 200 {
			t.Errorf("%s: %d %s", media, w.Code, w.Body)
		}
	}
}

func TestResults(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	results.Register(mux, runner)
	drive(t, mux, [][3]string{
		{"GET /nothing", "204", ""},
		{"POST /accepted", "202", ""},
		{"GET /fails/not", "204", ""},
		{"GET /fails/found", "404", `{"title":"Not Found","status":404,"detail":"no such thing"}`},
		{"GET /fails/problem", "409", `{"title":"Taken","status":409}`},
		{"GET /fails/otherwise", "500", `{"title":"Internal Server Error","status":500}`},
		{"GET /list", "200", "[]"},
		{"POST /created", "201", `{"id":1}`},
		{"GET /text", "200", "<text>"},
		{"GET /named", "200", `"\u003cname\u003e"`},
		{"GET /bytes", "200", "png"},
		{"GET /broken", "500", `{"title":"Internal Server Error","status":500}`},
		{"GET /large", "200", strings.Repeat("\x00", 10_000)},
		{"GET /reader", "202", "streamed"},
		{"GET /reader?missing=1", "404", `{"title":"Not Found","status":404,"detail":"no such thing"}`},
		{"GET /handler", "302", "<a href=\"/text\">Found</a>.\n\n"},
		{"GET /full", "404", "[]"},
		{"GET /fixed", "203", "fixed"},
	})
	if word := <-results.Ran; word != "full" {
		t.Errorf("the task of a Response said %q", word)
	}
	if h := do(t, mux, "GET /full").Header(); h.Get("X-Full") != "yes" || h.Get("Set-Cookie") != "full=1" {
		t.Errorf("the headers are %v", h)
	}
	for target, want := range map[string]string{
		"/text": "text/plain; charset=utf-8", "/named": "application/json", "/bytes": "image/png",
		"/large": "application/octet-stream", "/broken": "application/problem+json", "/nothing": "",
	} {
		if got := do(t, mux, "GET "+target).Header().Get("Content-Type"); got != want {
			t.Errorf("%s has type %q, want %q", target, got, want)
		}
	}
	if got := do(t, mux, "GET /fails/problem").Header().Get("Retry-After"); got != "7" {
		t.Errorf("Retry-After is %q", got)
	}
}

func TestErrorHandler(t *testing.T) {
	mux := http.NewServeMux()
	bodies.Register(mux, newRunner(), runtime.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		bind, ok := err.(*runtime.BindError)
		if !ok || bind.Status != 422 || len(bind.Errors) != 1 {
			t.Errorf("the error is %#v", err)
		}
		http.Error(w, err.Error(), http.StatusTeapot)
	}))
	drive(t, mux, [][3]string{{"POST /json\n{\"tags\":1}", "418", "body tags: must be a list\n"}})
}

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

func TestNames(t *testing.T) {
	mux := http.NewServeMux()
	names.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /awkward/1/2/3/4?runner=5&string=a&string=b&Awkward=6&nil=true", "200", `["1","2","3","4",5,["a","b"],6,true]`},
		{"GET /shadow?v=abc&options=4", "200", `{"A":7}`},
		{"GET /spaced", "202", ""},
		{"POST /enqueue", "204", ""},
	})
}

func TestTasks(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	tasks.Register(mux, runner)
	drive(t, mux, [][3]string{{"POST /all", "204", ""}})
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(tasks.Journal)
	got := slices.Collect(func(yield func(string) bool) {
		for line := range tasks.Journal {
			yield(line)
		}
	})
	want := []string{"simple", "0title[1 2] 5part<nil>", "hidden", "from+chain"}
	if !slices.Equal(got, want) {
		t.Errorf("the tasks said %q, want %q", got, want)
	}
	if s := runner.Stats(); s.Ran != 6 || s.Failed != 1 {
		t.Errorf("stats are %+v", s)
	}
}

func TestTypes(t *testing.T) {
	mux := http.NewServeMux()
	types.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"POST /alias\n{\"first\":\"a\",\"second\":[1]}", "200", `{"first":"a","second":[1]}`},
		{"POST /instance\n{\"first\":{\"value\":\"v\"}}", "200", "v"},
		{"POST /anonymous\n{\"a\":[1,2],\"B\":{}}", "200", "2"},
		{"GET /dot/90s", "200", "90"},
		{"GET /hidden/4", "200", "4"},
	})
}

func TestUnexported(t *testing.T) {
	mux := http.NewServeMux()
	sent := unexported.Mount(mux, newRunner())
	drive(t, mux, [][3]string{
		{"POST /send\n{\"text\":\"hi\"}", "200", `{"text":"hi"}`},
		{"GET /status", "200", "ok"},
		{"GET /status?verbose=on", "200", "all is well"},
	})
	if text := <-sent; text != "hi" {
		t.Errorf("sent %q", text)
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

func TestLimits(t *testing.T) {
	mux := http.NewServeMux()
	limits.Register(mux, newRunner())
	get := func(target, level string) string {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("X-Level", level)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return fmt.Sprint(w.Code, " ", w.Body)
	}
	if got := get("/list/%C3%BC%C3%BC%C3%BC%C3%BC?ratio=1&sort=asc&tag=x&code=a+b", "2"); got != `200 ["üüüü",20,1,"asc",null,["x"],2,"a b"]` {
		t.Errorf("got %s", got)
	}
	if got := get("/list/abc?ratio=-0.5&sort=desc&tag=x&tag=y&limit=100&page=1", "3"); got != `200 ["abc",100,-0.5,"desc",1,["x","y"],3,null]` {
		t.Errorf("got %s", got)
	}
	want := "422 " + problem(422, `{"in":"path","name":"shop","code":"minlen","message":"must have at least 2 characters"},`+
		`{"in":"path","name":"shop","code":"pattern","message":"must match ^[a-zü]+$"},`+
		`{"in":"query","name":"limit","code":"min","message":"must be at least 1"},`+
		`{"in":"query","name":"ratio","code":"max","message":"must be at most 1e3"},`+
		`{"in":"query","name":"sort","code":"enum","message":"must be one of asc, desc"},`+
		`{"in":"query","name":"page","code":"min","message":"must be at least 1"},`+
		`{"in":"query","name":"tag","code":"minlen","message":"must have at least 1 item"},`+
		`{"in":"query","name":"code","code":"pattern","message":"must match ^[a-z ]+$"},`+
		`{"in":"header","name":"X-Level","code":"enum","message":"must be one of 1, 2, 3"}`)
	if got := get("/list/X?limit=0&ratio=1001&sort=up&page=0&code=A", "4"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// What cannot be read is not complained of a second time.
	if got := get("/list/abc?limit=x&ratio=1&sort=asc&tag=x", "1"); strings.Count(got, `"code"`) != 1 || !strings.Contains(got, `"type"`) {
		t.Errorf("got %s", got)
	}
	drive(t, mux, [][3]string{{"GET /again?name=a", "200", "a"}})
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

type mailer chan string

func (m mailer) Send(to string) { m <- "mail to " + to }

func TestApp(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	said := make(mailer, 2)
	app := apps.New(said, func(what string) { said <- what })
	apps.Register(mux, runner, app)
	drive(t, mux, [][3]string{
		{"GET /users", "200", `["ann","good 9"]`},
		{"POST /invite/bob", "204", ""},
		{"GET /log?name=log:", "200", "log:invited bob"},
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

func TestShadow(t *testing.T) {
	mux := http.NewServeMux()
	site := &shadow.Site{Log: make(chan string, 1)}
	shadow.Register(mux, newRunner(), site)
	drive(t, mux, [][3]string{
		{"POST /app\n{\"name\":\"a\"}", "200", "a"},
		{"POST /opts\n{\"name\":\"o\"}", "200", "o"},
		{"POST /x\n{\"name\":\"x\"}", "200", `{"name":"x"}`},
		{"GET /runner", "200", "second!"},
	})
	if line := <-site.Log; line != "truex" {
		t.Errorf("the log has %q", line)
	}
}

func TestOdd(t *testing.T) {
	mux := http.NewServeMux()
	runner := newRunner()
	odd.Register(mux, runner)
	drive(t, mux, [][3]string{
		{"POST /fields\n{\"A\":3}", "200", "3"},
		{"POST /box\n[1,2]", "200", "5"},
		{"POST /deep\n{\"A\":{}}", "200", "true"},
		{"POST /normalize\n{\"name\":\"n\"}", "200", `{"name":"n!"}`},
		{"GET /read", "200", `{"Done":true}`},
		{"POST /enqueue", "204", ""},
	})
	if err := runner.Idle(t.Context()); err != nil || runner.Stats().Ran != 2 {
		t.Errorf("%v, %+v", err, runner.Stats())
	}
}

func TestConstraint(t *testing.T) {
	mux := http.NewServeMux()
	constraint.Register(mux, newRunner())
	drive(t, mux, [][3]string{{"GET /constraint", "200", "built"}})
}

func TestPlain(t *testing.T) {
	runner := newRunner()
	mux := http.NewServeMux()
	mux.Handle("/usual/{id}", plain.UsualHandler(runner, nil))
	mux.Handle("/fails", plain.FailsHandler(runner, nil))
	mux.Handle("/page", plain.Site(runner))
	server := httptest.NewServer(mux)
	defer server.Close()
	for target, want := range map[string]string{"/usual/7": "usual", "/fails": "did not fail", "/fails?fail": `{"title":"Internal Server Error","status":500}`, "/page": ""} {
		resp, err := http.Get(server.URL + target)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(resp.Body); err != nil || string(body) != want {
			t.Errorf("%s: %q, %v", target, body, err)
		}
		resp.Body.Close()
	}
	ran := []string{<-plain.Ran, <-plain.Ran}
	slices.Sort(ran)
	if !slices.Equal(ran, []string{"page", "usual 7"}) {
		t.Errorf("ran %q", ran)
	}
	if err := runner.Idle(t.Context()); err != nil || len(plain.Ran) > 0 {
		t.Errorf("%v, and a task too many ran", err)
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
