package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator"
)

// On a terminal the line of source is shown, with carets below what is meant.
func TestExcerpt(t *testing.T) {
	t.Chdir("../..")
	result, err := generator.Generate(t.Context(), generator.Config{Patterns: []string{"./testdata/errors/wildcard"}})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, d := range result.Diagnostics[1:2] {
		terminal.print(&out, d)
	}
	want := filepath.FromSlash("testdata/errors/wildcard/wildcard.go") + `:10:27: no parameter of Near takes the wildcard {ordr}  [BG010]
	//bggen:route GET /orders/{ordr}
	                          ^^^^^^
	hint: did you mean {order}?
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
