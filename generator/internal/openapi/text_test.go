package openapi

import "testing"

func TestSummarize(t *testing.T) {
	for _, c := range []struct {
		comment, summary, rest string
		deprecated             bool
	}{
		{"ListItems returns items.", "Returns items", "", false},
		{"ListItems returns items of\na shop. They are sorted.\n\nThere may be none.", "Returns items of a shop", "They are sorted.\n\nThere may be none.", false},
		{"ListItems returns what J. Doe has. Really.", "Returns what J. Doe has", "Really.", false},
		{"", "List items", "", false},
		{"ListItems returns items.\n\nDeprecated: use Items.", "Returns items", "Deprecated: use Items.", true},
		{"Deprecated: use Items.", "List items", "Deprecated: use Items.", true},
		{"ListItems gibt Äpfel zurück. Und Birnen.", "Gibt Äpfel zurück", "Und Birnen.", false},
	} {
		summary, rest, deprecated := summarize("ListItems", c.comment)
		if summary != c.summary || rest != c.rest || deprecated != c.deprecated {
			t.Errorf("%q: %q, %q, %v", c.comment, summary, rest, deprecated)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"ListItems": {"listItems", "List items"}, "URLOf": {"urlOf", "URL of"}, "ID": {"id", "ID"}, "Users.List": {"users.List", "Users list"}, "get_one": {"get_one", "Get one"},
	} {
		if got := [2]string{lower(name), words(name)}; got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestYAML(t *testing.T) {
	got, err := YAML([]byte(`{"a": "x: y", "200": {"on": true, "n": 1.50, "e": {}, "l": []}, "list": [{"k": null, "m": [1, "2"]}, "s"]}`))
	const want = `a: "x: y"
"200":
  "on": true
  "n": 1.50
  e: {}
  l: []
list:
  - k: null
    m:
      - 1
      - "2"
  - "s"
`
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}
