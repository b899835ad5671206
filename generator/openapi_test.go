package generator

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOpenAPI compares one document of all of testdata/ok, and what is noted on
// it, with what is committed, with dependencies read in each of the ways.
func TestOpenAPI(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			result := generateBy(t, way, Config{Dir: "..", Patterns: []string{"./testdata/ok/..."}, OpenAPI: true})
			compare(t, "ok.json", result.OpenAPI)
			compare(t, "ok.notes.txt", []byte(strings.Join(result.Notes, "\n")+"\n"))
		})
	}
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("../testdata/openapi", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("this is not %s: run go test ./generator -run OpenAPI -update, and look at the change", name)
	}
}

// generateIn generates for the package in a directory of this module, since what
// is outside of it would have to be fetched.
func generateIn(t *testing.T, dir string) Result {
	t.Helper()
	result, err := Generate(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// tempPackage makes a package with a route in this module.
func tempPackage(t *testing.T, directives string) string {
	t.Helper()
	dir, err := os.MkdirTemp("../testdata", "document")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	writeFile(t, dir, "p.go", "// Package p is one.\n//\n"+directives+"package p\n\n//bggen:route GET /here\nfunc Here() {}\n")
	return dir
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fileNamed(r Result, name string) *File {
	for i := range r.Files {
		if filepath.Base(r.Files[i].Path) == name {
			return &r.Files[i]
		}
	}
	return nil
}

// TestDocumentIsAnOutput follows a document from its directive to its end.
func TestDocumentIsAnOutput(t *testing.T) {
	dir := tempPackage(t, "//bggen:openapi api.json\n//bggen:openapi-package .\n")
	file := fileNamed(generateIn(t, dir), "api.json")
	if file == nil || file.OnDisk != nil || !bytes.Contains(file.Content, []byte(`"/here"`)) {
		t.Fatalf("%+v", file)
	}
	writeFile(t, dir, "api.json", string(file.Content))
	if again := fileNamed(generateIn(t, dir), "api.json"); again == nil || again.Stale() {
		t.Error("a document that has not changed is stale")
	}

	// Under another name, and then under none, the first one is an orphan.
	for _, directives := range []string{"//bggen:openapi api.yaml\n//bggen:openapi-package .\n", ""} {
		writeFile(t, dir, "p.go", "// Package p is one.\n//\n"+directives+"package p\n\n//bggen:route GET /here\nfunc Here() {}\n")
		orphan := fileNamed(generateIn(t, dir), "api.json")
		if orphan == nil || orphan.Content != nil || !orphan.Stale() {
			t.Errorf("with %q the file is %+v", directives, orphan)
		}
	}
}

func TestDocumentLeavesFilesOfOthersAlone(t *testing.T) {
	dir := tempPackage(t, "//bggen:openapi api.json\n//bggen:openapi-package .\n")
	writeFile(t, dir, "other.json", `{"openapi": "3.1.0"}`)
	writeFile(t, dir, "api.json", `{"openapi": "3.1.0"}`)
	result := generateIn(t, dir)
	if fileNamed(result, "other.json") != nil || fileNamed(result, "api.json") != nil {
		t.Errorf("%+v", result.Files)
	}
	if !result.HasErrors() || !strings.Contains(texts(result.Diagnostics)[0], "api.json was not written by bggen") {
		t.Error(texts(result.Diagnostics))
	}
}

// TestDocumentWaitsForMistakes keeps the document while a package has mistakes.
func TestDocumentWaitsForMistakes(t *testing.T) {
	dir := tempPackage(t, "//bggen:openapi api.json\n//bggen:openapi-package .\n")
	writeFile(t, dir, "q.go", "package p\n\n//bggen:route GET /{x}\nfunc There(y chan int) {}\n")
	if result := generateIn(t, dir); !result.HasErrors() || fileNamed(result, "api.json") != nil {
		t.Errorf("%+v %v", result.Files, texts(result.Diagnostics))
	}
}

// TestDocumentDoesNotDependOnTheOrderOfFiles moves a handler to a file that comes
// first.
func TestDocumentDoesNotDependOnTheOrderOfFiles(t *testing.T) {
	const directives = "//bggen:openapi api.json\n//bggen:openapi-package .\n"
	const there = "//bggen:route GET /there\nfunc There(body struct{}) {}\n"
	dir := tempPackage(t, directives)
	var documents [2]string
	for i, name := range []string{"a.go", "z.go"} {
		writeFile(t, dir, name, "package p\n\n"+there)
		documents[i] = string(fileNamed(generateIn(t, dir), "api.json").Content)
		os.Remove(filepath.Join(dir, name))
	}
	if documents[0] != documents[1] {
		t.Errorf("%s\n%s", documents[0], documents[1])
	}
}
