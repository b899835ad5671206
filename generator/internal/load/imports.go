package load

import (
	"context"
	"errors"
	"fmt"
	"go/importer"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"
)

// patience is how long export data may take: it is there within a fraction of
// this when the build cache is warm, and takes minutes of compiling when it is
// cold.
const patience = 2 * time.Second

// check checks everything that is taken from source, each after what it
// imports.
func (l *loader) check() error {
	if !l.anyWanted() {
		return nil
	}
	for {
		if err := l.followImports(); err != nil {
			return err
		}
		known := len(l.mains)
		err := l.checkOnce(l.outside())
		if err != nil || len(l.mains) == known {
			return err
		}
		// A workspace has main modules that no pattern named.
	}
}

func (l *loader) checkOnce(outside []string) error {
	if l.fromSourceOnly() {
		return l.checkFromSource(outside)
	}
	ctx := l.ctx
	if l.cfg.Imports == Auto {
		patient, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		ctx = patient
	}
	err := l.checkWithExportData(ctx, outside)
	if err == nil || l.cfg.Imports == ExportData || l.ctx.Err() != nil {
		return err
	}
	return l.checkFromSource(outside)
}

// fromSourceOnly reports whether export data is not to be had: a package driver
// keeps it where it likes.
func (l *loader) fromSourceOnly() bool {
	env := l.cfg.Env
	if env == nil {
		env = os.Environ()
	}
	driver := ""
	for _, v := range env {
		if value, ok := strings.CutPrefix(v, "GOPACKAGESDRIVER="); ok {
			driver = value
		}
	}
	return l.cfg.Imports == Source || driver != "" && driver != "off"
}

func (l *loader) anyWanted() bool {
	for _, s := range l.sources {
		if s != nil && s.wanted {
			return true
		}
	}
	return false
}

// outside is what parsed packages import from outside the main modules.
func (l *loader) outside() []string {
	var list []string
	for _, s := range l.sources {
		if s == nil || !s.parsed {
			continue
		}
		for _, path := range s.imports() {
			if dep := l.sources[path]; dep == nil || !dep.parsed {
				list = append(list, path)
			}
		}
	}
	return sorted(list)
}

// checkWithExportData asks for the export data of outside by name, without
// their dependencies: export data holds what it needs of these.
func (l *loader) checkWithExportData(ctx context.Context, outside []string) error {
	files := map[string]string{}
	for ask := outside; len(ask) > 0; {
		metas, err := l.list(ctx, metadata|packages.NeedExportFile, ask...)
		if err != nil {
			return err
		}
		more := false
		for _, meta := range metas {
			more = l.noteMain(meta) || more
			files[meta.PkgPath] = meta.ExportFile
		}
		if more {
			return nil // to be called again
		}
		for _, meta := range metas {
			if meta.ExportFile == "" && len(meta.GoFiles) > 0 && meta.PkgPath != "unsafe" {
				return fmt.Errorf("no export data of %s", meta.PkgPath)
			}
		}
		ask = sorted(slices.DeleteFunc(l.readExternal(metas), func(path string) bool { _, known := files[path]; return known }))
		outside = append(outside, ask...)
	}
	imp := importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, l.missing(path)
		}
		return os.Open(files[path])
	})
	// Read them all before anything is checked: where one cannot be read, all
	// must come from source, or types would not be identical.
	for _, path := range outside {
		if files[path] != "" {
			t, err := imp.Import(path)
			if err != nil {
				return err
			}
			if s := l.external[path]; s != nil {
				s.types = t
			}
		}
	}
	l.checkSources(imp.Import)
	return nil
}

// checkFromSource checks outside and all their dependencies from source: no
// bodies, no comments.
func (l *loader) checkFromSource(outside []string) error {
	if len(outside) > 0 {
		roots, err := l.list(l.ctx, metadata|packages.NeedImports|packages.NeedDeps, outside...)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(roots, l.noteMain) {
			return nil // to be called again
		}
		var found []*source
		packages.Visit(roots, nil, func(meta *packages.Package) {
			// From here on it is one of the sources.
			delete(l.external, meta.PkgPath)
			if s := l.sources[meta.PkgPath]; (s == nil || !s.parsed) && meta.PkgPath != "unsafe" && len(meta.GoFiles) > 0 {
				s = newSource(meta)
				if meta.Module != nil && meta.Module.Main {
					s.generated = "" // as when it is asked for
				}
				s.external = s.foreign
				found = append(found, s)
				l.sources[s.path] = s
			}
		})
		each(found, func(s *source) {
			if s.generated != "" { // it is code like any other here
				s.paths = append(s.paths, s.generated)
			}
			if s.read() {
				s.directives = s.external && s.hasDirectives()
				s.parse(l.fset)
			}
		})
		for _, s := range found {
			if s.directives {
				l.external[s.path] = s
			}
		}
	}
	l.checkSources(func(path string) (*types.Package, error) {
		return nil, l.missing(path)
	})
	return nil
}

// checkSources checks all that is taken from source. Other imports come from
// outside.
func (l *loader) checkSources(outside func(path string) (*types.Package, error)) {
	checking := map[string]bool{}
	var imports func(path string) (*types.Package, error)
	imports = func(path string) (*types.Package, error) {
		s := l.sources[path]
		if s == nil || !s.parsed {
			return outside(path)
		}
		if checking[path] {
			return nil, errors.New("import cycle through " + path)
		}
		checking[path] = true
		s.check(l.fset, imports)
		delete(checking, path)
		return s.types, nil
	}
	paths := make([]string, 0, len(l.sources))
	for path, s := range l.sources {
		if s != nil && s.wanted {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, path := range paths {
		imports(path)
		for _, named := range l.sources[path].named {
			imports(named)
		}
	}
	l.importOuter = imports
}
