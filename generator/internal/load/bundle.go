package load

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// A bundle is a file with the types of what is outside the main modules. A run that had
// to take them from source keeps them there, and one for which the go command has no
// export data either can read them.
//
// The file begins with a hash of the rest, which is the export data of each package.
type bundle struct{ file string }

// bundleOf is where the types of a closure are kept; nil if they are not. Those of main
// modules change all the time.
func (l *loader) bundleOf(c *closure) *bundle {
	dir := l.cacheDir()
	if dir == "" || c.main || len(c.sources) == 0 {
		return nil
	}
	key, err := c.key()
	if err != nil {
		return nil
	}
	return &bundle{filepath.Join(dir, key+bundleExt)}
}

// cacheDir is the directory of bundles; "" if there is none.
func (l *loader) cacheDir() string {
	if l.cfg.Imports == Source || l.cfg.Cache != "" {
		return l.cfg.Cache
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "bggen")
}

// toKeep are the packages of a closure for which checkWithTypes may ask.
func (l *loader) toKeep(c *closure) (list []*types.Package) {
	paths := slices.Clone(c.outside)
	for _, s := range l.external {
		paths = append(paths, s.imports()...)
	}
	for _, path := range sorted(paths) {
		if s := l.sources[path]; s != nil && s.types != nil {
			list = append(list, s.types)
		}
	}
	return list
}

// checkWithBundle checks what is taken from source with the types in a bundle. It
// reports whether there are such.
func (l *loader) checkWithBundle(c *closure, b *bundle) bool {
	data, ok := b.read()
	if !ok {
		return false
	}
	known := map[string]*types.Package{}
	return nil == l.checkWithTypes(c.outside, func(paths []string) (metas []*packages.Package, err error) {
		for _, path := range paths {
			if meta := c.metas[path]; meta != nil {
				metas = append(metas, meta)
			}
		}
		return metas, nil
	}, func(path string) (*types.Package, error) {
		if p := known[path]; p != nil && p.Complete() {
			return p, nil
		}
		if data[path] == nil {
			return nil, l.missing(path)
		}
		return gcexportdata.Read(bytes.NewReader(data[path]), l.fset, known, path)
	})
}

// read returns the export data in the bundle, by import path.
func (b *bundle) read() (data map[string][]byte, ok bool) {
	if b == nil {
		return nil, false
	}
	text, err := os.ReadFile(b.file)
	if err != nil || len(text) < sha256.Size {
		return nil, false
	}
	sum, text := text[:sha256.Size], text[sha256.Size:]
	if sha256.Sum256(text) != [sha256.Size]byte(sum) {
		return nil, false // it was not written to its end, or is damaged
	}
	if gob.NewDecoder(bytes.NewReader(text)).Decode(&data) != nil {
		return nil, false
	}
	touch(b.file)
	return data, true
}

// write keeps the types of packages. If it cannot, the next run takes them from source
// again.
func (b *bundle) write(fset *token.FileSet, list []*types.Package) {
	data := map[string][]byte{}
	for _, p := range list {
		text, err := export(fset, p)
		if err != nil {
			return
		}
		data[p.Path()] = text
	}
	var text bytes.Buffer
	if gob.NewEncoder(&text).Encode(data) != nil {
		return
	}
	sum := sha256.Sum256(text.Bytes())
	replace(b.file, sum[:], text.Bytes())
	tidy(filepath.Dir(b.file))
}

// export is the export data of a package. The one who writes it panics where it finds
// types that only a mistake can make.
func export(fset *token.FileSet, p *types.Package) (text []byte, err error) {
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("%v", why)
		}
	}()
	var b bytes.Buffer
	err = gcexportdata.Write(&b, fset, p)
	return b.Bytes(), err
}
