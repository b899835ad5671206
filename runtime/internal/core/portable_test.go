package core

import (
	"encoding/json"
	"testing"
)

// Text that is not UTF-8 would come out of the store as something else.
func TestHasReplaced(t *testing.T) {
	for text, want := range map[string]bool{"a": false, "\xff": true, "a\xc3": true, "\ufffd": false, `\ufffd`: false, `\\ufffd`: false, "\\\xff": true, "\n\"\\": false} {
		data, err := json.Marshal(map[string]string{"s": text})
		if err != nil || hasReplaced(data) != want {
			t.Errorf("%q: %s, %v", text, data, err)
		}
	}
}
