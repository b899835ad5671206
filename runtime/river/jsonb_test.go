package river

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestIsPlain(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`:                         true,
		` {"n":1}`:                   true,
		`{"text":"\u00e9\n\\u0000"}`: true,
		`{"n":[1e308,-1.5E-300,0]}`:  true,
		`{"text":"1e400000"}`:        true,
		`"text"`:                     false,
		`null`:                       false,
		`{"text":"\u0000"}`:          false,
		`{"text":"\ud800"}`:          false,
		`{"text":"\uDBFF\uDFFF"}`:    false,
		`{"n":1e400000}`:             false,
		`{"n":1E-0400}`:              false,
		"{\"text\":\"\xff\"}":        false,
		`{"n":` + strings.Repeat("9", 1001) + `}`:                           false,
		`{"n":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`: false,
		`{"n":[` + strings.Repeat("[],", 1000) + `{}]}`:                     true,
	} {
		if !json.Valid([]byte(text)) {
			t.Errorf("%.60s is no JSON", text)
		}
		if got := isPlain([]byte(text)); got != want {
			t.Errorf("%.60s: %t", text, got)
		}
	}
}
