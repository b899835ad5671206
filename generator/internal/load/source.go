package load

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/packages"
)

// A source is a package that is taken from source.
type source struct {
	path, name, dir string
	goVersion       string
	generated       string
	paths           []string          // of the files, but for the generated one
	importMap       map[string]string // import path in a file to package path, where they differ
	names           map[string]string // of packages, by import path in a file, where they are known

	texts      [][]byte          // of paths, until they are parsed
	sum        [sha256.Size]byte // of texts, where it is asked for
	changed    bool              // since sum was asked for
	left       []string          // paths of files that the build constraints leave out
	ignored    []*ast.File
	wanted     bool // it was asked for, and has to do with bggen
	directives bool // it has directives, and was not asked for
	foreign    bool // it is of a module that is no main one
	typesOnly  bool // nobody looks at its files when its types are known
	queued     bool
	parsed     bool
	files      []*ast.File
	named      []string // packages that directives name by path

	checked  bool
	types    *types.Package
	info     *types.Info
	typeErrs []types.Error

	errors      []packages.Error // of the go command
	diagnostics []*diag.Diagnostic
}

func newSource(meta *packages.Package) *source {
	s := &source{path: meta.PkgPath, name: meta.Name}
	if m := meta.Module; m != nil {
		s.foreign = !m.Main
		if m.GoVersion != "" {
			s.goVersion = "go" + m.GoVersion
		}
	}
	for _, file := range meta.GoFiles {
		s.dir = filepath.Dir(file)
		if isGenerated(file) {
			s.generated = file
		} else {
			s.paths = append(s.paths, file)
		}
	}
	s.left = meta.IgnoredFiles
	for path, dep := range meta.Imports {
		if dep.PkgPath != path && dep.PkgPath != "" {
			if s.importMap == nil {
				s.importMap = map[string]string{}
			}
			s.importMap[path] = dep.PkgPath
		}
	}
	for _, err := range meta.Errors {
		// Our own file may be anything, a half-merged one too: it is written anew.
		if !isGenerated(position(err.Pos).Filename) {
			s.errors = append(s.errors, err)
		}
	}
	return s
}

// refuseForeign complains of a package of another module: its files are not the
// user's.
func (s *source) refuseForeign(fset *token.FileSet) {
	if s.foreign {
		s.fail(diag.NotLoaded, fset.Position(s.files[0].Package), "%s belongs to another module: bggen writes only into the modules you work on", s.path).
			WithHint("run bggen in that module, or add it to a go.work file")
	}
}

// checkMeta complains of what the go command found wrong with a package.
func (s *source) checkMeta() {
	if s.path == "command-line-arguments" && len(s.paths) > 0 {
		s.fail(diag.NotLoaded, token.Position{Filename: s.paths[0]}, "bggen takes packages, not files: a file of a package is not all of it").
			WithHint("name the directory: bggen ./%s", filepath.Base(s.dir))
		return
	}
	if len(s.diagnostics) > 0 || !s.wanted && (len(s.paths) > 0 || s.generated != "") {
		return // the syntax errors say it better, or it is none of ours
	}
	for _, err := range s.errors {
		at := position(err.Pos)
		if at.Filename == "" && len(s.paths) > 0 {
			at = token.Position{Filename: s.paths[0], Line: 1, Column: 1}
		}
		s.fail(diag.NotLoaded, at, "%s: %s", s.path, err.Msg).
			WithHint("go list %s says the same", s.path)
	}
}

// position reads file:line:column, as the go command writes it.
func position(text string) (p token.Position) {
	var rest string
	p.Filename, rest, _ = strings.Cut(text, ":")
	if p.Filename == "-" {
		p.Filename = ""
	}
	line, column, _ := strings.Cut(rest, ":")
	p.Line, _ = strconv.Atoi(line) // 0 where there is none
	p.Column, _ = strconv.Atoi(column)
	return p
}

func (s *source) fail(entry *diag.Entry, at token.Position, format string, args ...any) *diag.Diagnostic {
	d := diag.New(entry, diag.Range{Start: at}, format, args...)
	s.diagnostics = append(s.diagnostics, d)
	return d
}

// read reads the files. It reports whether that worked.
func (s *source) read() bool {
	s.texts = make([][]byte, len(s.paths))
	for i, path := range s.paths {
		text, err := os.ReadFile(path)
		if err != nil {
			s.fail(diag.NotLoaded, token.Position{Filename: path}, "%v", err)
			return false
		}
		s.texts[i] = text
	}
	return true
}

// mentionsBggen reports whether a file may hold a directive, or something meant
// as one, or imports the runtime. It is a quick look: most packages of a
// program have nothing to do with bggen.
func (s *source) mentionsBggen() bool {
	for _, text := range s.texts {
		for _, word := range [][]byte{[]byte("bggen"), []byte("Bggen"), []byte("BGGEN")} {
			if bytes.Contains(text, word) { // the runtime's import path has it too
				return true
			}
		}
	}
	return false
}

// hasDirectives reports whether another package may take something from this
// one. It is a quick look, as mentionsBggen is.
func (s *source) hasDirectives() bool {
	return slices.ContainsFunc(s.texts, func(text []byte) bool { return bytes.Contains(text, []byte("//bggen:")) })
}

// parse parses the files: with comments where directives are looked for.
func (s *source) parse(fset *token.FileSet) {
	s.parsed = true
	mode := parser.SkipObjectResolution
	if s.wanted || s.directives {
		mode |= parser.ParseComments
	}
	for i, path := range s.paths {
		file, err := parser.ParseFile(fset, path, s.texts[i], mode)
		if file != nil {
			s.files = append(s.files, file)
		}
		if file != nil && mode&parser.ParseComments != 0 {
			s.named = append(s.named, NamedPackages(file)...)
		}
		if file != nil && s.typesOnly {
			s.trim(file)
		}
		if list, ok := errors.AsType[scanner.ErrorList](err); ok && s.wanted {
			for _, e := range list {
				s.fail(diag.Syntax, e.Pos, "%s", e.Msg)
			}
		}
	}
	s.texts = nil
	if s.wanted {
		s.parseIgnored(fset)
	}
}

// trim removes what types do not depend on: the bodies of functions, and imports that
// only these use.
func (s *source) trim(file *ast.File) {
	used := map[string]bool{"": true, ".": true, "C": true} // "": who knows
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			n.List = nil
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	})
	unused := func(spec *ast.ImportSpec) bool {
		if spec.Name != nil {
			return !used[spec.Name.Name]
		}
		path, _ := strconv.Unquote(spec.Path.Value) // it has been parsed
		return !used[s.names[path]]
	}
	file.Decls = slices.DeleteFunc(file.Decls, func(decl ast.Decl) bool {
		imports, ok := decl.(*ast.GenDecl)
		if !ok || imports.Tok != token.IMPORT {
			return false
		}
		imports.Specs = slices.DeleteFunc(imports.Specs, func(spec ast.Spec) bool { return unused(spec.(*ast.ImportSpec)) })
		return len(imports.Specs) == 0
	})
	file.Imports = slices.DeleteFunc(file.Imports, unused)
}

// parseIgnored parses the files with directives that the build constraints
// leave out: what they say must not vanish.
func (s *source) parseIgnored(fset *token.FileSet) {
	for _, path := range s.left {
		text, err := os.ReadFile(path)
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || isGenerated(path) || !bytes.Contains(text, []byte("//bggen:")) {
			continue
		}
		file, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil && file.Name.Name == s.name {
			s.ignored = append(s.ignored, file)
		}
	}
}

// imports are the paths that the files import, "C" and "unsafe" excepted, and
// those that their directives name.
func (s *source) imports() []string {
	var list []string
	for _, file := range s.files {
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil && path != "C" && path != "unsafe" {
				list = append(list, s.resolve(path))
			}
		}
	}
	return append(list, s.named...)
}

func (s *source) resolve(path string) string { return cmp.Or(s.importMap[path], path) }

// check checks the signatures of s with what imports gives.
func (s *source) check(fset *token.FileSet, imports func(path string) (*types.Package, error)) {
	if s.checked {
		return
	}
	s.checked = true
	if s.wanted || s.directives {
		s.info = newInfo()
	}
	defer func() {
		if why := recover(); why != nil {
			s.types = types.NewPackage(s.path, s.name)
			s.types.MarkComplete()
			s.fail(diag.NotLoaded, fset.Position(s.files[0].Package), "the type checker of Go %s panics on package %s: %v", runtime.Version(), s.path, why).
				WithHint("go vet %s shows whether the compiler does so too; types that are declared by each other are what it is most often about", s.path)
		}
	}()
	s.types, s.typeErrs = checkSignatures(types.Config{
		GoVersion: s.goVersion,
		Sizes:     types.SizesFor("gc", runtime.GOARCH),
		Importer: importerFunc(func(path string) (*types.Package, error) {
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			return imports(s.resolve(path))
		}),
	}, s.path, fset, s.files, s.info)
	s.types.SetName(s.name)
	s.types.MarkComplete() // as far as can be: an importer accepts nothing else
}

func newInfo() *types.Info {
	return &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
}

// checkSignatures checks the types of what files declare, bodies excepted, and
// goes on after mistakes.
func checkSignatures(cfg types.Config, path string, fset *token.FileSet, files []*ast.File, info *types.Info) (p *types.Package, errs []types.Error) {
	cfg.IgnoreFuncBodies, cfg.FakeImportC = true, true
	cfg.Error = func(err error) {
		if e, ok := errors.AsType[types.Error](err); ok {
			errs = append(errs, e)
		}
	}
	p, _ = cfg.Check(path, fset, files, info) // errors went to the hook
	return p, errs
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// each calls f for all of list, as many at a time as there are processors.
func each[T any](list []T, f func(T)) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, v := range list {
		group.Go(func() error { f(v); return nil })
	}
	group.Wait()
}

// sorted is list without duplicates, in order.
func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
