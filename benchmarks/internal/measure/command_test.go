package measure

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestChild(t *testing.T) {
	for args, wantErr := range map[string]string{`"true"`: "", `"sh","-c","echo broken >&2; exit 3"`: "broken"} {
		var out bytes.Buffer
		if err := Child(strings.NewReader(`{"Args":[`+args+`]}`), &out); err != nil {
			t.Fatal(err)
		}
		var usage Usage
		if err := json.Unmarshal(out.Bytes(), &usage); err != nil {
			t.Fatal(err)
		}
		if usage.Wall <= 0 || usage.Peak < 1<<16 || (usage.Err == "") != (wantErr == "") || !strings.Contains(usage.Err, wantErr) {
			t.Errorf("%s: %+v", args, usage)
		}
	}
	if err := Child(strings.NewReader("{"), &bytes.Buffer{}); err == nil {
		t.Error("half a command is run")
	}
}
