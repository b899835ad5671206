package jsonbody

import (
	"encoding/json"
	"reflect"
	"regexp"
	"testing"
	"time"
	"unicode/utf8"
)

// What follows is a body with everything, and what generated code has for it.

type Customer struct {
	Name string `json:"name" required:"true" minlen:"2" maxlen:"8" pattern:"^[a-z]+$"`
}

type Purchase struct {
	Customer
	Currency string          `json:"currency" enum:"eur|usd" default:"eur"`
	Items    []Item          `json:"items" required:"true" minlen:"1" maxlen:"20"`
	Discount *float64        `json:"discount" min:"0" max:"0.5"`
	Shops    map[string]Shop `json:"shops" maxlen:"1"`
	Tags     []string        `json:"tags" default:"a|b"`
}

type Item struct {
	Product int64   `json:"product" required:"true" min:"1"`
	Count   int     `json:"count" max:"10" default:"1"`
	Notes   []*Item `json:"notes" maxlen:"1"`
}

type Shop struct {
	City  string    `required:"true"`
	Since time.Time `json:"since" required:"true"`
}

// purchaseBody reads a Purchase.
var purchaseBody = Body[Purchase]{
	Shape:    purchaseShape,
	Preset:   func(v *Purchase) { v.Currency = "eur" },
	Fits:     purchaseFits,
	Defaults: purchaseDefaults,
}

// purchaseShape is the JSON of a Purchase.
var purchaseShape = Object(
	Field("name", String(MinLen(2), MaxLen(8), Pattern(namePattern))).Required(),
	Field("currency", String(Enum("eur", "usd"))),
	Field("items", List(itemShape, MinLen(1), MaxLen(20))).Required(),
	Field("discount", Nullable(Float[float64](Min(0), Max(0.5)))),
	Field("shops", Map(shopShape, MaxLen(1))),
	Field("tags", List(String())),
)

// itemShape is the JSON of an Item.
var itemShape = new(Shape)

func init() { // there are Items in an Item
	itemShape.Be(Object(
		Field("product", Int[int64](Min(1))).Required(),
		Field("count", Int[int64](Max(10))).Default(),
		Field("notes", List(Nullable(itemShape), MaxLen(1))),
	))
}

// shopShape is the JSON of a Shop.
var shopShape = Object(
	Field("City", String()).Required(),
	Field("since", Time()).Required(),
)

// purchaseFits reports whether a Purchase is right as far as it shows.
func purchaseFits(v *Purchase) bool {
	if n := utf8.RuneCountInString(v.Name); n < 2 || n > 8 || !namePattern.MatchString(v.Name) {
		return false
	}
	if v.Currency != "eur" && v.Currency != "usd" {
		return false
	}
	if n := len(v.Items); n < 1 || n > 20 {
		return false
	}
	for i := range v.Items {
		if !itemFits(&v.Items[i]) {
			return false
		}
	}
	if v.Discount != nil && (*v.Discount < 0 || *v.Discount > 0.5) {
		return false
	}
	if len(v.Shops) > 1 {
		return false
	}
	for _, item := range v.Shops {
		if !shopFits(&item) {
			return false
		}
	}
	return v.Tags != nil
}

func itemFits(v *Item) bool {
	if v.Product < 1 || v.Count == 0 || v.Count > 10 || len(v.Notes) > 1 {
		return false
	}
	for i := range v.Notes {
		if v.Notes[i] != nil && !itemFits(v.Notes[i]) {
			return false
		}
	}
	return true
}

func shopFits(v *Shop) bool { return v.City != "" && v.Since != (time.Time{}) }

// purchaseDefaults sets what was absent in a Purchase.
func purchaseDefaults(v *Purchase, absent *Absent) {
	for i := range v.Items {
		itemDefaults(&v.Items[i], absent)
	}
	if v.Tags == nil {
		v.Tags = []string{"a", "b"}
	}
}

func itemDefaults(v *Item, absent *Absent) {
	if absent.Next() {
		v.Count = 1
	}
	for i := range v.Notes {
		if v.Notes[i] != nil {
			itemDefaults(v.Notes[i], absent)
		}
	}
}

var namePattern = regexp.MustCompile("^[a-z]+$")

const (
	rightPurchase = `{"name":"ann","currency":"usd","items":[{"product":1,"count":2},{"product":3,"count":1,"notes":[{"product":1,"count":1}]}],"discount":0.1,"shops":{"a":{"City":"x","since":"2026-01-02T03:04:05Z"}},"tags":[]}`
	shortPurchase = `{"name":"ann","items":[{"product":1},{"product":3,"count":0,"notes":[{"product":1,"count":null},null]},{"product":4}]}`
)

func TestBody(t *testing.T) {
	half := 0.1
	for _, test := range []struct {
		body   string
		strict bool
		want   Purchase
		errors string
	}{
		{rightPurchase, true, Purchase{
			Customer{"ann"}, "usd", []Item{{1, 2, nil}, {3, 1, []*Item{{1, 1, nil}}}}, &half,
			map[string]Shop{"a": {"x", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}, []string{},
		}, ""},
		{`{"name":"ann","items":[{"product":1},{"product":3,"count":0,"notes":[{"product":1,"count":null}]}],"extra":1}`, false, Purchase{
			Customer{"ann"}, "eur", []Item{{1, 1, nil}, {3, 0, []*Item{{1, 1, nil}}}}, nil, nil, []string{"a", "b"},
		}, ""},
		{`{"name":"ann","items":[{"product":1}],"currency":null,"extra":1}`, true, Purchase{}, "extra unknown: is not known here"},
		{`{"name":5,"items":[{"product":"1"}]}`, false, Purchase{}, "name type: must be a string; items[0].product type: must be an integer in the range of int64"},
		{shortPurchase, false, Purchase{}, "items[1].notes maxlen: must have at most 1 item"},
		{`{"currency":""}`, false, Purchase{}, "name missing: is required; currency enum: must be one of eur, usd; items missing: is required"},
	} {
		v, list := purchaseBody.Decode([]byte(test.body), Options{Strict: test.strict})
		if got := textOf(list); got != test.errors || got == "" && !reflect.DeepEqual(v, test.want) {
			t.Errorf("of %s\nfound  %s, %+v\nwanted %s, %+v", test.body, got, v, test.errors, test.want)
		}
	}
}

// BenchmarkBody is a body that is right, one that lacks what has defaults, and
// json.Unmarshal of them.
func BenchmarkBody(b *testing.B) {
	for _, c := range []struct{ name, text string }{{"right", rightPurchase}, {"absent", `{"name":"ann","items":[{"product":1},{"product":3},{"product":4}]}`}} {
		data := []byte(c.text)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, list := purchaseBody.Decode(data, Options{}); len(list) > 0 {
					b.Fatal(list)
				}
			}
		})
		b.Run(c.name+" unmarshal", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var v Purchase
				if err := json.Unmarshal(data, &v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
