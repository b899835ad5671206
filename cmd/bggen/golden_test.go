package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var updateGolden = flag.Bool("update", false, "rewrite the want.txt of testdata/errors, and testdata/json/want.json")

// TestJSON compares what -json prints for packages that have something of
// everything.
func TestJSON(t *testing.T) {
	t.Chdir("../..")
	var stdout, stderr strings.Builder
	args := []string{"-json"}
	for _, name := range []string{"ok/apps", "ok/bodies", "ok/cleanup", "ok/guards", "ok/limits", "ok/results", "ok/tasks", "errors/two_providers"} {
		args = append(args, "./testdata/"+name)
	}
	if status := run(t.Context(), args, &stdout, &stderr); status != exitTrouble || stderr.String() != "" {
		t.Errorf("the exit status is %d\n%s", status, stderr.String())
	}
	const name = "testdata/json/want.json"
	if *updateGolden {
		if err := os.WriteFile(name, []byte(stdout.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(name); err != nil || string(want) != stdout.String() {
		t.Errorf("-json prints something else than %s: run go test ./cmd/bggen -update, and look at the change", name)
	}
}

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
	nested, _ := filepath.Glob("testdata/errors/*/*/want.txt") // where a package is to blame that another one uses
	for _, name := range nested {
		cases = append(cases, filepath.Dir(name))
	}
	for _, dir := range cases {
		name := filepath.Join(dir, "want.txt")
		if *updateGolden {
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
