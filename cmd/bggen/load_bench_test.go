package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// BenchmarkLoad runs the command, a fresh process each time, on modules of 20
// packages and 600 handlers which it makes itself: S imports the standard
// library only, M also gin, gorm, pgx and grpc (which must be in the module
// cache, or be fetched). Beside it, "go list -export -deps" on the same module:
// what asking for the types of all packages costs at the least.
//
// warm: nothing has changed. edited: all 20 packages have. cold: the build
// cache is empty. MB is the peak memory of the command alone.
func BenchmarkLoad(b *testing.B) {
	tool := filepath.Join(b.TempDir(), "bggen")
	if out, err := exec.Command("go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, size := range []string{"S", "M"} {
		m := newBenchModule(b, size)
		if m == nil {
			continue
		}
		m.exec(b, nil, tool, "./...")
		m.exec(b, nil, "go", "list", "-export", "-deps", "./...") // warms the build cache
		b.Run(size+"/warm", func(b *testing.B) {
			for b.Loop() {
				m.exec(b, nil, tool, "-check", "./...")
			}
		})
		b.Run(size+"/warm/go list", func(b *testing.B) {
			for b.Loop() {
				m.exec(b, nil, "go", "list", "-export", "-json", "-deps", "./...")
			}
		})
		b.Run(size+"/edited", func(b *testing.B) {
			for b.Loop() {
				m.edit(b)
				m.exec(b, nil, tool, "-check", "./...")
			}
		})
		b.Run(size+"/edited/go list", func(b *testing.B) {
			for b.Loop() {
				m.edit(b)
				m.exec(b, nil, "go", "list", "-export", "-json", "-deps", "./...")
			}
		})
		b.Run(size+"/cold", func(b *testing.B) {
			for b.Loop() {
				m.exec(b, []string{"GOCACHE=" + b.TempDir()}, tool, "-check", "./...")
			}
		})
	}
}

type benchModule struct {
	dir   string
	files []string
	edits int
}

var benchImports = map[string][]string{
	"S": {"context", "database/sql", "encoding/json", "html/template", "io", "log/slog", "net/http/httputil", "os/exec", "regexp", "text/template"},
	"M": {"context", "database/sql", "encoding/json", "log/slog", "github.com/gin-gonic/gin", "gorm.io/gorm", "github.com/jackc/pgx/v5", "google.golang.org/grpc"},
}

var benchRequires = map[string]string{
	"M": "require (\n\tgithub.com/gin-gonic/gin v1.10.1\n\tgoogle.golang.org/grpc v1.84.0\n)\n", // the others may be the latest
}

// benchUses makes an import one that a signature needs.
var benchUses = map[string]string{
	"context": "Context", "database/sql": "DB", "encoding/json": "Decoder", "html/template": "Template", "io": "Reader",
	"log/slog": "Logger", "net/http/httputil": "ReverseProxy", "os/exec": "Cmd", "regexp": "Regexp", "text/template": "Template",
	"github.com/gin-gonic/gin": "Engine", "gorm.io/gorm": "DB", "github.com/jackc/pgx/v5": "Conn", "google.golang.org/grpc": "ClientConn",
}

// newBenchModule writes a module; nil if what it imports is not to be had.
func newBenchModule(b *testing.B, size string) *benchModule {
	b.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	m := &benchModule{dir: b.TempDir()}
	m.write(b, "go.mod", "module example.com/bench\n\ngo 1.26.0\n\nrequire github.com/bggen/bggen v0.0.0\n"+benchRequires[size]+"\nreplace github.com/bggen/bggen => "+root+"\n")
	for i := range 20 {
		m.files = append(m.files, fmt.Sprintf("p%d/handlers.go", i))
		m.write(b, m.files[i], benchPackage(i, benchImports[size]))
	}
	cmd := exec.Command("go", "mod", "tidy", "-e") // tests of dependencies may need what is not to be had
	cmd.Dir = m.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Run(size, func(b *testing.B) { b.Skipf("module %s cannot be made: %v\n%s", size, err, out) })
		return nil
	}
	return m
}

// benchPackage is a package of 30 handlers that depend on what it imports.
func benchPackage(n int, imports []string) string {
	var src strings.Builder
	fmt.Fprintf(&src, "package p%d\n\nimport (\n", n)
	for i, path := range imports {
		fmt.Fprintf(&src, "\tx%d %q\n", i, path)
	}
	src.WriteString("\n\t\"github.com/bggen/bggen/runtime\"\n)\n")
	for i, path := range imports {
		fmt.Fprintf(&src, "\ntype Dep%d struct{ V *x%d.%s }\n", i, i, benchUses[path])
		fmt.Fprintf(&src, "\n//bggen:provide\nfunc NewDep%d() (*Dep%d, error) { return nil, nil }\n", i, i)
	}
	for i := range 30 {
		fmt.Fprintf(&src, "\ntype Out%d struct{ ID int }\n\n//bggen:route POST /p%d/h%d/{id}\nfunc Handler%d(id int, q *string, body Out%d, dep *Dep%d, bg *runtime.BackgroundTasks) (Out%d, error) {\n\treturn body, nil\n}\n",
			i, n, i, i, i, i%len(imports), i)
	}
	return src.String()
}

func (m *benchModule) write(b *testing.B, name, text string) {
	b.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}

// edit changes every package in a way that has them compiled again.
func (m *benchModule) edit(b *testing.B) {
	b.Helper()
	m.edits++
	for _, name := range m.files {
		path := filepath.Join(m.dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		text, _, _ = bytes.Cut(text, []byte("\nvar edited"))
		m.write(b, name, fmt.Sprintf("%s\nvar edited = %d\n", text, m.edits))
	}
}

func (m *benchModule) exec(b *testing.B, env []string, name string, args ...string) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), name, args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s", name, err, stderr.Bytes())
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		b.ReportMetric(float64(usage.Maxrss)/1024, "MB")
	}
}
