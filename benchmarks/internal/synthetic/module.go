// Package synthetic writes modules for generators to work on: the same
// providers and handlers once for bggen and once for wire.
package synthetic

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Tool is a generator.
type Tool string

// The tools.
const (
	Bggen Tool = "bggen"
	Wire  Tool = "wire"
)

// A Module is a Go module in a directory of its own.
type Module struct {
	Dir   string
	files map[string]string // by name, as last written
	edits int
}

// versions are those of what the modules import, directly or not: whatever is
// newer some day, these resolve together.
var versions = map[string]string{
	"github.com/gin-gonic/gin":                  "v1.10.1",
	"github.com/google/wire":                    "v0.7.0",
	"github.com/jackc/pgx/v5":                   "v5.12.0",
	"gorm.io/gorm":                              "v1.31.2",
	"google.golang.org/grpc":                    "v1.67.3",
	"google.golang.org/genproto/googleapis/rpc": "v0.0.0-20240814211410-ddb44dafa142",
	"golang.org/x/crypto":                       "v0.56.0",
	"golang.org/x/net":                          "v0.56.0",
	"golang.org/x/sync":                         "v0.24.0",
	"golang.org/x/sys":                          "v0.49.0",
	"golang.org/x/text":                         "v0.40.0",
	"k8s.io/client-go":                          "v0.37.2",
}

// write makes a module of files. root is where bggen itself is.
func write(ctx context.Context, dir, root string, tool Tool, modules []string, files map[string]string) (*Module, error) {
	m := &Module{Dir: dir, files: files}
	if err := m.put("go.mod", goMod(root, tool, modules)); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := m.put(name, files[name]); err != nil {
			return nil, err
		}
	}
	// Completes go.mod, and fetches what is not there yet. The tidier "go mod
	// tidy" would fetch what the tests of others need as well.
	cmd := exec.CommandContext(ctx, "go", "list", "-mod=mod", "-deps", "-tags=wireinject", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), Env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("what the module imports is not to be had: %w\n%s", err, stderr.Bytes())
	}
	return m, nil
}

// Env is what commands in a module need in their environment: it is in no
// workspace.
var Env = []string{"GOWORK=off"}

func goMod(root string, tool Tool, modules []string) string {
	var b strings.Builder
	b.WriteString("module example.com/bench\n\ngo 1.26.0\n\n")
	if tool == Bggen {
		fmt.Fprintf(&b, "require github.com/bggen/bggen v0.0.0\n\nreplace github.com/bggen/bggen => %s\n\n", root)
	} else {
		modules = append([]string{"github.com/google/wire"}, modules...)
	}
	for _, module := range modules {
		fmt.Fprintf(&b, "require %s %s\n", module, versions[module])
	}
	return b.String()
}

func (m *Module) put(name, text string) error {
	path := filepath.Join(m.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// Document adds a package that asks for an OpenAPI document of all others.
func (m *Module) Document() error {
	return m.put("doc.go", "// Package bench has a document.\n//\n//bggen:openapi openapi.json\npackage bench\n")
}

// Edit changes packages in a way that has them compiled again: one of them, or
// all.
func (m *Module) Edit(all bool) error {
	m.edits++
	for _, name := range slices.Sorted(maps.Keys(m.files)) {
		if filepath.Base(name) != sourceFile {
			continue
		}
		if err := m.put(name, fmt.Sprintf("%s\nvar edited = %d\n", m.files[name], m.edits)); err != nil {
			return err
		}
		if !all {
			break
		}
	}
	return nil
}
