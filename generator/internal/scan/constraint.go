package scan

import (
	"go/ast"
	"go/build/constraint"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// checkConstraints gives the generated file the constraint that all files of
// the package share. Where they differ, a function that is only there under
// some constraint cannot be called from a file that is always there.
func (s *scanner) checkConstraints(shared bool) {
	if shared {
		s.pkg.Constraint = s.constraint
		return
	}
	for _, dep := range s.pkg.Guards {
		if dep.constraint != "" {
			s.report(diag.New(diag.OwnConstraint, dep.Range, "this guard is only there under the constraint %q, and other files of the package are built without", dep.constraint).
				WithHint("move it to the package clause of a file without a constraint"))
		}
	}
	for _, f := range s.pkg.Funcs {
		if f.Constraint != "" {
			s.report(diag.New(diag.OwnConstraint, f.Range, "%s is only built under the constraint %q, and other files of the package are built without", f.FullName(), f.Constraint).
				WithHint("move it to a file without a constraint, or to a package whose files all have it"))
		}
	}
}

// constraintOf is the build constraint of a file: that of its //go:build line
// and that of its name.
func constraintOf(filename string, file *ast.File) string {
	var all constraint.Expr
	and := func(e constraint.Expr) {
		if all == nil {
			all = e
		} else {
			all = &constraint.AndExpr{X: all, Y: e}
		}
	}
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		for _, c := range group.List {
			if !constraint.IsGoBuild(c.Text) {
				continue
			}
			if e, err := constraint.Parse(c.Text); err == nil {
				and(e)
			}
		}
	}
	for _, tag := range nameTags(filename) {
		and(&constraint.TagExpr{Tag: tag})
	}
	if all == nil {
		return ""
	}
	return all.String()
}

// nameTags are the operating system and the architecture in a file's name:
// _linux, _amd64 or _linux_amd64 before the extension.
func nameTags(filename string) []string {
	name := strings.TrimSuffix(filepath.Base(filename), ".go")
	parts := strings.Split(name, "_")[1:]
	n := len(parts)
	switch {
	case n >= 2 && slices.Contains(systems, parts[n-2]) && slices.Contains(architectures, parts[n-1]):
		return parts[n-2:]
	case n >= 1 && (slices.Contains(systems, parts[n-1]) || slices.Contains(architectures, parts[n-1])):
		return parts[n-1:]
	}
	return nil
}

// What the go command knows: internal/syslist of Go 1.26.
var (
	systems = []string{"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux",
		"nacl", "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos"}
	architectures = []string{"386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle",
		"mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x",
		"sparc", "sparc64", "wasm"}
)
