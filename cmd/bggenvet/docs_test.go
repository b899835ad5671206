package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/imports"
)

// A shown is a mistake in docs/analyzer.md: a program, what is printed, and the
// program without the mistake.
type shown struct{ program, printed, mended string }

var shownPattern = regexp.MustCompile("(?s)```go\n(.*?)```\n\n```\n(.*?)\n```\n.*?```go\n(.*?)```")

// TestDocs runs the command over the programs of its page.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/analyzer.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := newModule(t)
	var all []shown
	for i, m := range shownPattern.FindAllStringSubmatch(string(page), -1) {
		all = append(all, shown{m[1], m[2], m[3]})
		writeProgram(t, filepath.Join(dir, "docs", strconv.Itoa(i)), m[1])
		writeProgram(t, filepath.Join(dir, "docs", strconv.Itoa(i)+"mended"), m[3])
	}
	if len(all) < 7 {
		t.Fatalf("only %d mistakes are shown", len(all))
	}
	cmd := exec.CommandContext(t.Context(), newTool(t), "./docs/...")
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput()
	printed := map[string][]string{} // by directory
	for line := range strings.Lines(string(out)) {
		if at, message, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && strings.Contains(at, ".go:") {
			name := filepath.Base(filepath.Dir(at))
			printed[name] = append(printed[name], message)
		}
	}
	for i, s := range all {
		name := strconv.Itoa(i)
		if got := strings.Join(printed[name], "\n"); got != s.printed {
			t.Errorf("%s\nprints %q\nwant   %q", s.program, got, s.printed)
		}
		if got := printed[name+"mended"]; got != nil {
			t.Errorf("%s\nprints %q", s.mended, got)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}

// writeProgram writes a package of that code, with what the page takes for granted.
func writeProgram(t *testing.T, dir, code string) {
	t.Helper()
	code = "package program\n\nimport \"github.com/bggen/bggen/runtime\"\n\nvar _ runtime.Option\n\n" + code +
		"\nfunc audit(ctx context.Context, what string) error { return nil }\n"
	text, err := imports.Process("program.go", []byte(code), nil)
	if err = errors.Join(err, os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "program.go"), text, 0o644)); err != nil {
		t.Fatal(err)
	}
}
