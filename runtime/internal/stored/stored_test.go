package stored

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"
)

type price struct {
	Cents    int64  `json:"cents"`
	Currency string `json:"currency,omitempty"`
}

type base struct {
	ID   int64
	Note string
}

// opt reads itself, and takes what it was written as before.
type opt struct{}

func (o *opt) UnmarshalJSON(text []byte) error { return nil }

type args struct {
	Order   int64             `json:"order"`
	Lines   []price           `json:"lines"`
	Pair    [2]float64        `json:"pair"`
	When    time.Time         `json:"when"`
	From    netip.Addr        `json:"from"`
	Bytes   []byte            `json:"bytes"`
	Map     map[string]*price `json:"map"`
	Retries *int              `json:"retries"`
	Opt     opt               `json:"opt"`
	Raw     json.RawMessage   `json:"raw"`
	Num     json.Number       `json:"num"`
	Text    int               `json:"text,string"`
	Any     any               `json:"any"`
	Yes     bool              `json:"yes"`
	base
}

func whole() args {
	n := 3
	return args{
		Order: 1, Lines: []price{{Cents: 1}}, Retries: &n, Raw: json.RawMessage(`{"a":[1]}`), Num: "1e9", Any: "x",
		Map: map[string]*price{"a": nil, "b": {2, "EUR"}}, base: base{4, "n"},
	}
}

// What encoding/json writes for a value fits, also where it writes null.
func TestFits(t *testing.T) {
	for _, v := range []args{whole(), {Num: "0", Raw: nil}} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var got args
		if err := Decode(text, &got); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if back, _ := json.Marshal(got); string(back) != string(text) {
			t.Errorf("%s became %s", text, back)
		}
	}
}

func TestDiffers(t *testing.T) {
	text, err := json.Marshal(whole())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"order":1`, `"orderID":1`, "orderID is not known; order is missing"},
		{`"order":1`, `"Order":1`, "Order is not known; order is missing"},
		{`"order":1`, `"order":null`, "order is null, where a number is expected"},
		{`"order":1`, `"order":"1"`, "order is a string, where a number is expected"},
		{`"order":1`, `"order":{"a":{"b":[]}}`, "order is an object, where a number is expected"},
		{`"order":1`, `"order":1e99`, "1e99"},
		{`"order":1`, `"order":1,"new":{"x":[[],{}]}`, "new is not known"},
		{`"cents":1`, `"cent":1`, "lines[0].cent is not known; lines[0].cents is missing"},
		{`{"cents":1}`, `null`, "lines[0] is null, where an object is expected"},
		{`"cents":2`, `"cents":true`, `map["b"].cents is a boolean, where a number is expected`},
		{`[0,0]`, `[0]`, "pair has 1 items, where 2 are expected"},
		{`[0,0]`, `[0,0,0]`, "pair has 3 items, where 2 are expected"},
		{`[0,0]`, `{}`, "pair is an object, where a list is expected"},
		{`"when":"0001-01-01T00:00:00Z"`, `"when":null`, "when is null, where a string is expected"},
		{`"when":"0001-01-01T00:00:00Z"`, `"when":"yesterday"`, "yesterday"},
		{`"from":""`, `"from":null`, "from is null, where a string is expected"},
		{`"bytes":null`, `"bytes":1`, "bytes is a number, where a string of base64 is expected"},
		{`"yes":false`, `"yes":0`, "yes is a number, where a boolean is expected"},
		{`"ID":4,`, ``, "ID is missing"},
		{`"ID":4`, `"ID":4,"hidden":1`, "hidden is not known"},
		{`"num":1e9`, `"num":[]`, "num is a list, where a number is expected"},
	} {
		bad := strings.Replace(string(text), c.old, c.new, 1)
		if bad == string(text) {
			t.Fatalf("%s is not in %s", c.old, text)
		}
		if err := Decode([]byte(bad), new(args)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, expected %q", c.new, err, c.want)
		}
	}
	for _, c := range []struct{ old, new string }{
		{`"retries":3,`, ``}, {`"retries":3`, `"retries":null`}, {`,"currency":"EUR"`, ``},
		{`"opt":{}`, `"opt":[1,{}]`}, {`"raw":{"a":[1]}`, `"raw":[1e400000,"\ud800"]`}, {`"num":1e9`, `"num":1e400000`}, {`"bytes":null`, `"bytes":"AAE="`}, {`"map":{`, `"map":{"c":null,`},
	} {
		text := strings.Replace(string(text), c.old, c.new, 1)
		if err := Decode([]byte(text), new(args)); err != nil {
			t.Errorf("%s: %v", c.new, err)
		}
	}
}

func TestWhole(t *testing.T) {
	type one struct {
		N int `json:"n"`
	}
	for text, want := range map[string]string{
		``: "not JSON", `{"n"`: "not JSON", `{"n":}`: "not JSON", `{"n":1}}`: "after top-level value",
		`null`: "the whole is null, where an object is expected", `{}`: "n is missing", `[1]`: "the whole is a list",
	} {
		if err := Decode([]byte(text), new(one)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	many := "{" + strings.Repeat(`"x":1,`, 12) + `"n":1}`
	if err := Decode([]byte(many), new(one)); err == nil || !strings.HasSuffix(err.Error(), "and 2 more") {
		t.Error(err)
	}
	if err := Decode([]byte(` {"n": 7} `), new(one)); err != nil {
		t.Error(err)
	}
	var n int
	if err := Decode([]byte(`7`), &n); err != nil || n != 7 {
		t.Error(n, err)
	}
}

type (
	left  struct{ Both, One int }
	right struct {
		Both int
		Two  int `json:"One"`
	}
	again struct {
		*again
		N int
	}
)

// The fields of embedded structs have the names that encoding/json gives them.
func TestEmbedded(t *testing.T) {
	type outer struct {
		left
		right
		Named base `json:"base"`
		base  `json:"-"`
	}
	for _, v := range []any{outer{}, again{nil, 1}} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		switch v := v.(type) {
		case outer:
			err = Decode(text, &v)
		case again:
			err = Decode(text, &v)
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
