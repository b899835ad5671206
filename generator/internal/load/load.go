// Package load finds the packages that have to do with bggen, parses them, and
// checks the types of their signatures, without compiling anything.
//
// What is not of the main module is read from export data (see imports.go), or from
// source where there is none (see closure.go), or as an earlier run has found it in
// source (see bundle.go). All give the same view.
package load

import (
	"cmp"
	"context"
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/bggen/bggen/generator/internal/diag"
	"golang.org/x/tools/go/packages"
)

// FileName is the name of the generated file in each package.
const FileName = "bggen_gen.go"

// Config says what is loaded.
type Config struct {
	Dir      string   // of the go command; "": the current one
	Env      []string // of the go command; nil: os.Environ()
	Tags     string   // build tags, separated by commas
	Patterns []string // of packages, as for the go command
	Imports  Imports

	// Cache is the directory where the types of imports are kept that had to come from
	// source. "": bggen's in the cache directory of the user, or none with Source.
	Cache string
}

// Imports says how what is outside the main modules is imported.
type Imports int

const (
	Auto       Imports = iota // from export data if it is there soon, or else from source
	ExportData                // from export data
	Source                    // from source
)

// A Package is a package that was asked for.
type Package struct {
	Path, Name, Dir string
	Main            bool   // it is of a main module, for which there is a generated file: see Import
	Generated       string // absolute path of the file generated earlier, "" if there is none

	// The rest is there for a package that has to do with bggen, and parses.
	Fset     *token.FileSet
	Files    []*ast.File // but for the generated one
	Ignored  []*ast.File // with directives, that build constraints leave out
	Types    *types.Package
	Info     *types.Info   // Defs and Uses, of signatures
	TypeErrs []types.Error // anywhere in the package, bodies excepted

	Diagnostics []*diag.Diagnostic // why it could not be loaded

	// Import is a package that this one imports, at any depth, or that a
	// directive names; nil if it cannot be loaded. It has Files where it has
	// directives, and no Info unless it is of a main module.
	Import func(path string) *Package
}

// Load loads the packages that match. Its error is one of the run as a whole;
// what is wrong with a package is among that package's diagnostics.
func Load(ctx context.Context, cfg Config) ([]*Package, error) {
	l := newLoader(ctx, cfg)
	roots, err := l.roots()
	if err != nil {
		return nil, err
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	list := make([]*Package, len(roots))
	for i, s := range roots {
		list[i] = l.result(s)
		if s.wanted {
			l.known[s.path] = list[i]
		}
	}
	return list, nil
}

type loader struct {
	ctx         context.Context
	cfg         Config
	fset        *token.FileSet
	mains       []string           // paths of the main modules
	sources     map[string]*source // by import path: what is taken from source
	external    map[string]*source // by import path: what has directives, and is not of a main module
	reasons     map[string]string  // by import path: why the go command does not find a package
	importOuter func(path string) (*types.Package, error)

	mu    sync.Mutex
	known map[string]*Package // by import path: what has been asked for
}

func newLoader(ctx context.Context, cfg Config) *loader {
	return &loader{
		ctx:      ctx,
		cfg:      cfg,
		fset:     token.NewFileSet(),
		sources:  map[string]*source{},
		external: map[string]*source{},
		known:    map[string]*Package{},
		reasons:  map[string]string{},
	}
}

// list asks the go command, or a driver, about packages.
func (l *loader) list(ctx context.Context, mode packages.LoadMode, patterns ...string) ([]*packages.Package, error) {
	cfg := &packages.Config{Context: ctx, Mode: mode, Dir: l.cfg.Dir, Env: l.cfg.Env}
	if l.cfg.Tags != "" {
		cfg.BuildFlags = []string{"-tags=" + l.cfg.Tags}
	}
	metas, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, goError(err)
	}
	for _, meta := range metas {
		if len(meta.Errors) > 0 && len(meta.GoFiles) == 0 {
			l.reasons[meta.PkgPath] = strings.Join(strings.Fields(meta.Errors[0].Msg), " ")
		}
	}
	return metas, nil
}

// goError is what the go command itself said, if it did.
func goError(err error) error {
	if _, stderr, ok := strings.Cut(err.Error(), ": stderr: "); ok && strings.TrimSpace(stderr) != "" {
		return errors.New(strings.TrimPrefix(strings.TrimSpace(stderr), "go: "))
	}
	return err
}

// missing is why a package cannot be imported.
func (l *loader) missing(path string) error {
	return errors.New(cmp.Or(l.reasons[path], "package "+path+" cannot be found"))
}

const metadata = packages.NeedName | packages.NeedFiles | packages.NeedModule

// roots lists what matches the patterns, and parses what has to do with bggen.
func (l *loader) roots() ([]*source, error) {
	metas, err := l.list(l.ctx, metadata, l.cfg.Patterns...)
	if err != nil {
		return nil, err
	}
	roots := make([]*source, 0, len(metas))
	for _, meta := range metas {
		l.noteMain(meta)
		s := newSource(meta)
		roots = append(roots, s)
		l.sources[s.path] = s
	}
	each(roots, func(s *source) {
		if s.read() && s.mentionsBggen() {
			s.wanted = true
			s.parse(l.fset)
			s.refuseForeign(l.fset)
		}
		s.checkMeta()
	})
	return roots, nil
}

// followImports finds the packages of the main modules that signatures of
// wanted packages may refer to, and parses them.
func (l *loader) followImports() error {
	var todo []*source
	for _, s := range l.sources {
		if s != nil && s.parsed {
			todo = append(todo, s)
		}
	}
	for len(todo) > 0 {
		var found []*source
		var unlisted []string
		for _, s := range todo {
			for _, path := range s.imports() {
				if !l.inMain(path) {
					continue
				}
				dep, known := l.sources[path]
				switch {
				case !known:
					l.sources[path] = nil // listed below
					unlisted = append(unlisted, path)
				case dep != nil && !dep.parsed && !dep.queued:
					dep.queued = true
					found = append(found, dep)
				}
			}
		}
		if len(unlisted) > 0 {
			metas, err := l.list(l.ctx, metadata, unlisted...)
			if err != nil {
				return err
			}
			for _, meta := range metas {
				if meta.Module != nil && meta.Module.Main {
					s := newSource(meta)
					s.queued = true
					l.sources[s.path] = s
					found = append(found, s)
				}
			}
		}
		each(found, func(s *source) {
			if s.read() {
				s.directives = s.hasDirectives()
				s.parse(l.fset)
			}
		})
		todo = found
	}
	return nil
}

// noteMain notes the main module of a package. It reports whether that is new.
func (l *loader) noteMain(meta *packages.Package) bool {
	m := meta.Module
	if m == nil || !m.Main || slices.Contains(l.mains, m.Path) {
		return false
	}
	l.mains = append(l.mains, m.Path)
	return true
}

func (l *loader) inMain(path string) bool {
	for _, main := range l.mains {
		if path == main || strings.HasPrefix(path, main+"/") {
			return true
		}
	}
	return false
}

// result is what the other stages see of s.
func (l *loader) result(s *source) *Package {
	p := &Package{
		Path: s.path, Name: s.name, Dir: s.dir,
		Generated:   s.generated,
		Fset:        l.fset,
		Diagnostics: s.diagnostics,
		Import:      func(path string) *Package { return l.imported(s, path) },
	}
	if s.wanted && len(s.diagnostics) == 0 {
		p.Main = l.inMain(p.Path)
		p.Files, p.Ignored = s.files, s.ignored
		p.Types, p.Info, p.TypeErrs = s.types, s.info, s.typeErrs
	}
	return p
}

func isGenerated(file string) bool { return filepath.Base(file) == FileName }
