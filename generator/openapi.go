package generator

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
	"github.com/bggen/bggen/generator/internal/openapi"
	"github.com/bggen/bggen/generator/internal/scan"
)

// document writes the packages of a run as one OpenAPI document. Those with
// mistakes are left out.
func (r *run) document(info openapi.Info, outputs []output, mounts map[string]string) ([]byte, []string, error) {
	var list []openapi.Package
	for i, o := range outputs {
		mount, ok := mounts[r.pkgs[i].Dir]
		if o.resolved == nil || len(o.resolved.Handlers) == 0 || mounts != nil && !ok {
			continue
		}
		list = append(list, openapi.Package{
			Package: o.resolved.Package, Doc: packageComment(r.pkgs[i]), Mount: mount,
		})
	}
	return openapi.Write(info, list, r.comment)
}

// comment looks the comment of a declaration up in the sources that were read. It may
// be called by several goroutines.
func (r *run) comment(obj types.Object) string {
	pkg := obj.Pkg()
	r.mu.Lock()
	known := r.comments[pkg.Path()]
	if known == nil {
		known = sync.OnceValue(func() map[string]string {
			if p := r.loaded(pkg.Path()); p != nil {
				return commentsOf(p)
			}
			return nil
		})
		r.comments[pkg.Path()] = known
	}
	r.mu.Unlock()
	return known()[keyOf(r.pkgs[0].Fset, obj.Pos(), obj.Name())]
}

// loaded is a package of the run, or one that it imports; nil if its source was
// not read.
func (r *run) loaded(path string) *load.Package {
	for _, p := range r.pkgs {
		if p.Path == path {
			return p
		}
	}
	for _, p := range r.pkgs {
		if p.Import == nil {
			continue
		}
		if other := p.Import(path); other != nil && len(other.Files) > 0 {
			return other
		}
	}
	return nil
}

// keyOf tells a declaration from others, by what its positions in source and in export
// data have in common: the line.
func keyOf(fset *token.FileSet, at token.Pos, name string) string {
	p := fset.Position(at)
	return fmt.Sprintf("%s:%d %s", p.Filename, p.Line, name)
}

// commentsOf are the comments of functions, types, constants and fields, by their
// keys. One on the same line counts where there is none above.
func commentsOf(p *load.Package) map[string]string {
	list := map[string]string{}
	add := func(name *ast.Ident, groups ...*ast.CommentGroup) {
		for _, g := range groups {
			if text := strings.TrimSpace(g.Text()); text != "" {
				list[keyOf(p.Fset, name.Pos(), name.Name)] = text
				return
			}
		}
	}
	for _, file := range p.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				add(n.Name, n.Doc)
				return false
			case *ast.GenDecl:
				if spec, ok := n.Specs[0].(*ast.TypeSpec); ok && len(n.Specs) == 1 {
					add(spec.Name, spec.Doc, n.Doc)
				}
			case *ast.TypeSpec:
				add(n.Name, n.Doc)
			case *ast.ValueSpec:
				for _, name := range n.Names {
					add(name, n.Doc, n.Comment)
				}
				return false
			case *ast.Field:
				for _, name := range n.Names {
					add(name, n.Doc, n.Comment)
				}
			}
			return true
		})
	}
	return list
}

// packageComment is the comment of a package, of the first file that has one.
func packageComment(p *load.Package) string {
	for _, file := range p.Files {
		if text := strings.TrimSpace(file.Doc.Text()); text != "" {
			return text
		}
	}
	return ""
}

// addDocuments adds the documents that packages ask for to a result. One that has
// a package with mistakes in it is left as it is on disk.
func (r *Result) addDocuments(ctx context.Context, cfg Config, run *run, outputs []output) error {
	for _, p := range run.pkgs {
		if p.Types == nil {
			continue
		}
		scanned := run.scan(p)
		if err := r.addDocument(ctx, cfg, run, outputs, p, scanned); err != nil {
			return err
		}
		r.addOrphans(p, scanned)
	}
	return nil
}

func (r *Result) addDocument(ctx context.Context, cfg Config, run *run, outputs []output, p *load.Package, scanned *scan.Package) error {
	asked := scanned.OpenAPI
	if asked == nil || diag.HasErrors(scanned.Diagnostics) {
		return nil
	}
	// The document does not depend on the packages that were asked for.
	all, results, err := run.module(ctx, cfg, outputs, p, scanned)
	if err != nil {
		return err
	}
	mounts, fine := r.mounts(all, p, scanned)
	for i, o := range results {
		if _, in := mounts[all.pkgs[i].Dir]; (in || mounts == nil) && diag.HasErrors(o.diagnostics) {
			fine = false
			if all != run {
				r.Diagnostics = append(r.Diagnostics, o.diagnostics...)
			}
		}
	}
	if !fine {
		return nil
	}
	info := openapi.Info{
		Title: asked.Title, Version: asked.Version, License: asked.License, Servers: asked.Servers,
		Description: packageComment(p),
	}
	if info.Title == "" {
		info.Title = path.Base(p.Path)
	}
	content, notes, err := all.document(info, results, mounts)
	if err != nil {
		return err
	}
	if filepath.Ext(asked.File) != ".json" {
		if content, err = openapi.YAML(content); err != nil {
			return err
		}
	}
	for _, note := range notes {
		r.Notes = append(r.Notes, asked.File+": "+note)
	}
	return r.addFile(File{Path: filepath.Join(p.Dir, asked.File), Content: content}, isDocument, asked.Range, "rename it")
}

// isDocument reports whether a file is a document that was written by bggen.
func isDocument(text []byte) bool {
	return bytes.Contains(text[:min(len(text), 200)], []byte(openapi.Mark))
}

// module is a run of the packages of a document: those that the directives of p
// name, else all of its module. It is the same run, if that has them.
func (r *run) module(ctx context.Context, cfg Config, outputs []output, p *load.Package, scanned *scan.Package) (*run, []output, error) {
	root, patterns := moduleRoot(p.Dir), []string{"./..."}
	same, err := filepath.Abs(cfg.Dir)
	has := err == nil && same == root && slices.Equal(cfg.Patterns, patterns)
	if len(scanned.OpenAPIPackages) > 0 {
		root, patterns, has = p.Dir, nil, true
		for _, o := range scanned.OpenAPIPackages {
			patterns = append(patterns, "./"+o.Dir)
			dir := filepath.Join(p.Dir, filepath.FromSlash(o.Dir))
			has = has && slices.ContainsFunc(r.pkgs, func(p *load.Package) bool { return p.Dir == dir })
		}
	}
	if has {
		return r, outputs, nil
	}
	pkgs, err := load.Load(ctx, load.Config{Dir: root, Env: cfg.Env, Tags: cfg.Tags, Patterns: patterns, Imports: cfg.imports, Cache: cfg.cache})
	if err != nil {
		return nil, nil, err
	}
	all := newRun(pkgs, false)
	results, err := all.all(ctx)
	return all, results, err
}

// moduleRoot is the directory of the go.mod that a directory belongs to; the
// directory itself if there is none.
func moduleRoot(dir string) string {
	for root := dir; filepath.Dir(root) != root; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return root
		}
	}
	return dir
}

// mounts are the directories of the packages in the document, with what comes
// before their paths; nil for all packages.
func (r *Result) mounts(all *run, p *load.Package, scanned *scan.Package) (mounts map[string]string, fine bool) {
	fine = true
	for _, o := range scanned.OpenAPIPackages {
		dir := filepath.Join(p.Dir, filepath.FromSlash(o.Dir))
		if !slices.ContainsFunc(all.pkgs, func(p *load.Package) bool { return p.Dir == dir }) {
			d := diag.New(diag.DirectiveArgument, o.Range, "there is no package in %s", o.Dir)
			d.WithHint("the directory is relative to the one of this package")
			r.Diagnostics = append(r.Diagnostics, d)
			fine = false
		}
		if mounts == nil {
			mounts = map[string]string{}
		}
		mounts[dir] = o.Mount
	}
	return mounts, fine
}

// addOrphans removes documents that were written earlier, and that nothing asks
// for now.
func (r *Result) addOrphans(p *load.Package, scanned *scan.Package) {
	for _, pattern := range []string{"*.json", "*.yaml", "*.yml"} {
		names, _ := filepath.Glob(filepath.Join(p.Dir, pattern)) // the pattern is right
		for _, name := range names {
			if scanned.OpenAPI != nil && filepath.Base(name) == scanned.OpenAPI.File {
				continue
			}
			if text, err := os.ReadFile(name); err == nil && isDocument(text) {
				r.Files = append(r.Files, File{Path: name, OnDisk: text})
			}
		}
	}
}

// title is what a document is called that no directive asks for: the package, if
// there is one alone.
func (r *run) title() string {
	if len(r.pkgs) == 1 {
		return path.Base(r.pkgs[0].Path)
	}
	return "API"
}
