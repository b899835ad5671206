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
	if !shared || s.constraint == "" {
		for _, file := range s.load.Ignored {
			s.leftOut(file)
		}
	}
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
			s.ownConstraint(f.Range, f.FullName(), f.Constraint)
		}
	}
}

func (s *scanner) ownConstraint(where diag.Range, name, constraint string) {
	s.report(diag.New(diag.OwnConstraint, where, "%s is only built under the constraint %q, and other files of the package are built without", name, constraint).
		WithHint("move it to a file without a constraint, or to a package whose files all have it"))
}

// leftOut complains of functions with directives in a file that this build
// leaves out, of a package that is built without: they would vanish.
func (s *scanner) leftOut(file *ast.File) {
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if ok && len(s.directives(fn.Doc, map[*ast.Comment]bool{})) > 0 {
			s.ownConstraint(s.rangeOf(fn.Name.Pos(), fn.Name.End()), fn.Name.Name, constraintOf(s.load.Fset.Position(file.Package).Filename, file))
		}
	}
}

// constraintOf is the build constraint of a file: that of its //go:build line,
// that of its name, and cgo for one that imports "C".
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
	if slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` }) {
		and(&constraint.TagExpr{Tag: "cgo"})
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
