package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnalyzerFlag(t *testing.T) {
	for arg, want := range map[string]string{
		"-all":        "-bggen.all=true",
		"--all":       "-bggen.all=true",
		"-all=false":  "-bggen.all=false",
		"-why":        "-bggen.why=true",
		"-bggen.all":  "-bggen.all",
		"-fix":        "-fix",
		"all":         "all",
		"./...":       "./...",
		"-tags=a=all": "-tags=a=all",
	} {
		if got := analyzerFlag(arg); got != want {
			t.Errorf("analyzerFlag(%q) = %q, want %q", arg, got, want)
		}
	}
}

func TestIsUnit(t *testing.T) {
	for args, want := range map[string]bool{
		"":                             false,
		"./...":                        false,
		"-fix ./...":                   false,
		"-flags":                       true,
		"-V=full":                      true,
		"-bggen.all=true /tmp/vet.cfg": true,
	} {
		if got := isUnit(strings.Fields(args)); got != want {
			t.Errorf("isUnit(%q) = %v, want %v", args, got, want)
		}
	}
}

// TestCommand runs the command as its user does.
func TestCommand(t *testing.T) {
	tool := newTool(t)
	mistakes := newModule(t)
	for _, tt := range []struct {
		name, dir string
		args      []string
		code      int
		want, not string // in the output
	}{
		{name: "help", dir: ".", args: []string{"-h"}, want: "Usage: bggenvet [flags] [packages]", not: tool},
		{name: "our own packages", dir: "../..", args: []string{"./examples/...", "./testdata/ok/..."}, not: "uses"},
		{name: "mistakes", dir: mistakes, args: []string{"./..."}, code: 1, want: "fixes.go:17:15: the task uses ctx"},
		{name: "what is left after fixes", dir: mistakes, args: []string{"-fix", "./..."}, code: 1, want: "the task uses both", not: "the task drops"},
		{name: "a package without the runtime", dir: mistakes, args: []string{"./plain"}, not: "goroutine"},
		{name: "all", dir: mistakes, args: []string{"-all", "./plain"}, code: 1, want: "plain.go:6:2: this goroutine uses r"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), tool, tt.args...)
			cmd.Dir = tt.dir
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != tt.code {
				t.Errorf("exit status %d, want %d", code, tt.code)
			}
			if text := string(out); !strings.Contains(text, tt.want) || tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("want %q and not %q in\n%s", tt.want, tt.not, text)
			}
		})
	}
	build := exec.CommandContext(t.Context(), "go", "build", "./...")
	build.Dir = mistakes
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("what was fixed does not compile: %v\n%s", err, out)
	}
}

// newTool builds the command.
func newTool(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "bggenvet")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}

// newModule is a module with mistakes that have fixes, and a package that does not
// import the runtime.
func newModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	fixes, err := os.ReadFile(filepath.Join(root, "generator/lint/testdata/fixes/fixes.go"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod":         "module example.com/a\n\ngo 1.26.0\n\nrequire github.com/bggen/bggen v0.0.0\n\nreplace github.com/bggen/bggen => " + root + "\n",
		"fixes/fixes.go": string(fixes),
		"plain/plain.go": "package plain\n\nimport \"net/http\"\n\nfunc handle(w http.ResponseWriter, r *http.Request) {\n\tgo audit(r)\n}\n\nfunc audit(*http.Request) {}\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
