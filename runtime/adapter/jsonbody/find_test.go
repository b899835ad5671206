package jsonbody

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

// lineShape and orderShape are as generated code has them.
var lineShape = new(Shape)

func init() { // of itself
	lineShape.Be(Object(
		Field("product", Int[int64](Min(1))).Required(),
		Field("count", Int[int8](Min(0), Max(10))).Required(),
		Field("notes", List(String(), MaxLen(1))),
		Field("part", Nullable(lineShape)),
	))
}

var orderShape = Object(
	Field("customer", String(MinLen(2), MaxLen(8), Pattern(regexp.MustCompile("^[a-z]+$")))).Required(),
	Field("currency", String(Enum("eur", "usd"))),
	Field("lines", List(lineShape, MinLen(1), MaxLen(2))).Required(),
	Field("discount", Nullable(Float[float64](Min(0), Max(0.5)))),
	Field("prices", Map(Float[float64](Gt(0)), MaxLen(2))),
	Field("pair", Array(2, Nullable(lineShape))),
	Field("when", Time()),
	Field("address", Text[netip.Addr]("must be an IP address")),
	Field("key", Bytes(MinLen(2))),
	Field("id", Quoted(Int[int64](Multiple(5)))),
	Field("even", Custom[Even]("must be an even number")),
	Field("level", Uint[uint8](Lt(9))).Default(),
	Field("raw", Raw()),
	Field("meta", Any()),
	Field("ports", MapOf(Int[int8](), Bool())),
)

func TestFind(t *testing.T) {
	const line = `{"product":1,"count":0}`
	order := func(more string) string {
		if !strings.HasPrefix(more, `,"lines":`) {
			more = `,"lines":[` + line + `]` + more
		}
		return `{"customer":"ann"` + more + `}`
	}
	for _, test := range []struct{ body, want string }{
		{order(``), ``},
		{`null`, `"" missing: is required`},
		{`7`, `"" type: must be an object`},
		{`{}`, `customer missing: is required; lines missing: is required`},
		{order(`,"lines":[],"customer":"X","currency":"gbp"`), `customer minlen: must have at least 2 characters; customer pattern: must match ^[a-z]+$; currency enum: must be one of eur, usd; lines minlen: must have at least 1 item`},
		{order(`,"lines":[{},{"product":0,"count":11}]`), `lines[0].product missing: is required; lines[0].count missing: is required; lines[1].product min: must be at least 1; lines[1].count max: must be at most 10`},
		{order(`,"lines":[` + line + `,{"part":{"part":{"count":"1"}}}]`), `lines[1].product missing: is required; lines[1].count missing: is required; lines[1].part.product missing: is required; lines[1].part.count missing: is required; lines[1].part.part.product missing: is required; lines[1].part.part.count type: must be an integer in the range of int8`},
		{order(`,"lines":[null]`), `lines[0] missing: is required`},
		{`{"customer":null,"lines":null}`, `customer missing: is required; lines missing: is required`},
		{order(`,"currency":null,"discount":null,"key":null,"level":null,"prices":null,"id":null,"when":null`), ``},
		{order(`,"lines":[{"product":1.5,"count":300,"notes":[1,"",{}]}]`), `lines[0].product type: must be an integer in the range of int64; lines[0].count type: must be an integer in the range of int8; lines[0].notes maxlen: must have at most 1 item; lines[0].notes[0] type: must be a string; lines[0].notes[2] type: must be a string`},
		{order(`,"discount":-1`), `discount min: must be at least 0`},
		{order(`,"discount":0.6`), `discount max: must be at most 0.5`},
		{order(`,"prices":{"a":1,"b c":0,"":"x"}`), `prices maxlen: must have at most 2 items; prices["b c"] gt: must be greater than 0; prices[""] type: must be a number`},
		{order(`,"prices":{"a":0,"a":1}`), ``},
		{order(`,"pair":[null,` + line + `,1]`), `pair maxlen: must have at most 2 items`},
		{order(`,"pair":[{}]`), `pair[0].product missing: is required; pair[0].count missing: is required`},
		{order(`,"when":"yesterday"`), `when type: must be an RFC 3339 time`},
		{order(`,"when":1`), `when type: must be an RFC 3339 time`},
		{order(`,"address":"here"`), `address type: must be an IP address`},
		{order(`,"address":["::1"]`), `address type: must be an IP address`},
		{order(`,"key":"AQ=="`), `key minlen: must have at least 2 bytes`},
		{order(`,"key":"?"`), `key type: must be bytes in base64`},
		{order(`,"key":[1,256]`), `key[1] type: must be an integer in the range of uint8`},
		{order(`,"id":"7"`), `id multiple: must be a multiple of 5`},
		{order(`,"id":5`), `id type: must be an integer in the range of int64, in a string`},
		{order(`,"even":3,"even":[]`), `even type: must be an even number`},
		{order(`,"level":9`), `level lt: must be less than 9`},
		{order(`,"level":-1`), `level type: must be an integer in the range of uint8`},
		{order(`,"meta":{"a":[1,1e999]}`), `meta.a[1] type: must be a number in the range of float64`},
		{order(`,"raw":{"a":1e999},"unknown":1e999`), ``},
		{order(`,"ports":{"x":true,"1":1}`), `ports.x type: its key must be an integer in the range of int8; ports.1 type: must be true or false`},
		{order(`,"CURRENCY":"gbp"`), `currency enum: must be one of eur, usd`},
		{order(`,"currency":"gbp","Currency":"eur"`), ``},
		{order(`,"currency":"\u0065\u0075\u0072","id":"\"5\"","even":{"a":[]}`), `id type: must be an integer in the range of int64, in a string; even type: must be an even number`},
		{order(`,"currency":"\ud83d\ude00\ud83dx\/\b"`), `currency enum: must be one of eur, usd`},
		{order(`,"currency":"\u0065ur","\u0064iscount":9`), `discount max: must be at most 0.5`},
		{order(`,"lines":[{"count":1}],"lines":[{"product":1}]`), ``},
		{order(`,"lines":[{"count":1}],"lines":null,"lines":[{"product":1}]`), `lines[0].count missing: is required`},
		{order(`,"lines":[{"count":1}],"lines":[],"lines":[{"product":1}]`), `lines[0].count missing: is required`},
		{order(`,"pair":[` + line + `,{"count":1}],"pair":[` + line + `],"pair":[{},{"product":1}]`), `pair[1].count missing: is required`},
		{order(`,"pair":[` + line + `,{"count":1}],"pair":[{},{"product":1}]`), ``},
		{order(`,"pair":[null,{"count":1.5}],"pair":[]`), `pair[1].count type: must be an integer in the range of int8`},
		{order(`,"id":"+5"`), `id type: must be an integer in the range of int64, in a string`},
		{order(`,"customer":"` + "\xff\xff" + `"`), `customer pattern: must match ^[a-z]+$`},
		{order(`,"prices":{"` + strings.Repeat("é", 100) + `":0}`), `prices["` + strings.Repeat("é", 32) + `…"] gt: must be greater than 0`},
	} {
		list, more := Find([]byte(test.body), nil, orderShape, Options{})
		if got := textOf(list); got != test.want || more {
			t.Errorf("of %s\nfound  %s\nwanted %s", test.body, got, test.want)
		}
	}
}

func textOf(list []runtime.FieldError) string {
	var texts []string
	for _, e := range list {
		at := e.Name
		if at == "" {
			at = `""`
		}
		texts = append(texts, fmt.Sprintf("%s %s: %s", at, e.Code, e.Message))
	}
	return strings.Join(texts, "; ")
}

func TestStrict(t *testing.T) {
	body := []byte(`{"product":1,"Count":2,"couNt":3,"colour":1,"part":{"product":1,"count":1,"a b":1,"a b":2}}`)
	list, _ := Find(body, nil, lineShape, Options{Strict: true})
	if got, want := textOf(list), `colour unknown: is not known here; part["a b"] unknown: is not known here`; got != want {
		t.Errorf("found %s, not %s", got, want)
	}
}

func TestAbsent(t *testing.T) {
	point := Object(Field("x", Int[int64]()).Default(), Field("y", Int[int64]()).Default())
	s := Object(
		Field("list", List(Object(
			Field("a", Int[int64]()).Default(),
			Field("b", Int[int64]()).Default().Required(),
			Field("p", Nullable(point)),
		))),
		Field("point", point),
		Field("pair", Array(2, point)),
		Field("map", Map(point)),
		Field("c", String()).Default(),
	)
	for _, test := range []struct{ body, absent, errors string }{
		{`{}`, "11 1111 1", ""},
		{`{"list":[{"b":1,"p":null},{"a":null,"b":1},{"a":0,"b":0,"p":{"y":1}}]}`, "10 10 00 10 11 1111 1", ""},
		{`{"c":"","point":{"Y":1},"point":{"x":1},"pair":[{"y":1}],"map":{"a":{}}}`, "00 1011 0", ""},
		{`{"pair":[{"y":1},null,{}],"point":null,"c":null}`, "11 1011 1", `pair maxlen: must have at most 2 items`},
		{`{"list":[null]}`, "", `list[0] missing: is required`},
		{`{"list":[{"a":1}]}`, "", `list[0].b missing: is required`},
	} {
		var absent Absent
		list, _ := Find([]byte(test.body), nil, s, Options{Absent: &absent})
		if got := textOf(list); got != test.errors {
			t.Errorf("of %s\nfound %s, not %s", test.body, got, test.errors)
		}
		var got strings.Builder
		for range absent.n {
			bit := byte('0')
			if absent.Next() {
				bit = '1'
			}
			got.WriteByte(bit)
		}
		if want := strings.ReplaceAll(test.absent, " ", ""); want != "" && got.String() != want || absent.Next() {
			t.Errorf("of %s\nabsent %s, not %s", test.body, &got, want)
		}
	}
}

func TestSyntax(t *testing.T) {
	body := []byte(`{"customer":"x",}`)
	list, _ := Find(body, json.Unmarshal(body, new(any)), orderShape, Options{})
	if got, want := textOf(list), `"" syntax: is not valid JSON at byte 17`; got != want {
		t.Errorf("found %s, not %s", got, want)
	}
	// What encoding/json has refused is wrong, whatever Find finds.
	list, _ = Find([]byte(`{"product":1,"count":1}`), errors.New("refused"), lineShape, Options{})
	if got, want := textOf(list), `"" type: is not valid`; got != want {
		t.Errorf("found %s, not %s", got, want)
	}
	// What is no JSON is not given to Find, and does not hurt.
	for _, body := range []string{``, `{`, `]`, `"`, `{"a"`, `{"a":`, `[1,`, `{"lines":[}`, `{"a":]`, `nul`, `{"lines":{]}`, `"\`} {
		Find([]byte(body), nil, orderShape, Options{})
	}
}

func TestMax(t *testing.T) {
	body := []byte("[" + strings.Repeat("{},", 60) + "{}]")
	for max, want := range map[int]int{0: 100, 7: 7, 122: 122, 200: 122} {
		list, more := Find(body, nil, List(lineShape), Options{Max: max})
		if len(list) != want || more != (want < 122) {
			t.Errorf("%d errors of at most %d, more %v", len(list), max, more)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, test := range []struct {
		s    *Shape
		body string
		want string
	}{
		{Uint[uint64](Max(uint64(math.MaxUint64 - 1))), "18446744073709551615", "max"},
		{Uint[uint64](Max(uint64(math.MaxUint64 - 1))), "18446744073709551614", ""},
		{Uint[uint64](Max(-1)), "0", "max"},
		{Uint[uint64](Min(5)), "18446744073709551615", ""},
		{Int[int64](Lt(uint64(math.MaxUint64))), "9223372036854775807", ""},
		{Int[int64](Min(int64(math.MinInt64 + 1))), "-9223372036854775808", "min"},
		{Float[float32](Max(float32(0.1))), "0.1", ""},
		{Float[float32](Max(0.1)), "0.1", "max"}, // a float32 is more than this float64
		{Float[float64](Max(0.1)), "0.1", ""},
		{Float[float64](Multiple(0.01)), "19.99", ""},
		{Float[float64](Multiple(0.01)), "19.995", "multiple"},
		{Uint[uint64](Multiple(3)), "18446744073709551615", ""},
		{Int[int64](Enum(1, -2)), "-2", ""},
		{Int[int64](Enum(1, -2)), "2", "enum"},
		{Float[float64](Enum(0.5, 2)), "2", ""},
		{String(Enum("a", "ü")), `"\u00fc"`, ""},
		{String(Enum("\ufffdx")), `"\ud800x"`, ""},
		{Object(Field("ab", Any()), Field("AB", Int[int8]())), `{"Ab":""}`, ""},
		{Time(NotBefore(time.Unix(0, 0))), `"1969-12-31T23:59:59Z"`, "min"},
		{Time(NotAfter(time.Unix(0, 0))), `"1970-01-01T01:00:00+01:00"`, ""},
		{Time(NotAfter(time.Unix(0, 0))), `"1970-01-01T01:00:01+01:00"`, "max"},
		{Map(Any(), MinLen(2)), `{"a":1,"a":2}`, "minlen"},
		{MapOf(Int[int64](), Any(), MinLen(2)), `{"1":1,"01":2}`, "minlen"},
	} {
		list, _ := Find([]byte(test.body), nil, test.s, Options{})
		got := ""
		if len(list) > 0 {
			got = list[0].Code
		}
		if got != test.want {
			t.Errorf("%s: %q, not %q", test.body, got, test.want)
		}
	}
	for _, test := range []struct {
		limit Limit
		want  string
	}{
		{Min(1), "must be at least 1"}, {Max(float32(0.1)), "must be at most 0.1"}, {Min(1e6), "must be at least 1000000"}, {Max(1e-9), "must be at most 1e-09"},
		{MinLen(1), "must have at least 1 item"}, {MaxLen(2), "must have at most 2 items"}, {Enum(1, 2), "must be one of 1, 2"},
	} {
		if got := test.limit.message(list); got != test.want {
			t.Errorf("%s, not %s", got, test.want)
		}
	}
}

// TestShared checks that shapes are used by many requests at once.
func TestShared(t *testing.T) {
	s := shaper{}.of(reflect.TypeFor[[]order](), "")
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if list, _ := Find([]byte(`[{"lines":[{}]}]`), nil, s, Options{}); len(list) != 2 {
				t.Errorf("found %s", textOf(list))
			}
		})
	}
}
