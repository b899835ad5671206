package jsonbody

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

type flat struct {
	Items []flatItem `json:"items"`
}

type flatItem struct {
	ID   int    `json:"id" required:"true"`
	Name string `json:"name" required:"true"`
}

type optional struct {
	Items []struct {
		ID   int    `json:"id" default:"1"`
		Name string `json:"name" maxlen:"10" default:"x"`
	} `json:"items"`
}

type wide struct {
	A1, A2, A3, A4, A5, A6, A7, A8 *wide
	B1, B2, B3, B4, B5, B6, B7, B8 *int
}

type order struct {
	Customer string    `json:"customer" required:"true" minlen:"2" pattern:"^[a-z]+$"`
	Lines    []line    `json:"lines" required:"true" minlen:"1"`
	When     time.Time `json:"when"`
	Note     string    `json:"note" maxlen:"1000"`
}

type line struct {
	Product int64   `json:"product" required:"true" min:"1"`
	Price   float64 `json:"price" min:"0"`
	Name    string  `json:"name" minlen:"1"`
}

const mib = 1 << 20

// times is text as often as it fits into 1 MiB, between the rest.
func times(before, text, after string) string {
	n := (mib - len(before) - len(after)) / len(text)
	return before + strings.TrimSuffix(strings.Repeat(text, n), ",") + after
}

// nested is text that is nested as deep as encoding/json reads, repeated to 1 MiB.
func nested(open, close string, levels int) string {
	one := strings.Repeat(open, levels) + strings.Repeat(close, levels)
	return "[" + strings.TrimSuffix(strings.Repeat(one+",", max(1, mib/len(one))), ",") + "]"
}

// numbered is a map of many keys.
func numbered(format string) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := 0; b.Len() < mib; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	b.WriteByte('}')
	return b.String()
}

// worst are the inputs that cost most, 1 MiB of each.
var worst = []struct {
	name string
	t    reflect.Type
	text string
}{
	{"right", reflect.TypeFor[[]order](), times("[", `{"customer":"ann","lines":[{"product":1,"price":2.5,"name":"pen"},{"product":2,"price":1,"name":"ink"}],"when":"2026-01-02T03:04:05Z","note":"soon"},`, "]")},
	{"required, absent", reflect.TypeFor[flat](), times(`{"items":[`, "{},", "]}")},
	{"default, absent", reflect.TypeFor[optional](), times(`{"items":[`, "{},", "]}")},
	{"nested, required", reflect.TypeFor[[]Node](), nested(`{"name":"ab","kids":[`, `]}`, 4000)},
	{"nested lists", reflect.TypeFor[any](), nested("[", "]", 9000)},
	{"nested in what is unknown", reflect.TypeFor[[]line](), nested(`{"x":`, "{}}", 1)},
	{"many lists", reflect.TypeFor[[][]int](), times("[", "[],", "]")},
	{"numbers", reflect.TypeFor[[]int](), times("[", "1,", "]")},
	{"floats", reflect.TypeFor[[]float64](), times("[", "1.5,", "]")},
	{"anything", reflect.TypeFor[any](), times("[", "1,", "]")},
	{"escaped", reflect.TypeFor[map[string]string](), times(`{"a":"`, `\u00e9`, `"}`)},
	{"many strings", reflect.TypeFor[[]string](), times("[", `"",`, "]")},
	{"one member again and again", reflect.TypeFor[line](), times("{", `"price":1,`, "}")},
	{"one list again and again", reflect.TypeFor[flat](), times("{", `"items":[{"id":1}],`, "}")},
	{"a long list, and then many short", reflect.TypeFor[flat](), "{" + `"items":[` + strings.TrimSuffix(strings.Repeat("{},", mib/6), ",") + "]," + strings.TrimSuffix(strings.Repeat(`"items":[{}],`, mib/26), ",") + "}"},
	{"null again and again", reflect.TypeFor[optional](), times("{", `"items":[],"items":null,`, "}")},
	{"wrong again and again", reflect.TypeFor[line](), times("{", `"price":"",`, "}")},
	{"wrong again and again, deep", reflect.TypeFor[Node](), times(strings.Repeat(`{"next":`, 5000)+"{", `"kids":[1],`, "}"+strings.Repeat("}", 5000))},
	{"names in another case", reflect.TypeFor[line](), times("{", `"PRICE":1,`, "}")},
	{"unknown names", reflect.TypeFor[line](), numbered(`"x%d":1`)},
	{"short unknown names", reflect.TypeFor[line](), times("{", `"":1,`, "}")},
	{"keys", reflect.TypeFor[map[string]line](), numbered(`"x%d":{"product":1,"name":"x"}`)},
	{"keys that are short", reflect.TypeFor[map[string]int](), numbered(`"%d":1`)},
	{"short keys", reflect.TypeFor[map[string]flatItem](), numbered(`"%d":{"id":1,"name":""}`)},
	{"short keys, null", reflect.TypeFor[map[string]*flatItem](), numbered(`"%d":null`)},
	{"one key again and again", reflect.TypeFor[map[string]line](), times("{", `"a":{},`, "}")},
	{"mostly space", reflect.TypeFor[[]int](), times("[1", " ", "]")},
	{"many fields", reflect.TypeFor[[]wide](), times("[", `{"A1":{"B8":1,"B1":2}},`, "]")},
	{"fields in disorder", reflect.TypeFor[[]wide](), times("[", `{"B8":1,"B7":1,"B6":1,"B5":1,"B4":1,"B3":1,"B2":1,"B1":1},`, "]")},
	{"times", reflect.TypeFor[[]time.Time](), times("[", `"2026-01-02T03:04:05Z",`, "]")},
	{"wrong everywhere", reflect.TypeFor[[]line](), times("[", `{"product":"","price":"","name":1},`, "]")},
	{"braces in a string", reflect.TypeFor[[]string](), times(`["`, "{}[]", `"]`)},
	{"numbers in strings", reflect.TypeFor[[]struct {
		A int `json:"a,string"`
	}](), times("[", `{"a":"1"},`, "]")},
	{"patterns", reflect.TypeFor[[]struct {
		A string `json:"a" pattern:"^[a-z]+$"`
	}](), times("[", `{"a":"abc"},`, "]")},
	{"bytes as numbers", reflect.TypeFor[[]byte](), times("[", "1,", "]")},
	{"keys that are numbers", reflect.TypeFor[map[int]int](), times("{", `"1":1,`, "}")},
	{"two by two", reflect.TypeFor[[][2]int](), times("[", "[1,2],", "]")},
}

// TestCost prints what the worst inputs cost, beside json.Unmarshal of the same.
func TestCost(t *testing.T) {
	if testing.Short() {
		t.Skip("prints only")
	}
	t.Logf("%-34s %22s %22s %7s", "1 MiB of", "json.Unmarshal", "Find", "ratio")
	for _, w := range worst {
		data := []byte(w.text)
		if len(data) < mib*9/10 || !json.Valid(data) {
			t.Errorf("%s: %d bytes, valid %v", w.name, len(data), json.Valid(data))
		}
		s := shaper{}.of(w.t, "")
		var err error
		u, ub := cost(func() { err = json.Unmarshal(data, reflect.New(w.t).Interface()) })
		f, fb := cost(func() { Find(data, err, s, Options{Absent: new(Absent)}) })
		t.Logf("%-34s %9s %9.1f MiB %9s %9.1f MiB %6.2f", w.name, u.Round(10*time.Microsecond), ub, f.Round(10*time.Microsecond), fb, float64(f)/float64(u))
	}
}

// cost is the least time of three runs, and what one allocates.
func cost(run func()) (least time.Duration, allocated float64) {
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		run()
		if took := time.Since(start); least == 0 || took < least {
			least = took
		}
		runtime.ReadMemStats(&after)
		allocated = float64(after.TotalAlloc-before.TotalAlloc) / mib
	}
	return least, allocated
}

// TestNested checks that what is nested as deep as encoding/json reads is read.
func TestNested(t *testing.T) {
	data := []byte(strings.Repeat(`{"kids":[`, 4999) + `{}` + strings.Repeat(`]}`, 4999))
	if err := json.Unmarshal(data, new(Node)); err != nil {
		t.Fatal(err)
	}
	list, more := Find(data, nil, shaper{}.of(reflect.TypeFor[Node](), ""), Options{})
	if len(list) == 0 || len(list) > 100 || !more { // those that are deep have one place, since it is cut
		t.Errorf("%d errors, more %v", len(list), more)
	}
	for _, e := range list {
		if len(e.Name) > 2*maxPlace {
			t.Errorf("a place of %d bytes", len(e.Name))
		}
	}
	deeper := bytes.Repeat([]byte("["), 10_001)
	deeper = append(deeper, bytes.Repeat([]byte("]"), 10_001)...)
	for _, err := range []error{json.Unmarshal(deeper, new(any)), nil} {
		if list, _ := Find(deeper, err, Any(), Options{}); len(list) != 1 || list[0].Code != "syntax" {
			t.Errorf("found %v", list)
		}
	}
}
