package generator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bggen/bggen/testdata/ok/bodylimits"
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
		{order(`,"to":{"city":"x","since":"2026-01-02T03:04:05Z"},"pair":[null,` + line + `],"discount":0.5`), "200", "1"},
		{"POST /orders\n{}", "422", wrong("customer:missing", "currency:enum:must be one of eur, usd", "lines:missing", "meta:missing", "raw:missing")},
		{order(`,"customer":"A"`), "422", wrong("customer:minlen:must have at least 2 characters", "customer:pattern:must match ^[a-z]+$")},
		{order(`,"lines":[{"product":0,"COUNT":0},{"count":11,"notes":["a","b"],"part":{"product":-1,"count":null}},` + line + `]`), "422", wrong(
			"lines:maxlen:must have at most 2 items", "lines[0].product:min1", "lines[1].product:missing",
			"lines[1].count:max10", "lines[1].notes:maxlen:must have at most 1 item", "lines[1].part.product:min1", "lines[1].part.count:missing")},
		{order(`,"discount":0.6,"to":{},"prices":{"a":{"city":"x"}}`), "422", wrong("discount:max:must be at most 0.5", "to.City:missing", "to.since:missing", "prices.a.since:missing")},
		{order(`,"grid":[[],[` + line + `,{"product":1,"count":-1}]],"pair":[{},null],"extra":{"deep":[{"n":3},{"n":4}]}`), "422", wrong(
			"grid[1][1].count:min0", "pair[0].product:missing", "pair[0].count:missing", "extra.deep[1].n:max:must be at most 3")},
		{order(`,"customer":"nobody"`), "422", problem(422, `{"in":"body","code":"invalid","message":"nobody orders"}`)},
		{"POST /lines\n[" + line + "," + `{"product":1,"count":99}]`, "422", wrong("[1].count:max10")},
		{"POST /lines\n[]", "200", "0"},
		{"POST /maybe", "200", "false"},
		{"POST /maybe\n{}", "422", wrong("product:missing", "count:missing")},
		{"POST /pages\n" + `{"items":[` + line + `,{}],"next":1}`, "422", wrong("items[1].product:missing", "items[1].count:missing")},
		{"POST /pages\n{}", "422", wrong("items:minlen:must have at least 1 item", "next:min1")},
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
		{order(`,"lines":[` + line + `,{"product":"1"}]`), "422", wrong("lines[1].product" + integer + "64")},
		{order(`,"lines":[1]`), "422", wrong("lines[0]:type:must be an object")},
		{order(`,"lines":{}`), "422", wrong("lines:type:must be a list")},
		{order(`,"lines":[` + line + `,[1]]`), "422", wrong("lines[1]:type:must be an object")},
		{order(`,"raw":{"list":[1,2,"x"]}`), "422", wrong("raw.list[2]" + integer)},
		{order(`,"raw":{"list":[1,{"list":[]}]}`), "422", wrong("raw.list[1]" + integer)},
		{order(`,"prices":{"a":{"City":1}}`), "422", wrong("prices.a.City:type:must be a string")},
		{order(`,"prices":{"z":{"city":"x"},"c":{"city":"x"},"b":{"city":"x"},"a":{"city":"x"}}`), "422",
			wrong("prices:maxlen:must have at most 1 item", "prices.a.since:missing", "prices.b.since:missing", "prices.c.since:missing", "prices.z.since:missing")},
		{"POST /lines\n" + `["a"]`, "422", wrong("[0]:type:must be an object")},
		{"POST /lines\n{}", "422", problem(422, `{"in":"body","code":"type","message":"must be a list"}`)},
	})
}
