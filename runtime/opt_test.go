package runtime_test

import (
	"encoding/json"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// What is absent, null or a value comes out as it went in.
func TestOptJSON(t *testing.T) {
	type item struct {
		Name runtime.Opt[string] `json:"name,omitzero"`
		Size runtime.Opt[[]int]  `json:"size"`
	}
	for text, want := range map[string]string{
		`{}`:                         `{"size":null}`,
		`{"name":null,"size":null}`:  `{"name":null,"size":null}`,
		`{"name":"","size":[]}`:      `{"name":"","size":[]}`,
		`{"name":"a","name":null}`:   `{"name":null,"size":null}`,
		`{"size":[1],"size":[2, 3]}`: `{"size":[2,3]}`,
	} {
		var v item
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(v); string(got) != want || err != nil {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	if v, ok := runtime.Some(3).Get(); v != 3 || !ok {
		t.Error(v, ok)
	}
	if err := json.Unmarshal([]byte(`{"name":3}`), new(item)); err == nil {
		t.Error("a number is no string")
	}
}
