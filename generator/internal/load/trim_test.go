package load

import (
	"bytes"
	"go/token"
	"slices"
	"testing"
)

// TestTrim checks that packages have the same types with and without what is removed
// from their files and those of their dependencies.
func TestTrim(t *testing.T) {
	paths := []string{"crypto/tls", "encoding/json", "log/slog", "net/http", "syscall", "testing"}
	parsed := map[bool]int{}
	exports := func(whole bool) map[string][]byte {
		l := newLoader(t.Context(), Config{Imports: Source})
		c, err := l.closureOf(paths)
		if err != nil {
			t.Fatal(err)
		}
		c.main = whole // where a main module is in the closure, all of it is kept
		l.takeFromSource(c)
		l.checkSources(nil)
		parsed[whole] = len(l.sources)
		texts := map[string][]byte{}
		for _, path := range paths {
			p, err := l.importOuter(path)
			if err != nil {
				t.Fatal(err)
			}
			if texts[path], err = export(l.fset, p); err != nil {
				t.Fatal(err)
			}
		}
		return texts
	}
	all, trimmed := exports(true), exports(false)
	for _, path := range paths {
		if len(all[path]) < 1000 || !bytes.Equal(all[path], trimmed[path]) {
			t.Errorf("%s has %d bytes of types, and %d when its files are trimmed", path, len(all[path]), len(trimmed[path]))
		}
	}
	if parsed[false] >= parsed[true] {
		t.Errorf("%d packages are parsed, and with trimmed files %d", parsed[true], parsed[false])
	}
}

// TestTrimImports checks which imports are kept.
func TestTrimImports(t *testing.T) {
	s := &source{
		path: "example.com/p", typesOnly: true, paths: []string{"p.go"},
		names: map[string]string{"example.com/yaml.v3": "yaml", "example.com/v2": "body", "fmt": "fmt", "time": "time"},
		texts: [][]byte{[]byte(`package p

import "C"
import _ "embed"
import "fmt"

import (
	"time"
	t2 "time"
	. "example.com/dot"
	"example.com/unknown"
	"example.com/v2"
	"example.com/yaml.v3"
)

type T struct{ yaml.Node }

var wait = func() time.Duration { return body.Wait() }

func f() { fmt.Println(t2.Now()) }
`)},
	}
	s.parse(token.NewFileSet())
	var kept []string
	for _, spec := range s.files[0].Imports {
		kept = append(kept, spec.Path.Value)
	}
	want := []string{`"C"`, `"time"`, `"example.com/dot"`, `"example.com/unknown"`, `"example.com/yaml.v3"`}
	if !slices.Equal(kept, want) {
		t.Errorf("kept %s, want %s", kept, want)
	}
}
