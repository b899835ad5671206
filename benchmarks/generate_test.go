package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/bggen/bggen/benchmarks/internal/synthetic"
)

// A generator is a command that is compared on the same code.
type generator struct {
	side string
	tool synthetic.Tool // for which its module is written
	args []string
}

// BenchmarkGenerate compares bggen with wire, and with the least that loading
// the types of a module's imports takes. peak-MB is the memory of the largest
// process: the tool's, or that of the go list that it calls.
func BenchmarkGenerate(b *testing.B) {
	root, tools := buildTools(b, synthetic.Bggen, synthetic.Wire)
	generators := []generator{
		{"wire", synthetic.Wire, []string{tools[synthetic.Wire], "gen", "./..."}},
		{"go-list", synthetic.Wire, []string{"go", "list", "-export", "-deps", "./..."}},
		{"bggen", synthetic.Bggen, []string{tools[synthetic.Bggen], "./..."}},
	}
	for _, n := range []int{10, 100, 1000} {
		compareGenerators(b, fmt.Sprintf("providers=%d", n), generators, states[:1], func(ctx context.Context, dir string, g generator) (*synthetic.Module, error) {
			return synthetic.Providers(ctx, dir, root, g.tool, n, false)
		})
	}
	for _, size := range []string{"S", "M", "L"} {
		all := states
		if size == "L" {
			all = states[:2] // go list compiles client-go for minutes in the others
		}
		compareGenerators(b, "module="+size, generators, all, func(ctx context.Context, dir string, g generator) (*synthetic.Module, error) {
			return synthetic.Sized(ctx, dir, root, g.tool, size)
		})
	}
}

// BenchmarkDocument compares bggen with itself when it writes an OpenAPI document as
// well, of 600 handlers.
func BenchmarkDocument(b *testing.B) {
	root, tools := buildTools(b, synthetic.Bggen)
	const document = "bggen-document"
	generators := []generator{
		{"bggen", synthetic.Bggen, []string{tools[synthetic.Bggen], "./..."}},
		{document, synthetic.Bggen, []string{tools[synthetic.Bggen], "./..."}},
	}
	compareGenerators(b, "module=S", generators, states[:2], func(ctx context.Context, dir string, g generator) (*synthetic.Module, error) {
		m, err := synthetic.Sized(ctx, dir, root, g.tool, "S")
		if err == nil && g.side == document {
			err = m.Document()
		}
		return m, err
	})
}

// A state is what has happened to a module before its code is generated.
type state struct {
	name string
	edit func(*synthetic.Module) error
	cold bool
}

var states = []state{
	{name: "warm", edit: func(*synthetic.Module) error { return nil }},
	{name: "one-edited", edit: func(m *synthetic.Module) error { return m.Edit(false) }},
	{name: "all-edited", edit: func(m *synthetic.Module) error { return m.Edit(true) }},
	{name: "empty-cache", edit: func(*synthetic.Module) error { return nil }, cold: true},
}

// compareGenerators lets each generator work on a module of its own, on which it
// has run before: from then on its output is there, as it is for a user.
func compareGenerators(b *testing.B, name string, generators []generator, states []state, write func(context.Context, string, generator) (*synthetic.Module, error)) {
	modules := map[string]*synthetic.Module{}
	for _, s := range states {
		for _, g := range generators {
			if s.cold && g.side == "go-list" {
				continue // it compiles everything
			}
			b.Run(name+"/"+s.name+"/side="+g.side, func(b *testing.B) {
				if modules[g.side] == nil {
					dir, err := os.MkdirTemp("", "bggen-benchmark-")
					if err != nil {
						b.Fatal(err)
					}
					m, err := write(b.Context(), dir, g)
					if err != nil {
						b.Skip("the module cannot be made: ", err)
					}
					modules[g.side] = m
					generate(b, g, m, nil)
				}
				measureGenerator(b, g, modules[g.side], s)
			})
		}
	}
	for _, m := range modules {
		os.RemoveAll(m.Dir)
	}
}

func measureGenerator(b *testing.B, g generator, m *synthetic.Module, s state) {
	peak := 0.0
	for b.Loop() {
		b.StopTimer()
		if err := s.edit(m); err != nil {
			b.Fatal(err)
		}
		var env []string
		if s.cold {
			env = []string{"GOCACHE=" + b.TempDir()}
		}
		b.StartTimer()
		peak = max(peak, generate(b, g, m, env))
	}
	b.ReportMetric(peak, "peak-MB")
}

// generate runs a generator, and returns its peak memory in MB.
func generate(b *testing.B, g generator, m *synthetic.Module, env []string) float64 {
	cmd := exec.CommandContext(b.Context(), g.args[0], g.args[1:]...)
	cmd.Dir = m.Dir
	cmd.Env = append(append(os.Environ(), synthetic.Env...), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s", g.side, err, &stderr)
	}
	return float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1000
}

// commands are the packages of the generators.
var commands = map[synthetic.Tool]string{synthetic.Bggen: "github.com/bggen/bggen/cmd/bggen", synthetic.Wire: "github.com/google/wire/cmd/wire"}

// buildTools builds generators, and says where the module of bggen is.
func buildTools(b *testing.B, which ...synthetic.Tool) (root string, tools map[synthetic.Tool]string) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bggen/bggen").Output()
	if err != nil {
		b.Fatal(err)
	}
	tools = map[synthetic.Tool]string{}
	for _, tool := range which {
		tools[tool] = filepath.Join(b.TempDir(), string(tool))
		if out, err := exec.Command("go", "build", "-o", tools[tool], commands[tool]).CombinedOutput(); err != nil {
			b.Fatalf("building %s: %v\n%s", tool, err, out)
		}
	}
	return strings.TrimSpace(string(out)), tools
}
