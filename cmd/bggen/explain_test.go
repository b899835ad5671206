package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator"
	"golang.org/x/tools/txtar"
)

const casesDir = "../../generator/internal/explain/cases"

// TestExplanations runs bggen over the wrong and the mended program of each code:
// the first has that mistake, the other none, and what is printed is what the
// case says.
func TestExplanations(t *testing.T) {
	archives := map[string]*txtar.Archive{}
	files := map[string]string{}
	for _, code := range generator.Codes() {
		archive, err := txtar.ParseFile(filepath.Join(casesDir, code+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		archives[code] = archive
		for _, file := range archive.Files {
			if kind, rest, ok := strings.Cut(file.Name, "/"); ok {
				dir := kind + "/" + strings.ToLower(code) + "/"
				files[dir+rest] = strings.ReplaceAll(string(file.Data), "example.com/shop/", "example.com/shop/"+dir)
			}
		}
	}
	cases, err := filepath.Abs(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	dir := moduleNamed(t, "example.com/shop", files)
	wrong, right := diagnostics(t, dir, "./wrong/..."), diagnostics(t, dir, "./right/...")
	for code, archive := range archives {
		if code == "BG031" {
			continue // a bug of ours: no program is known
		}
		in := strings.ToLower(code)
		printed := wrong[in]
		if !strings.Contains(printed, "["+code+"]") || strings.Count(printed, "[BG") != 1 {
			t.Errorf("the wrong program of %s does not make this mistake alone:\n%s", code, printed)
		}
		if right[in] != "" || !slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "right/") }) {
			t.Errorf("the mended program of %s:\n%s", code, right[in])
		}
		i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "printed" })
		if i < 0 {
			t.Errorf("%s has no file named printed", code)
		} else if string(archive.Files[i].Data) != printed {
			t.Errorf("%s prints\n%s\nand not\n%s\nrun go test ./cmd/bggen -update, and look at the change", code, printed, archive.Files[i].Data)
			archive.Files[i].Data = []byte(printed)
		}
		if *updateGolden {
			if err := os.WriteFile(filepath.Join(cases, code+".txtar"), txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// diagnostics is what bggen prints about the packages, by the directory below
// the first one.
func diagnostics(t *testing.T, dir, pattern string) map[string]string {
	t.Helper()
	_, _, stderr := command(t, dir, "-n", pattern)
	got := map[string]string{}
	in := ""
	for line := range strings.Lines(stderr) {
		if parts := strings.Split(line, "/"); !strings.HasPrefix(line, "\t") && len(parts) > 2 {
			in = parts[1]
		}
		at := strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "...") + in
		got[in] += strings.NewReplacer(dir+"/"+at, ".", "/"+at, "", at+"/", "").Replace(line)
	}
	return got
}

// TestDiagnosticsPage compares docs/diagnostics.md with the cases.
func TestDiagnosticsPage(t *testing.T) {
	const name = "../../docs/diagnostics.md"
	page := []byte(generator.DiagnosticsPage())
	if *updateGolden {
		if err := os.WriteFile(name, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, page) {
		t.Errorf("%s is not up to date: run go test ./cmd/bggen -update, twice if a case has changed", name)
	}
}
