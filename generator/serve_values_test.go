package generator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/testdata/ok/bodies"
	"github.com/bggen/bggen/testdata/ok/defined"
	"github.com/bggen/bggen/testdata/ok/described"
	"github.com/bggen/bggen/testdata/ok/emptylists"
	"github.com/bggen/bggen/testdata/ok/limits"
	"github.com/bggen/bggen/testdata/ok/odd"
	"github.com/bggen/bggen/testdata/ok/params"
	"github.com/bggen/bggen/testdata/ok/patch"
	"github.com/bggen/bggen/testdata/ok/structs"
	"github.com/bggen/bggen/testdata/ok/typelimits"
	"github.com/bggen/bggen/testdata/ok/types"
)

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
		{"POST /stream\n" + strings.Repeat("x", 1024), "200", "1024"},
		{"POST /stream\n" + strings.Repeat("x", 1025), "413", `{"title":"Request Entity Too Large","status":413}`},
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
	order := `{"in":"body","name":"From","code":"invalid","message":"must be before To"},{"in":"body","name":"To","code":"order","message":"must be after From"}`
	drive(t, mux, [][3]string{
		{"GET /again?name=a", "200", "a"},
		{"POST /validated/a@b\n{\"From\":1,\"To\":3}", "200", "2"},
		{"POST /validated/ab\n{}", "422", problem(422, `{"in":"path","name":"email","code":"invalid","message":"must have an @"},`+order)},
		{"POST /validated/a@b\n{\"From\":\"x\"}", "422", problem(422, `{"in":"body","name":"From","code":"type","message":"must be an integer in the range of int"}`)},
		{"POST /maybe", "200", "false"},
		{"POST /maybe\n{}", "422", problem(422, order)},
	})
}

func TestStructs(t *testing.T) {
	mux := http.NewServeMux()
	structs.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /shops/s?sort=asc&since=2026-01-02T03:04:05Z&tag=a&hidden=4", "200", `[20,0,true,"asc",2026,["a"],null,"dark",4,true]`},
		{"GET /shops/s?limit=0&sort=up&tag=a&tag=b&tag=c", "422", problem(422, `{"in":"query","name":"limit","code":"min","message":"must be at least 1"},`+
			`{"in":"query","name":"sort","code":"enum","message":"must be one of asc, desc"},`+
			`{"in":"query","name":"since","code":"missing","message":"is required"},`+
			`{"in":"query","name":"tag","code":"maxlen","message":"must have at most 2 items"}`)},
		{"GET /number?limit=3&offset=4", "200", "7"},
		{"GET /find", "200", `["name",null,null,null,null,null]`},
		{"GET /find?sort=price&min=3&id=4&id=5&from=1.2.3.4&host=::1&host=::2", "200", `["price",3,[4,5],"1.2.3.4",["::1","::2"],null]`},
		{"GET /find?sort=size&min=101&id=x&id=1&from=x&host=::1&host=x", "422", problem(422, `{"in":"query","name":"sort","code":"enum","message":"must be one of name, price"},`+
			`{"in":"query","name":"min","code":"max","message":"must be at most 100"},`+
			`{"in":"query","name":"id[0]","code":"type","message":"must be an integer"},`+
			`{"in":"query","name":"from","code":"type","message":"is not valid"},`+
			`{"in":"query","name":"host[1]","code":"type","message":"is not valid"}`)},
		{"GET /find?min=13&id=1&id=13", "422", problem(422, `{"in":"query","name":"min","code":"invalid","message":"brings no luck"},`+
			`{"in":"query","name":"id[1]","code":"invalid","message":"brings no luck"}`)},
		{"GET /find?min=3&max=2", "422", problem(422, `{"in":"query","name":"min","code":"invalid","message":"must not be above max"}`)},
		{"GET /measure?from=1&to=3", "200", "2 1"},
		{"GET /measure?from=3&to=1", "422", problem(422, `{"in":"query","code":"invalid","message":"ends before it begins"}`)},
		{"GET /measure?from=3&to=x", "422", problem(422, `{"in":"query","name":"to","code":"type","message":"must be an integer"}`)},
		{"GET /measured?from=1&to=3", "200", "2"},
		{"GET /measured?from=3&to=1", "422", problem(422, `{"in":"query","code":"invalid","message":"ends before it begins"}`)},
	})
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

// The limits of a type hold wherever a value of it is bound.
func TestTypeLimits(t *testing.T) {
	mux := http.NewServeMux()
	typelimits.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /items/ab?size=l&level=1&level=2", "200", "abl[1 2] 50"},
		{"GET /items/a?size=x&level=1&level=3&level=0&max=9", "422", problem(422,
			`{"in":"path","name":"slug","code":"minlen","message":"must have at least 2 characters"},`+
				`{"in":"query","name":"size","code":"enum","message":"must be one of s, l"},`+
				`{"in":"query","name":"level[1]","code":"enum","message":"must be one of 1, 2"},`+
				`{"in":"query","name":"level[2]","code":"enum","message":"must be one of 1, 2"},`+
				`{"in":"query","name":"max","code":"enum","message":"must be one of 1, 2"}`)},
		{"POST /items\n" + `{"slug":"ab"}`, "200", `{"slug":"ab","size":"s","levels":null,"parts":null}`},
		{"POST /items\n" + `{"slug":"abcdef","size":"","levels":[1,0,3],"parts":{"a":100.5,"b":null,"c":0}}`, "422", problem(422,
			`{"in":"body","name":"slug","code":"maxlen","message":"must have at most 5 characters"},`+
				`{"in":"body","name":"size","code":"enum","message":"must be one of s, l"},`+
				`{"in":"body","name":"levels[1]","code":"enum","message":"must be one of 1, 2"},`+
				`{"in":"body","name":"levels[2]","code":"enum","message":"must be one of 1, 2"},`+
				`{"in":"body","name":"parts.a","code":"max","message":"must be at most 100"}`)},
		{"POST /slugs\n" + `["ab","A"]`, "422", problem(422,
			`{"in":"body","name":"[1]","code":"pattern","message":"must match ^[a-z]+$"},{"in":"body","name":"[1]","code":"minlen","message":"must have at least 2 characters"}`)},
	})
}

// A type that is defined as a duration or a time is read as that, wherever it is from.
func TestDefinedTimes(t *testing.T) {
	mux := http.NewServeMux()
	defined.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /wait/1m30s?since=2026-01-02T00:00:00Z", "200", "1m30s 5s false 2 2026-01-02 2026-12-31"},
		{"GET /wait/1s?since=2026-01-02T00:00:00Z&short=7s&pause=1ms&until=2027-01-01T00:00:00Z&count=30&of=1s&of=2s&again=1m", "200", "1s 7s true 1 2026-01-02 2027-01-01"},
		{"GET /wait/500ms?since=2025-12-31T23:59:59Z&short=1500ms&pause=30&count=30s&of=1&again=2", "422", problem(422,
			`{"in":"path","name":"timeout","code":"min","message":"must be at least 1s"},`+
				`{"in":"query","name":"short","code":"multiple","message":"must be a multiple of 1s"},`+
				`{"in":"query","name":"pause","code":"type","message":"must be a duration such as 1h30m"},`+
				`{"in":"query","name":"pause[0]","code":"type","message":"must be a duration such as 1h30m"},`+
				`{"in":"query","name":"since","code":"min","message":"must be at least 2026-01-01T00:00:00Z"},`+
				`{"in":"query","name":"count","code":"type","message":"must be an integer"},`+
				`{"in":"query","name":"of[0]","code":"type","message":"must be a duration such as 1h30m"},`+
				`{"in":"query","name":"again","code":"type","message":"must be a duration such as 1h30m"}`)},
		{"POST /plans\n" + `{"timeout":2000000000,"pause":1000000}`, "200", `{"timeout":2000000000,"short":5000000000,"pause":1000000}`},
		{"POST /plans\n" + `{"timeout":30,"pause":1}`, "422", problem(422,
			`{"in":"body","name":"timeout","code":"min","message":"must be at least 1000000000 (1s)"},`+
				`{"in":"body","name":"pause","code":"min","message":"must be at least 1000000 (1ms)"}`)},
	})
}

// A list of a type that is defined as a byte is text in base64, or a list of what such a
// byte is by itself, within its limits.
func TestBytes(t *testing.T) {
	mux := http.NewServeMux()
	described.Register(mux, newRunner())
	const rest = `"beat":[0,0]}`
	drive(t, mux, [][3]string{
		{"POST /tunes\n{}", "200", `{"title":"","tones":null,"keys":null,` + rest},
		{"POST /tunes\n" + `{"id":1,"tones":[1,87],"keys":["a","g"],"beat":[3]}`, "200", `{"id":1,"plays":0,"title":"","tones":"AVc=","keys":["a","g"],"beat":[3,0]}`},
		{"POST /tunes\n" + `{"tones":"AVc=","keys":"AAE="}`, "200", `{"title":"","tones":"AVc=","keys":["a","b"],` + rest},
		{"POST /tunes\n" + `{"tones":"AVhZ","keys":["a",1]}`, "422", wrong("tones[1]:max:must be at most 87", "tones[2]:max:must be at most 87", "keys[1]:type:must be a valid Key")},
		{"POST /tunes\n" + `{"tones":[88,256,"x"],"keys":1}`, "422", wrong("tones[0]:max:must be at most 87", "tones[1]:type:must be an integer in the range of uint8", "tones[2]:type:must be an integer in the range of uint8", "keys:type:must be bytes in base64")},
		{"GET /tunes?pause=500ms&pause=1s", "422", problem(422, `{"in":"query","name":"pause[0]","code":"min","message":"must be at least 1s"}`)},
		{"GET /tunes/7", "200", `{"id":7,"plays":0,"title":"","tones":null,"keys":null,` + rest},
	})
}

// Lists and maps that are nil are empty, at any depth, and nothing else is changed.
func TestEmptyLists(t *testing.T) {
	mux := http.NewServeMux()
	emptylists.Register(mux, newRunner())
	const item = `"tags":[],"more":null,"parts":[],"grid":[[],[]],"raw":"","any":null,"when":{},"at":null}`
	drive(t, mux, [][3]string{
		{"GET /items?empty=1", "200", `{"items":[],"count":0,"by\u003ctag\u003e":{}}`},
		{"GET /items?empty=0", "200", `{"items":[{"name":"null","tags":[],"more":null,"parts":[null,{"name":"",` + item + `],"grid":[[],[]],"raw":"","any":null,"when":{},"at":null}],"count":0,"by\u003ctag\u003e":{"a":[]}}`},
		{"GET /tree", "200", `{"Tree":[[],[[]]]}`},
		{"GET /lines", "200", `{"items":[],"count":0,"by\u003ctag\u003e":{}}` + "\n"},
		{"GET /name", "200", `{"Name":null}`},
		{"GET /all", "200", `[{"name":"",` + item + `]`},
	})
}

// Absent, null and a value are told apart.
func TestOpt(t *testing.T) {
	mux := http.NewServeMux()
	patch.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"PATCH /items\n{}", "200", `{"level":null}`},
		{"PATCH /items\n" + `{"name":"ab","price":null,"owner":{"name":"o"},"tags":["a"],"level":3}`, "200", `{"name":"ab","price":null,"level":3,"owner":{"name":"o"},"tags":["a"]}`},
		{"PATCH /items\n" + `{"name":"a","price":0,"owner":{},"tags":["a","bad"]}`, "422", problem(422,
			`{"in":"body","name":"name","code":"minlen","message":"must have at least 2 characters"},`+
				`{"in":"body","name":"price","code":"min","message":"must be at least 1"},`+
				`{"in":"body","name":"owner.name","code":"missing","message":"is required"}`)},
		{"PATCH /items\n" + `{"tags":["a","bad"]}`, "422", problem(422, `{"in":"body","name":"tags[1]","code":"invalid","message":"is bad"}`)},
		{"PATCH /items\n" + `{"name":1,"tags":[2],"owner":3}`, "422", problem(422,
			`{"in":"body","name":"name","code":"type","message":"must be a string"},{"in":"body","name":"owner","code":"type","message":"must be an object"},{"in":"body","name":"tags[0]","code":"type","message":"must be a string"}`)},
		{"GET /items", "200", "{ false false} {0 false false} {0 false false}"},
		{"GET /items?text=&limit=&level=2", "200", "{ true false} {0 false true} {2 true false}"},
		{"GET /items?text=x&limit=7&level=4", "422", problem(422, `{"in":"query","name":"level","code":"max","message":"must be at most 3"}`)},
		{"GET /items?limit=x", "422", problem(422, `{"in":"query","name":"limit","code":"type","message":"must be an integer"}`)},
	})
}

// A list has its default if nothing is sent.
func TestListDefaults(t *testing.T) {
	mux := http.NewServeMux()
	limits.Register(mux, newRunner())
	drive(t, mux, [][3]string{
		{"GET /defaults", "200", `[["name","age"],[1,2]]`},
		{"GET /defaults?sort=size&level=3&level=4", "200", `[["size"],[3,4]]`},
		{"GET /archive", "200", `[null,null]`},
		{"GET /archive/2026", "200", `[2026,null]`},
		{"GET /archive/2026/3", "200", `[2026,3]`},
		{"GET /archive/x/y", "422", problem(422, `{"in":"path","name":"year","code":"type","message":"must be an integer"},{"in":"path","name":"level","code":"type","message":"must be an integer"}`)},
		{"GET /defaults?level=x", "422", problem(422, `{"in":"query","name":"level[0]","code":"type","message":"must be an integer"}`)},
	})
}
