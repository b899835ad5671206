package generator

import (
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
)

// refuseCycles reports packages whose files together would make them import each
// other, which Go does not allow: one takes the app struct of another, say, that has a
// guard of the first. Nothing is written for them.
func (r *run) refuseCycles(outputs []output) {
	imports := map[string][]string{} // of all packages of the run, generated ones among them
	for i, p := range r.pkgs {
		if p.Types != nil {
			for _, other := range p.Types.Imports() {
				imports[p.Path] = append(imports[p.Path], other.Path())
			}
		}
		if file := outputs[i].file; file != nil {
			imports[p.Path] = append(imports[p.Path], importsOf(file.Content)...)
		}
	}
	for i, p := range r.pkgs {
		cycle := wayTo(imports, p.Path, p.Path, map[string]bool{})
		if outputs[i].file == nil || cycle == nil {
			continue
		}
		where := diag.Range{Start: token.Position{Filename: outputs[i].file.Path, Line: 1, Column: 1}}
		if place, ok := r.outermost(p); ok {
			where = place
		}
		outputs[i].file = nil
		outputs[i].diagnostics = append(outputs[i].diagnostics, diag.New(diag.BadImport, where, "with the generated files, packages would import each other: %s", strings.Join(append([]string{p.Path}, cycle...), ", which imports ")).
			WithHint("move what both need, such as the guard or the app struct, into a package that imports neither of them"))
	}
}

// outermost is a directive of a package that makes its file import another one.
func (r *run) outermost(p *load.Package) (diag.Range, bool) {
	s := r.scan(p)
	switch {
	case len(s.Uses) > 0:
		return s.Uses[0].Range, true
	case len(s.Guards) > 0:
		return s.Guards[0].Range, true
	case s.App != nil && len(s.App.Guards) > 0:
		return s.App.Guards[0].Range, true
	case len(s.Funcs) > 0:
		return s.Funcs[0].Range, true
	}
	return diag.Range{}, false
}

// importsOf are the paths that a file imports.
func importsOf(content []byte) (paths []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "", content, parser.ImportsOnly)
	if err != nil {
		return nil // it is no file of ours: somebody has edited it
	}
	for _, i := range file.Imports {
		if path, err := strconv.Unquote(i.Path.Value); err == nil && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// wayTo is how one package imports another, at any depth; nil if it does not.
func wayTo(imports map[string][]string, from, to string, seen map[string]bool) []string {
	for _, next := range imports[from] {
		if next == to {
			return []string{to}
		}
		if seen[next] {
			continue
		}
		seen[next] = true
		if way := wayTo(imports, next, to, seen); way != nil {
			return append([]string{next}, way...)
		}
	}
	return nil
}
