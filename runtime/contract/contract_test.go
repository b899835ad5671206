package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime/contract"
)

const spec = `
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
        - {name: sort, in: query, schema: {type: string, enum: [name, price]}}
        - {name: X-Key, in: header, required: true, schema: {type: string, pattern: "^[a-f0-9]{4,8}$"}}
      responses:
        "200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "422": {description: Refused, content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}}
  /orders:
    post:
      operationId: placeOrder
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}
      responses:
        "201": {description: Created, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "400": {$ref: "#/components/responses/Refused"}
        "422": {$ref: "#/components/responses/Refused"}
components:
  responses:
    Refused: {description: Refused, content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}}
  schemas:
    Order:
      type: object
      required: [id, lines]
      properties:
        id: {type: integer, format: int64}
        lines: {type: array, items: {type: string}}
    NewOrder:
      type: object
      required: [name, count]
      properties:
        name: {type: string, minLength: 2, maxLength: 10}
        count: {type: integer, format: int32, minimum: 1, maximum: 9}
        gift: {type: [boolean, "null"]}
    Problem:
      type: object
      required: [status]
      properties: {status: {type: integer}}
`

// An api answers as the document says, but for what is set.
type api struct {
	renamed     bool // "lines" is called "items"
	accepts     bool // a count of any size
	refuses     bool // a count of 9
	fails       bool // for the name "xx"
	undeclared  bool // 409 instead of 201
	contentType string
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status": %d, "errors": [{"in": "body", "name": "", "code": "type"}]}`, status)
}

var key = regexp.MustCompile(`^[a-f0-9]{4,8}$`)

func (a api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		query := r.URL.Query()
		sort := query.Get("sort")
		if err != nil || id < 1 || !key.MatchString(r.Header.Get("X-Key")) || query.Has("sort") && sort != "name" && sort != "price" {
			refuse(w, http.StatusUnprocessableEntity)
			return
		}
		a.order(w, http.StatusOK)
	})
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Name  *string
			Count *int32
			Gift  *bool
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			refuse(w, http.StatusBadRequest)
			return
		}
		switch {
		case body.Name == nil, body.Count == nil, len([]rune(*body.Name)) < 2, len([]rune(*body.Name)) > 10,
			!a.accepts && (*body.Count < 1 || *body.Count > 9), a.refuses && *body.Count == 9:
			refuse(w, http.StatusUnprocessableEntity)
		case a.fails && *body.Count == 5:
			http.Error(w, "broken", http.StatusInternalServerError)
		case a.undeclared:
			refuse(w, http.StatusConflict)
		default:
			a.order(w, http.StatusCreated)
		}
	})
	mux.ServeHTTP(w, r)
}

func (a api) order(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	w.WriteHeader(status)
	name := "lines"
	if a.renamed {
		name = "items"
	}
	fmt.Fprintf(w, `{"id": 1, %q: ["a"]}`, name)
}

// A fake is a test that may fail without anything being wrong.
type fake struct {
	testing.TB
	mu   sync.Mutex
	text string
}

func (f *fake) Helper() {}

func (f *fake) Error(args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text += fmt.Sprintln(args...)
}

func (f *fake) Errorf(format string, args ...any) { f.Error(fmt.Sprintf(format, args...)) }

// check sends one request through Check and returns what the test was told.
func check(t *testing.T, h http.Handler, method, target, body string) string {
	t.Helper()
	f := &fake{TB: t}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("X-Key", "abcd")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	contract.Check(f, []byte(spec), h).ServeHTTP(httptest.NewRecorder(), r)
	return f.text
}

func TestCheckIsSilentWhereAllFits(t *testing.T) {
	for _, c := range [][3]string{
		{"GET", "/orders/1", ""},
		{"HEAD", "/orders/1", ""},
		{"GET", "/orders/0", ""},
		{"GET", "/orders/1?sort=size", ""},
		{"POST", "/orders", `{"name": "cup", "count": 2, "gift": null}`},
		{"POST", "/orders", `{"name": "cup"}`},
		{"POST", "/orders", `{"name":`},
		{"GET", "/nothing", ""},
		{"PUT", "/orders", ""},
	} {
		if got := check(t, api{}, c[0], c[1], c[2]); got != "" {
			t.Errorf("%s: %s", c, got)
		}
	}
}

func TestCheckReportsWhatDiffers(t *testing.T) {
	const right = `{"name": "cup", "count": 9}`
	anything := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello") })
	for _, c := range []struct {
		name                 string
		api                  http.Handler
		method, target, body string
		want                 []string
	}{
		{"a field was renamed", api{renamed: true}, "GET", "/orders/1", "", []string{"getOrder (GET /orders/{id}) answers 200 otherwise", "missing property 'lines'"}},
		{"a wrong request is accepted", api{accepts: true}, "POST", "/orders", `{"name": "cup", "count": 10}`, []string{"placeOrder (POST /orders) answers 201 to a request", "maximum"}},
		{"a right request is refused", api{refuses: true}, "POST", "/orders", right, []string{"placeOrder (POST /orders) refuses a request", "422"}},
		{"a status is not there", api{undeclared: true}, "POST", "/orders", right, []string{"answers 409 otherwise"}},
		{"another content type", api{contentType: "text/csv"}, "POST", "/orders", right, []string{"answers 201 otherwise", "text/csv"}},
		{"no such operation", anything, "GET", "/nothing", "", []string{"GET /nothing answers 200, and is not in the document"}},
	} {
		got := check(t, c.api, c.method, c.target, c.body)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q has no %q", c.name, got, want)
			}
		}
	}
}

func TestCheckTellsTheProgramFromTheBinding(t *testing.T) {
	for body, refused := range map[string]bool{
		`{"status": 422, "errors": [{"code": "invalid"}]}`:                   false, // of Validate
		`{"status": 422, "detail": "not enough"}`:                            false, // of a handler
		`{"status": 422, "errors": [{"code": "invalid"}, {"code": "type"}]}`: true,
		`no`: true,
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, body)
		})
		got := check(t, h, "POST", "/orders", `{"name": "cup", "count": 9}`)
		if strings.Contains(got, "refuses") != refused {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestCheckKeepsStreams(t *testing.T) {
	flushed := make(chan bool)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id": 1,`)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-flushed
		fmt.Fprint(w, `"lines": []}`)
	})
	server := httptest.NewServer(contract.Check(t, []byte(spec), h))
	defer server.Close()
	r, _ := http.NewRequest(http.MethodGet, server.URL+"/orders/1", nil)
	r.Header.Set("X-Key", "abcd")
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	first := make([]byte, 9)
	if _, err := answer.Body.Read(first); err != nil { // before the handler has ended
		t.Fatal(err)
	}
	close(flushed)
}

// explore returns what Explore tells the test of an api.
func explore(t *testing.T, h http.Handler, opts ...contract.Option) string {
	f := &fake{TB: t}
	contract.Explore(f, []byte(spec), h, opts...)
	return f.text
}

func TestExploreIsSilentWhereAllFits(t *testing.T) {
	for seed := range uint64(5) {
		if got := explore(t, api{}, contract.Seed(seed)); got != "" {
			t.Error(seed, got)
		}
	}
}

func TestExploreFindsWhatDiffers(t *testing.T) {
	for want, a := range map[string]api{
		"missing property 'lines'":                      {renamed: true},
		"placeOrder (POST /orders) answers 201 to a":    {accepts: true},
		"placeOrder (POST /orders) refuses a request":   {refuses: true},
		"placeOrder (POST /orders) answers 500: broken": {fails: true},
	} {
		if got := explore(t, a); !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, got)
		}
	}
}

// TestExploreSendsBoth looks at the requests: half of them are right.
func TestExploreSendsBoth(t *testing.T) {
	answers := map[int]int{}
	explore(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		api{}.ServeHTTP(rec, r)
		answers[rec.Code]++
		w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}))
	if answers[200] != 50 || answers[201] != 50 || answers[422] < 20 || answers[400] < 5 {
		t.Error(answers)
	}
}

func TestExploreIsDeterministic(t *testing.T) {
	requests := func(seed uint64) (text string) {
		explore(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { text += r.Method + r.URL.String() + "\n" }), contract.Seed(seed))
		return text
	}
	first := requests(1)
	if requests(1) != first {
		t.Error("one seed draws different requests")
	}
	if first == requests(2) {
		t.Error("two seeds draw the same requests")
	}
}

func TestExploreSkips(t *testing.T) {
	explore(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			t.Error("it is sent")
		}
	}), contract.Skip("placeOrder"))
}

func TestExplorePrepares(t *testing.T) {
	explore(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Error(r.Header)
		}
	}), contract.Prepare(func(r *http.Request) { r.Header.Set("Authorization", "Bearer secret") }))
}

// TestExploreAsksForCredentials explores an API that lets in who has a token.
func TestExploreAsksForCredentials(t *testing.T) {
	const needs = "\n  securitySchemes:\n    key: "
	for scheme, want := range map[string]string{
		"{type: http, scheme: bearer}":              `r.Header.Set("Authorization", "Bearer ...")`,
		"{type: http, scheme: basic}":               `r.SetBasicAuth("name", "password")`,
		"{type: apiKey, in: header, name: X-Token}": `r.Header.Set("X-Token", "...")`,
		"{type: apiKey, in: cookie, name: session}": `r.AddCookie(&http.Cookie{Name: "session", Value: "..."})`,
		// The validator does not look at it: the handler alone refuses.
		"{type: openIdConnect, openIdConnectUrl: https://id.example/openid}": `r.Header.Set("Authorization", "Bearer ...")`,
	} {
		text := strings.Replace(spec, "\ncomponents:", "\nsecurity: [{key: []}]\ncomponents:"+needs+scheme, 1)
		text = strings.ReplaceAll(text, `        "422"`, "        \"401\": {description: Who are you?}\n        \"422\"")
		locked := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" && r.Header.Get("X-Token") == "" && r.Header.Get("Cookie") == "" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			api{}.ServeHTTP(w, r)
		})
		f := &fake{TB: t}
		contract.Explore(f, []byte(text), locked)
		for _, want := range []string{"let no request in", "getOrder (GET /orders/{id})", want, `contract.Skip("placeOrder", "getOrder")`} {
			if !strings.Contains(f.text, want) {
				t.Errorf("%s: %q is not in:\n%s", scheme, want, f.text)
			}
		}
		if strings.Count(f.text, "contract:") != 1 {
			t.Errorf("%s: more than one thing is said:\n%s", scheme, f.text)
		}

		f = &fake{TB: t}
		contract.Explore(f, []byte(text), locked, contract.Prepare(func(r *http.Request) {
			r.SetBasicAuth("name", "password")
			if strings.Contains(scheme, "bearer") {
				r.Header.Set("Authorization", "Bearer secret")
			}
			r.Header.Set("X-Token", "secret")
			r.AddCookie(&http.Cookie{Name: "session", Value: "secret"})
		}))
		if f.text != "" {
			t.Errorf("%s: with credentials: %s", scheme, f.text)
		}
	}
}

// TestExploreLogin explores an operation that needs no credentials, and answers 401 to
// whatever is drawn.
func TestExploreLogin(t *testing.T) {
	for _, security := range []string{"", "\nsecurity: [{key: []}, {}]"} {
		text := strings.Replace(spec, "\ncomponents:", security+"\ncomponents:\n  securitySchemes:\n    key: {type: http, scheme: bearer}", 1)
		text = strings.ReplaceAll(text, `        "422"`, "        \"401\": {description: Who are you?}\n        \"422\"")
		f := &fake{TB: t}
		contract.Explore(f, []byte(text), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
		}))
		if f.text != "" {
			t.Errorf("%q: %s", security, f.text)
		}
	}
}

// TestCheckReadsStreams holds each item of a stream against its schema.
func TestCheckReadsStreams(t *testing.T) {
	const doc = `
openapi: 3.1.0
info: {title: Streams, version: "1"}
paths:
  /stream:
    get:
      operationId: stream
      responses:
        "200":
          description: OK
          content:
            application/jsonl: {schema: {type: array, items: {type: object, required: [id], properties: {id: {type: integer}}}}}
            text/event-stream:
              schema:
                type: array
                items: {type: object, required: [data], properties: {data: {type: string, maxLength: 10}, event: {enum: [made]}, id: {type: string}, retry: {type: integer}}}
`
	for _, c := range []struct{ contentType, body, want string }{
		{"application/jsonl", "{\"id\": 1}\n{\"id\": 2}\n", ""},
		{"application/jsonl", "", ""},
		{"application/jsonl", "{\"id\": 1}\n{\"no\": 2}\n", "missing property 'id'"},
		{"application/jsonl", "{\"id\": 1}\n{\n", "answers 200 otherwise"},
		{"text/event-stream", "id: 1\nevent: made\nretry: 5\ndata: a\ndata: b\n\n: a comment\n\ndata: c\n\n", ""},
		{"text/event-stream", "", ""},
		{"text/event-stream", "event: lost\ndata: a\n\n", "value must be 'made'"},
		{"text/event-stream", "data: a\ndata: 012345678901\n\n", "maxLength"},
	} {
		f := &fake{TB: t}
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", c.contentType)
			fmt.Fprint(w, c.body)
		})
		contract.Check(f, []byte(doc), h).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/stream", nil))
		if c.want == "" && f.text != "" || !strings.Contains(f.text, c.want) {
			t.Errorf("%s %q: %q has no %q", c.contentType, c.body, f.text, c.want)
		}
	}
}

const recursive = `
openapi: 3.1.0
info: {title: Trees, version: "1"}
paths:
  /garden:
    get:
      responses:
        "200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Garden"}}}}
components:
  schemas:
    Garden:
      type: object
      required: [tree, bush]
      properties: {tree: {$ref: "#/components/schemas/Tree"}, bush: {$ref: "#/components/schemas/Bush"}}
    Tree:
      type: object
      required: [branches]
      properties: {branches: {type: [array, "null"], items: {$ref: "#/components/schemas/Tree"}}}
    Bush:
      type: object
      required: [twigs]
      properties: {twigs: {type: array, items: {$ref: "#/components/schemas/Bush"}}}
`

func TestCheckReadsTypesThatHaveListsOfThemselves(t *testing.T) {
	for answer, fits := range map[string]bool{
		`{"tree": {"branches": null}, "bush": {"twigs": []}}`:                           true,
		`{"tree": {"branches": [{"branches": []}]}, "bush": {"twigs": [{"twigs":[]}]}}`: true,
		`{"tree": {"branches": [{"branches": 1}]}, "bush": {"twigs": []}}`:              false,
		`{"tree": {"branches": []}, "bush": {"twigs": [{}]}}`:                           false,
	} {
		f := &fake{TB: t}
		h := contract.Check(f, []byte(recursive), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, answer)
		}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/garden", nil))
		if got := f.text == ""; got != fits {
			t.Errorf("%s: %q", answer, f.text)
		}
	}
}
