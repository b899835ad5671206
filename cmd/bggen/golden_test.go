package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the want.txt of testdata/errors")

// TestDiagnostics runs the command over all of testdata/errors at once, and
// compares what it prints for each directory with its want.txt.
func TestDiagnostics(t *testing.T) {
	t.Chdir("../..")
	var stdout, stderr strings.Builder
	if status := run(t.Context(), []string{"-n", "./testdata/errors/..."}, &stdout, &stderr); status != exitTrouble {
		t.Errorf("the exit status is %d", status)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	dir := ""
	for line := range strings.Lines(stderr.String()) {
		if file, _, ok := strings.Cut(line, ".go:"); ok && !strings.HasPrefix(line, "\t") {
			dir = filepath.Dir(file)
		}
		got[dir] += strings.NewReplacer(root+"/"+dir, ".", dir+"/", "").Replace(line)
	}
	cases, err := filepath.Glob("testdata/errors/*")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, dir := range cases {
		name := filepath.Join(dir, "want.txt")
		if *update {
			if err := os.WriteFile(name, []byte(got[dir]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil || got[dir] == "" || string(want) != got[dir] {
			t.Errorf("%s:\n%s\nwant:\n%s", dir, got[dir], want)
		}
		delete(got, dir)
	}
	for dir, text := range got {
		t.Errorf("diagnostics elsewhere: %s\n%s", dir, text)
	}
}
