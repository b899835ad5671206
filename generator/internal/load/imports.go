package load

import (
	"context"
	"errors"
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
	imp := importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, l.missing(path)
		}
		return os.Open(files[path])
	})
	return l.checkWithTypes(outside, func(paths []string) ([]*packages.Package, error) {
		metas, err := l.list(ctx, metadata|packages.NeedExportFile, paths...)
		for _, meta := range metas {
			files[meta.PkgPath] = meta.ExportFile
		}
		return metas, err
	}, imp.Import)
}

// checkWithTypes checks what is taken from source with types of all else that
// somebody has written down: list asks for the packages of paths, and imp reads
// the types of one of them.
func (l *loader) checkWithTypes(outside []string, list func(paths []string) ([]*packages.Package, error), imp func(path string) (*types.Package, error)) error {
	var metas []*packages.Package
	listed := map[string]bool{}
	for ask := outside; len(ask) > 0; {
		found, err := list(ask)
		if err == nil && len(found) == 0 { // the go command failed, and this is all that is said
			err = l.missing(ask[0])
		}
		if err != nil {
			return err
		}
		more := false
		for _, meta := range found {
			more = l.noteMain(meta) || more
			listed[meta.PkgPath] = true
		}
		if more {
			return nil // to be called again
		}
		metas = append(metas, found...)
		ask = sorted(slices.DeleteFunc(l.readExternal(found), func(path string) bool { return listed[path] }))
	}
	// Read them all before anything is checked: where one cannot be read, all
	// must come from source, or types would not be identical.
	for _, meta := range metas {
		if meta.PkgPath == "unsafe" || len(meta.GoFiles) == 0 {
			continue
		}
		t, err := imp(meta.PkgPath)
		if err != nil {
			return err
		}
		if s := l.external[meta.PkgPath]; s != nil {
			s.types = t
		}
	}
	l.checkSources(imp)
	return nil
}

// checkSources checks all that was asked for, and what it imports of all that is taken
// from source before it. Other imports come from outside.
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
		if s.typesOnly {
			s.files = nil // together they would be most of the memory
		}
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
