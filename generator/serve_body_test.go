package generator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/bodylimits"
	"github.com/bggen/bggen/testdata/ok/bodyvalues"
	"github.com/bggen/bggen/testdata/ok/strict"
	"github.com/bggen/bggen/testdata/ok/structs"
)

// wrong is the list of errors in a body, each written name:code.
func wrong(list ...string) string {
	messages := map[string]string{
		"missing": "is required", "min1": "must be at least 1", "min0": "must be at least 0", "max10": "must be at most 10",
	}
	var all []string
	for _, e := range list {
		name, rest, _ := strings.Cut(e, ":")
		code, message, _ := strings.Cut(rest, ":")
		if message == "" {
			message = messages[code]
			code = strings.TrimRight(code, "0123456789")
		}
		all = append(all, `{"in":"body","name":"`+name+`","code":"`+code+`","message":"`+message+`"}`)
	}
	return problem(422, strings.Join(all, ","))
}

func TestBodyLimits(t *testing.T) {
	mux := http.NewServeMux()
	bodylimits.Register(mux, newRunner())
	const line = `{"product":1,"count":0}`
	order := func(more string) string {
		return `POST /orders` + "\n" + `{"customer":"ann","currency":"eur","meta":1,"raw":{},"lines":[` + line + `]` + more + `}`
	}
	drive(t, mux, [][3]string{
		{order(""), "200", "1"},
		{order(`,"to":{"city":"x","since":"2026-01-02T03:04:05Z"},"discount":0.5`), "200", "1"},
		{"POST /orders\n{}", "422", wrong("customer:missing", "lines:missing", "meta:missing", "raw:missing")},
		{order(`,"customer":"A"`), "422", wrong("customer:minlen:must have at least 2 characters", "customer:pattern:must match ^[a-z]+$")},
		{order(`,"lines":[{"product":0,"COUNT":0},{"count":11,"notes":["a","b"],"part":{"product":-1,"count":null}},` + line + `]`), "422", wrong(
			"lines:maxlen:must have at most 2 items", "lines[0].product:min1", "lines[1].product:missing",
			"lines[1].count:max10", "lines[1].notes:maxlen:must have at most 1 item", "lines[1].part.product:min1", "lines[1].part.count:missing")},
		{order(`,"discount":0.6,"to":{},"prices":{"a":{"city":"x"}}`), "422", wrong("discount:max:must be at most 0.5", "to.City:missing", "to.since:missing", "prices.a.since:missing")},
		{order(`,"grid":[[],[` + line + `,{"product":1,"count":-1}]],"extra":{"deep":[{"n":3},{"n":4}]}`), "422", wrong(
			"grid[1][1].count:min0", "extra.deep[1].n:max:must be at most 3")},
		{order(`,"customer":"nobody"`), "422", problem(422, `{"in":"body","code":"invalid","message":"nobody orders"}`)},
		{"POST /lines\n[" + line + "," + `{"product":1,"count":99}]`, "422", wrong("[1].count:max10")},
		{"POST /pairs\n" + `{"pair":[null,` + line + `]}`, "200", "true"},
		{"POST /pairs\n" + `{"pair":[{},null]}`, "422", wrong("pair[0].product:missing", "pair[0].count:missing")},
		{"POST /pairs\n" + `{"pair":[null,null,null],"flags":[false,false]}`, "422", wrong(
			"pair:maxlen:must have at most 2 items", "flags:maxlen:must have at most 1 item")},
		{"POST /lines\n[]", "200", "0"},
		{"POST /maybe", "200", "false"},
		{"POST /maybe\n{}", "422", wrong("product:missing", "count:missing")},
		{"POST /pages\n" + `{"items":[` + line + `,{}],"next":1}`, "422", wrong("items[1].product:missing", "items[1].count:missing")},
		{"POST /pages\n{}", "200", "0"}, // what is absent has no limits
		{"POST /pages\n" + `{"items":[],"next":0}`, "422", wrong("items:minlen:must have at least 1 item", "next:min1")},
	})
	drive(t, mux, [][3]string{
		{"POST /embeds\n" + `{"a":3,"at":{"x":1}}`, "422", wrong("name:missing")},
		{"POST /embeds\n" + `{"name":"n","at":{"x":0},"m":{"":{"n":0}}}`, "200", "n"},
		{"POST /embeds\n" + `{"name":"n"}`, "422", wrong("at:missing")},
		{"POST /shadows\n" + `{"id":7}`, "200", ""},
		{"POST /shadows\n" + `{"id":6,"-":6}`, "422", wrong("id:min:must be at least 7", "-:max:must be at most 5")},
		{"POST /shadows\n" + `{"id":7,"level":4,"rank":{"n":0},"Level":"x"}`, "422", wrong("level:max:must be at most 3", "rank.n:min:must be at least 1")},
	})
	// A client is told of a part of what is wrong, and soon.
	w := do(t, mux, "POST /lines\n["+strings.Repeat("{},", 50_000)+"{}]")
	if n := strings.Count(w.Body.String(), `"code"`); w.Code != 422 || n != 100 {
		t.Errorf("the answer is %d, with %d errors", w.Code, n)
	}
	// Values of other types, wherever they are.
	const integer = ":type:must be an integer in the range of int"
	drive(t, mux, [][3]string{
		{order(`,"lines":[` + line + `,{"product":"1"}]`), "422", wrong("lines[1].product"+integer+"64", "lines[1].count:missing")},
		{order(`,"lines":[1]`), "422", wrong("lines[0]:type:must be an object")},
		{order(`,"lines":{}`), "422", wrong("lines:type:must be a list")},
		{order(`,"lines":[` + line + `,[1]]`), "422", wrong("lines[1]:type:must be an object")},
		{order(`,"raw":{"list":[1,2,"x"]}`), "422", wrong("raw.list[2]" + integer)},
		{order(`,"raw":{"list":[1,{"list":[]}]}`), "422", wrong("raw.list[1]" + integer)},
		{order(`,"prices":{"a":{"City":1}}`), "422", wrong("prices.a.City:type:must be a string", "prices.a.since:missing")},
		{order(`,"prices":{"z":{"city":"x"},"c":{"city":"x"},"b":{"city":"x"},"a":{"city":"x"}}`), "422",
			wrong("prices:maxlen:must have at most 1 item", "prices.z.since:missing", "prices.c.since:missing", "prices.b.since:missing", "prices.a.since:missing")},
		{"POST /lines\n" + `["a"]`, "422", wrong("[0]:type:must be an object")},
		{"POST /lines\n{}", "422", problem(422, `{"in":"body","code":"type","message":"must be a list"}`)},
	})
}

// Limits of numbers, and values that read themselves.
func TestBodyNumbers(t *testing.T) {
	mux := http.NewServeMux()
	bodyvalues.Register(mux, newRunner())
	send := func(body string) string { return "POST /numbers\n" + body }
	drive(t, mux, [][3]string{
		{send(`{}`), "200", "7"},
		{send(`{"price":0.15,"ratio":0.5,"even":-4,"level":5,"step":0.5,"large":18446744073709551614,"id":"7","colour":"red","since":"2026-05-01T00:00:00Z","wait":1000000000,"exact":"1.5","byID":{"3":{"first":"a"}}}`), "200", "7red"},
		{send(`{"price":0,"ratio":1,"even":3,"level":0,"step":2,"large":18446744073709551615,"id":"0","since":"2025-05-01T00:00:00Z","wait":0}`), "422", wrong(
			"price:gt:must be greater than 0", "ratio:lt:must be less than 1", "even:multiple:must be a multiple of 2",
			"level:enum:must be one of 1, 2, 5", "step:enum:must be one of 0.5, 1", "large:max:must be at most 18446744073709551614", "id:min1",
			"since:min:must be at least 2026-01-01T00:00:00Z", "wait:min:must be at least 1000000000 (1s)")},
		{send(`{"price":0.07,"id":7,"byID":{"x":{},"3":{"first":1}},"key":"!","addr":"here","colour":"blue","since":"yesterday"}`), "422", wrong(
			"price:multiple:must be a multiple of 0.05", "id:type:must be an integer in the range of int64, in a string",
			"byID.x:type:its key must be an integer in the range of int", "byID.3.first:type:must be a string",
			"key:type:must be bytes in base64", "addr:type:must be a valid Addr", "colour:type:must be a valid Colour", "since:type:must be an RFC 3339 time")},
	})
	drive(t, mux, [][3]string{
		{"GET /limits?price=0.1&even=2", "200", "2026-06-01T10:00:00Z 250ms"},
		{"GET /limits?price=0&even=11&since=2020-01-01T00:00:00Z&wait=2h&step=3", "422", problem(422,
			`{"in":"query","name":"price","code":"gt","message":"must be greater than 0"},`+
				`{"in":"query","name":"even","code":"lt","message":"must be less than 10"},`+
				`{"in":"query","name":"even","code":"multiple","message":"must be a multiple of 2"},`+
				`{"in":"query","name":"since","code":"min","message":"must be at least 2026-01-01T00:00:00Z"},`+
				`{"in":"query","name":"wait","code":"max","message":"must be at most 1h"},`+
				`{"in":"query","name":"step","code":"enum","message":"must be one of 0.5, 1"}`)},
	})
}

// Defaults are those of what is absent or null, wherever it is; zero is a value.
func TestBodyDefaults(t *testing.T) {
	mux := http.NewServeMux()
	bodyvalues.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"POST /search\n" + `{"text":"x"}`, "200", `{"text":"x","limit":20,"sort":["name","age"],"exact":true,"page":{"size":10},"joins":null}`},
		{"POST /search\n" + `{"text":"x","limit":null,"sort":null,"exact":null,"page":null}`, "200", `{"text":"x","limit":20,"sort":["name","age"],"exact":true,"page":{"size":10},"joins":null}`},
		{"POST /search\n" + `{"text":"x","limit":3,"sort":[],"exact":false,"page":{"size":0}}`, "200", `{"text":"x","limit":3,"sort":[],"exact":false,"page":{"size":0},"joins":null}`},
		{"POST /search\n" + `{"text":"x","limit":0}`, "422", wrong("limit:min1")},
		{"POST /search\n" + `{"limit":1}`, "422", wrong("text:missing")},
		{"POST /search\n" + `{"text":"x","joins":[{"with":"a"},{"kind":"outer","rate":0,"inner":{"rate":1}},null]}`, "200",
			`{"text":"x","limit":20,"sort":["name","age"],"exact":true,"page":{"size":10},"joins":[` +
				`{"with":"a","kind":"inner","inner":null,"rate":10.5},` +
				`{"with":"","kind":"outer","inner":{"with":"","kind":"inner","inner":null,"rate":1},"rate":0},` +
				`{"with":"","kind":"inner","inner":null,"rate":10.5}]}`},
		{"POST /searches\n" + `[{},{"kind":"left"}]`, "422", wrong("[1].kind:enum:must be one of inner, outer")},
		{"POST /searches\n" + `[{"rate":0,"kind":"outer"},{}]`, "200", `[{"with":"","kind":"outer","inner":null,"rate":0},{"with":"","kind":"inner","inner":null,"rate":10.5}]`},
	})
}

// Values are asked whether they are valid at any depth: those around others when
// these are.
func TestBodyValidate(t *testing.T) {
	mux := http.NewServeMux()
	bodyvalues.Register(mux, newRunner())
	const ok = `"to":"a@b"`
	const email, name = ":email:must have an @", ":invalid:must not be empty"
	send := func(body string) string { return "POST /invitations\n{" + body + "}" }
	nested := ok + `,"inline":{"By":"c@d"},"host":{"first":"h"}`
	drive(t, mux, [][3]string{
		{send(nested), "200", "true"},
		{send(ok), "422", wrong("inline.By" + email)},
		{send(`"to":"a","cc":["a@b","x"],"inline":{"By":""},"host":{}`), "422", wrong("host.first"+name, "to"+email, "cc[1]"+email, "inline.By"+email)},
		{send(nested + `,"names":{"b":{},"a":null,"a c":{}},"rooms":{"7":[{"first":"x"},{}]}`), "422", wrong(`names[\"a c\"].first`+name, "names.b.first"+name, "rooms.7[1].first"+name)},
		{send(nested + `,"guests":[{},{},{}]`), "422", wrong("guests[0].first"+name, "guests[1].first"+name, "guests[2].first"+name)},
		{send(nested + `,"guests":[{"first":"a"},{"first":"b"},{"first":"c"}]`), "422", wrong("guests:invalid:are too many")},
		{send(nested + `,"from":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"`), "422", problem(422, `{"in":"body","code":"invalid","message":"must not end before it begins"}`)},
		{send(nested + `,"host":{"first":"nobody"}`), "422", problem(422, `{"in":"body","code":"invalid","message":"nobody invites"}`)},
		{send(nested + `,"to":"me@"`), "422", wrong("to:invalid:must be somebody else")},
		{send(nested + `,"reply":{"to":"me@","inline":{"By":"@"}}`), "422", wrong("reply.to:invalid:must be somebody else")},
		{"POST /emails\n" + `["a@b","c"]`, "422", wrong("[1]" + email)},
		{"POST /names\n{}", "422", wrong("first" + name)},
		{"POST /names", "200", "false"},
	})
}

// What nothing reads is refused, and named.
func TestStrict(t *testing.T) {
	mux := http.NewServeMux()
	strict.Register(mux, newRunner())
	const article = `"article":{"title":"T"}`
	unknown := func(in string, names ...string) string {
		var all []string
		for _, name := range names {
			all = append(all, `{"in":"`+in+`","name":"`+name+`","code":"unknown","message":"is not known here"}`)
		}
		return problem(422, strings.Join(all, ","))
	}
	drive(t, mux, [][3]string{
		{"POST /articles?dry=false\n{" + article + `,"by":{"name":"ann"}}`, "200", "T by ann"},
		{"POST /articles?dry=1\n{" + article + `,"BY":{},"$count":3}`, "200", "dry T"},
		{"POST /articles?dry=true&dri=1&%64ry=0&x%20y&%2541=1\n{" + article + `,"by":{}}`, "422", unknown("query", "dri", "x y", "%41")},
		{"POST /articles?dry=true\n{" + article + `,"by":{"nam":"x"},"artikel":1}`, "422", unknown("body", "artikel", "by.nam")},
		{"POST /articles?dry=true\n" + `{"article":{"title":"T","tags":[{"name":"a","nam":"b"}],"Titel":1}}`, "422", problem(422,
			`{"in":"body","name":"article.Titel","code":"unknown","message":"is not known here"},{"in":"body","name":"article.tags[0].nam","code":"unknown","message":"is not known here"},{"in":"body","name":"by","code":"missing","message":"is required"}`)},
		{"POST /articles?dry=true\n[]", "422", problem(422, `{"in":"body","code":"type","message":"must be an object"}`)},
		{"POST /articles?dry=true", "422", problem(422, `{"in":"body","code":"missing","message":"is required"}`)},
		{"PUT /articles\n" + `{"title":"T","x":1}`, "422", unknown("body", "x")},
		{"POST /names\n" + `{"name":"n","user":{"name":"ann"}}`, "200", "ann is n"},
		{"POST /names\n" + `{"name":"n","user":{"name":"a"},"y":2}`, "422", problem(422,
			`{"in":"body","name":"y","code":"unknown","message":"is not known here"},{"in":"body","name":"user.name","code":"minlen","message":"must have at least 2 characters"}`)},
		{"GET /articles", "200", "all"},
		{"GET /articles?page=2", "422", unknown("query", "page")},
	})
	for contentType, want := range map[string]int{"text/plain": 200, "": 200, "application/json": 200} {
		if w := send(mux, "PUT", "/articles", contentType, `{"title":"T"}`); w.Code != want || w.Body.String() != "T" {
			t.Errorf("%q: %d %s", contentType, w.Code, w.Body)
		}
	}
	const form = "application/x-www-form-urlencoded"
	if w := send(mux, "POST", "/forms", form, "name=a&level=1"); w.Body.String() != "a" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := send(mux, "POST", "/forms", form, "name=a&lev=1&x=2"); w.Body.String() != unknown("form", "lev", "x") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	const parts = "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nb\r\n--x--\r\n"
	if w := send(mux, "POST", "/forms", "multipart/form-data; boundary=x", parts); w.Body.String() != unknown("form", "f") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// An option has all handlers read JSON whatever the Content-Type is.
func TestAnyContentType(t *testing.T) {
	mux := http.NewServeMux()
	bodyvalues.Register(mux, newRunner(), runtime.WithAnyContentType())
	if w := send(mux, "POST", "/emails", "text/plain", `["a@b"]`); w.Code != 200 || w.Body.String() != "1" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// send sends a body of some type.
func send(h http.Handler, method, path, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Parts of a parameter struct are bound, and asked whether they are valid.
func TestStructParts(t *testing.T) {
	mux := http.NewServeMux()
	structs.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /report", "200", "20 1 9none"},
		{"GET /report?limit=3&from=2&to=2", "200", "3 2 2none"},
		{"GET /report?from=3&to=2", "422", problem(422, `{"in":"query","code":"invalid","message":"must not end before it begins"}`)},
	})
}
