package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator"
)

// TestCommandLine runs what needs no packages.
func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		args           string
		status         int
		stdout, stderr string // parts
	}{
		{"help", exitOK, "\nExit codes:\n\n  0  ", ""},
		{"help start", exitOK, "//bggen:route GET /hello/{name}", ""},
		{"help nosuch", exitTrouble, "", "usage: bggen help [start]"},
		{"version", exitOK, "bggen (devel), built with go1.", ""},
		{"--version", exitOK, "bggen (devel), built with go1.", ""},
		{"version 1", exitTrouble, "", "usage: bggen version"},
		{"explain BG012", exitOK, "BG012: a parameter without a source", ""},
		{"explain bg031", exitOK, "Please report it", ""},
		{"explain BG000", exitTrouble, "", "there is no mistake BG000: they are BG001 to "},
		{"explain", exitTrouble, "", "usage: bggen explain CODE"},
		{"completion bash", exitOK, "-check", ""},
		{"completion zsh", exitOK, "#compdef bggen", ""},
		{"completion fish", exitOK, "__fish_seen_subcommand_from explain", ""},
		{"completion nosuch", exitTrouble, "", "usage: bggen completion bash|zsh|fish"},
		{"-check -n", exitTrouble, "", "-check and -n cannot be used together"},
		{"-json -routes -", exitTrouble, "", "-json and -routes - cannot be used together"},
		{"-graph svg", exitTrouble, "", `-graph is dot or mermaid, not "svg"`},
		{"-only x", exitTrouble, "", "-only needs -graph"},
		{"-run x", exitTrouble, "", "-run needs -watch"},
		{"-h", exitOK, "", `"bggen help" says more`},
	} {
		status, stdout, stderr := command(t, ".", strings.Fields(c.args)...)
		if status != c.status || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) {
			t.Errorf("bggen %s: %d\n%s%s", c.args, status, stdout, stderr)
		}
		if (stdout == "") != (c.stdout == "") || (stderr == "") != (c.stderr == "") {
			t.Errorf("bggen %s prints to the wrong place:\n%s%s", c.args, stdout, stderr)
		}
	}
}

// Bash accepts the completion script, and completes commands, codes and flags.
func TestBashCompletion(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	_, script, _ := command(t, t.TempDir(), "completion", "bash")
	for line, want := range map[string]string{
		"bggen exp":           "explain",
		"bggen -gr":           "-graph",
		"bggen explain BG012": "BG012",
		"bggen completion z":  "zsh",
		"bggen -check -js":    "-json",
	} {
		cmd := exec.CommandContext(t.Context(), bash, "-c", script+"\nCOMP_WORDS=("+line+"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _bggen; echo ${COMPREPLY[*]}")
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%s is completed with %q, %v", line, out, err)
		}
	}
}

// TestInit is what "bggen help start" tells a newcomer to do.
func TestInit(t *testing.T) {
	dir := module(t, map[string]string{})
	const wrote = "wrote main.go\nwrote hello/hello.go\n"
	if status, stdout, stderr := command(t, dir, "init"); status != exitOK || !strings.HasPrefix(stdout, wrote) || stderr != "" {
		t.Fatalf("%d\n%s%s", status, stdout, stderr)
	}
	if out := goCommand(t, dir, "generate", "./..."); out != "wrote hello/bggen_gen.go\n" {
		t.Errorf("go generate prints %q", out)
	}
	goCommand(t, dir, "vet", "./...")
	if status, stdout, stderr := command(t, dir, "./..."); status != exitOK || stdout != "up to date\n" || stderr != "" {
		t.Errorf("again: %d\n%s%s", status, stdout, stderr)
	}

	main := filepath.Join(dir, "main.go")
	if err := os.WriteFile(main, []byte("package main // mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if status, stdout, stderr := command(t, dir, "init"); status != exitTrouble || stdout != "" || !strings.Contains(stderr, "main.go is there already") {
		t.Errorf("over main.go: %d\n%s%s", status, stdout, stderr)
	}
	if err := os.Remove(main); err != nil {
		t.Fatal(err)
	}
	if status, stdout, stderr := command(t, dir, "init"); status != exitTrouble || stdout != "" || !strings.Contains(stderr, "hello/hello.go is there already") {
		t.Errorf("over hello.go: %d\n%s%s", status, stdout, stderr)
	}
	bare := t.TempDir()
	if err := os.WriteFile(filepath.Join(bare, "go.mod"), []byte("module example.com/bare\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, stdout, _ := command(t, bare, "init"); !strings.HasSuffix(stdout, "\nnow: go get -tool github.com/bggen/bggen/cmd/bggen && go generate ./... && go run .\n") {
		t.Errorf("without the tool:\n%s", stdout)
	}
	if status, _, stderr := command(t, t.TempDir(), "init"); status != exitTrouble || !strings.Contains(stderr, "go mod init") {
		t.Errorf("without a module: %d\n%s", status, stderr)
	}
}

// TestExitCodes checks that the table of the codes is that of the constants.
func TestExitCodes(t *testing.T) {
	for code, line := range []string{exitOK: "  0  no mistakes", exitStale: "  1  with -check", exitTrouble: "  2  a mistake"} {
		if !strings.Contains(exitCodes, line) {
			t.Errorf("exit code %d is not in the table", code)
		}
	}
}

func TestWords(t *testing.T) {
	dir := module(t, map[string]string{
		"greet/greet.go":   outsideGreet,
		"was/was.go":       "package was\n",
		"was/bggen_gen.go": "// Code generated by bggen. DO NOT EDIT.\n\npackage was\n",
		"plain/a/a.go":     "package a\n",
		"plain/b/b.go":     "package b\n",
	})
	for _, c := range []struct{ pattern, stdout, stderr string }{
		{"./...", "wrote greet/" + generator.FileName + "\nremoved was/" + generator.FileName + "\n", ""},
		{"./...", "up to date\n", ""},
		{"./plain/...", "", "bggen: no directives in 2 packages: see bggen help start\n"},
	} {
		if status, stdout, stderr := command(t, dir, c.pattern); status != exitOK || stdout != c.stdout || stderr != c.stderr {
			t.Errorf("bggen %s: %d\n%s%s", c.pattern, status, stdout, stderr)
		}
	}
}
