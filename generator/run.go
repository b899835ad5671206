package generator

import (
	"bytes"
	"context"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/bggen/bggen/generator/internal/describe"
	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/emit"
	"github.com/bggen/bggen/generator/internal/load"
	"github.com/bggen/bggen/generator/internal/resolve"
	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/sync/errgroup"
)

// A run takes the packages that were asked for through the stages.
type run struct {
	describes bool
	pkgs      []*load.Package

	mu    sync.Mutex
	scans map[*load.Package]func() *scan.Package // each scanned once, for all that look at it

	comments map[string]func() map[string]string // of packages, by their paths: read once as well
}

// An output is what is generated for one package. It has no file if there is
// neither a need for one nor one on disk, or if there are mistakes.
type output struct {
	resolved    *resolve.Result
	file        *File
	described   *Package
	diagnostics []*Diagnostic
	directives  bool // the package has some
}

func newRun(pkgs []*load.Package, describes bool) *run {
	return &run{describes: describes, pkgs: pkgs, scans: map[*load.Package]func() *scan.Package{}, comments: map[string]func() map[string]string{}}
}

func (r *run) all(ctx context.Context) ([]output, error) {
	outputs := make([]output, len(r.pkgs))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range r.pkgs {
		group.Go(func() error {
			outputs[i] = r.generate(p)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	r.refuseCycles(outputs)
	needed := map[*scan.Func]bool{} // by any package
	for _, o := range outputs {
		if o.resolved != nil {
			for f := range o.resolved.Used {
				needed[f] = true
			}
		}
	}
	for i := range outputs {
		if o := &outputs[i]; o.resolved != nil {
			o.diagnostics = append(o.diagnostics, o.resolved.Unused(needed)...)
		}
	}
	return outputs, nil
}

func (r *run) scan(p *load.Package) *scan.Package {
	r.mu.Lock()
	scanned := r.scans[p]
	if scanned == nil {
		scanned = sync.OnceValue(func() *scan.Package { return scan.Scan(p) })
		r.scans[p] = scanned
	}
	r.mu.Unlock()
	return scanned()
}

// around is what p may take from other packages.
func (r *run) around(p *load.Package) resolve.Around {
	return resolve.Around{
		Import: func(path string) *scan.Package {
			if other := p.Import(path); other != nil && other.Types != nil {
				return r.scan(other)
			}
			return nil
		},
		DeclaredAs: func(obj *types.TypeName) (string, string) { return load.DeclaredAs(p.Fset, obj) },
		Others: func() (list []*scan.Package) {
			for _, other := range r.pkgs {
				if other != p && other.Types != nil {
					list = append(list, r.scan(other))
				}
			}
			return list
		},
	}
}

func (r *run) generate(p *load.Package) (o output) {
	defer func() {
		if why := recover(); why != nil {
			o = output{diagnostics: p.Diagnostics}
			o.notGenerated(p, why).Stack = string(debug.Stack())
		}
	}()
	o.diagnostics = p.Diagnostics
	var content []byte
	if p.Types != nil {
		scanned := r.scan(p)
		o.directives = scanned.Directives
		resolved := resolve.Resolve(scanned, r.around(p))
		o.diagnostics = resolved.Diagnostics
		if !resolved.IsEmpty() && !diag.HasErrors(o.diagnostics) {
			var err error
			if content, err = emit.File(resolved.Package); err != nil {
				o.notGenerated(p, err)
				return o
			}
			if r.describes && len(resolved.Handlers)+len(resolved.Tasks) > 0 {
				described, err := describe.Of(resolved.Package, r.comment)
				if err != nil {
					o.notGenerated(p, err)
					return o
				}
				o.described = &described
			}
		}
		o.resolved = resolved
	}
	if diag.HasErrors(o.diagnostics) || content == nil && p.Generated == "" {
		return o
	}
	o.compare(p, content)
	return o
}

// compare puts what was generated beside what is on disk.
func (o *output) compare(p *load.Package, content []byte) {
	file := &File{Path: filepath.Join(p.Dir, FileName), Content: content}
	if p.Generated != "" {
		old, foreign, err := onDisk(p.Generated, func(text []byte) bool { return bytes.Contains(text, []byte(header)) })
		switch {
		case err != nil:
			o.fail(p, diag.NotLoaded, "%v", err)
			return
		case foreign && content != nil:
			o.fail(p, diag.ForeignFile, "%s was not written by bggen", FileName).WithHint("rename it")
			return
		case foreign:
			return // not ours to remove
		}
		file.OnDisk = old
	}
	o.file = file
}

// onDisk is what a file holds now, if there is one, and whether that is foreign: not
// ours to overwrite.
func onDisk(path string, ours func([]byte) bool) (text []byte, foreign bool, err error) {
	text, err = os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, false, nil
	}
	return text, len(bytes.TrimSpace(text)) > 0 && !ours(text), err
}

// notGenerated is for what should not be: it keeps the other packages going.
func (o *output) notGenerated(p *load.Package, why any) *Diagnostic {
	return o.fail(p, diag.NotGenerated, "no code could be generated for package %s: %v", p.Path, why).
		WithHint("this is a mistake of bggen: please report it, with the signatures of the package")
}

func (o *output) fail(p *load.Package, entry *diag.Entry, format string, args ...any) *Diagnostic {
	where := diag.Range{Start: token.Position{Filename: filepath.Join(p.Dir, FileName), Line: 1, Column: 1}}
	d := diag.New(entry, where, format, args...)
	o.diagnostics = append(o.diagnostics, d)
	return d
}
