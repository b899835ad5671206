package load

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

// A closure is what is outside the main modules and all that it imports.
type closure struct {
	outside []string
	metas   map[string]*packages.Package // by import path
	sources []*source                    // of those that have files
	main    bool                         // one of them is of a main module
}

// checkFromSource checks outside and all their dependencies from source, unless an
// earlier run has done so and kept the types.
func (l *loader) checkFromSource(outside []string) error {
	c, err := l.closureOf(outside)
	if c == nil || err != nil {
		return err // without an error: to be called again
	}
	b := l.bundleOf(c)
	if l.checkWithBundle(c, b) {
		return nil
	}
	l.takeFromSource(c)
	l.checkSources(func(path string) (*types.Package, error) {
		return nil, l.missing(path)
	})
	if b != nil && !l.changed(c) {
		b.write(l.fset, l.toKeep(c))
	}
	return nil
}

// closureOf lists a closure. It is nil if that has shown another main module.
func (l *loader) closureOf(outside []string) (*closure, error) {
	c := &closure{outside: outside, metas: map[string]*packages.Package{}}
	if len(outside) == 0 {
		return c, nil
	}
	roots, err := l.list(l.ctx, metadata|packages.NeedImports|packages.NeedDeps, outside...)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(roots, l.noteMain) {
		return nil, nil
	}
	packages.Visit(roots, nil, func(meta *packages.Package) {
		c.metas[meta.PkgPath] = meta
		main := meta.Module != nil && meta.Module.Main
		c.main = c.main || main
		if s := l.sources[meta.PkgPath]; s != nil && s.parsed || meta.PkgPath == "unsafe" || len(meta.GoFiles) == 0 {
			return
		}
		s := newSource(meta)
		s.names = map[string]string{}
		for path, dep := range meta.Imports {
			s.names[path] = dep.Name
		}
		if main {
			s.generated = "" // as when it is asked for
		}
		if s.generated != "" { // it is code like any other here
			s.paths = append(s.paths, s.generated)
		}
		c.sources = append(c.sources, s)
	})
	return c, nil
}

// takeFromSource parses what the types of outside depend on: not all of a closure, since
// most imports are for the bodies of functions.
func (l *loader) takeFromSource(c *closure) {
	left := map[string]*source{}
	for path := range c.metas {
		delete(l.external, path) // from here on it is one of the sources
	}
	for _, s := range c.sources {
		left[s.path] = s
	}
	for todo := c.outside; len(todo) > 0; {
		var found []*source
		for _, path := range sorted(todo) {
			if s := left[path]; s != nil {
				delete(left, path)
				l.sources[path] = s
				found = append(found, s)
			}
		}
		each(found, func(s *source) {
			if s.read() {
				s.changed = s.sum != s.sumUp()
				s.directives = s.foreign && s.hasDirectives()
				s.typesOnly = !s.directives && !c.main
				s.parse(l.fset)
			}
		})
		todo = nil
		for _, s := range found {
			todo = append(todo, s.imports()...)
			if s.directives {
				l.external[s.path] = s
			}
		}
	}
}

// key is a hash of everything that the types of a closure depend on: this program, so
// the version of Go and of the type checker in it, and for each package the version of
// the language and the files, what they are called and what they hold. The rest, such as
// build tags or versions of modules, only says which files these are.
func (c *closure) key() (string, error) {
	program, err := programSum()
	if err != nil {
		return "", err
	}
	each(c.sources, func(s *source) {
		if s.read() {
			s.sum = s.sumUp()
		}
		s.texts = nil // all of them at once would be much
	})
	h := sha256.New()
	fmt.Fprintf(h, "%x %q %q\n", program, os.Getenv("GODEBUG"), c.outside)
	for _, s := range slices.SortedFunc(slices.Values(c.sources), func(a, b *source) int { return strings.Compare(a.path, b.path) }) {
		if len(s.diagnostics) > 0 {
			return "", errors.New(s.diagnostics[0].Message)
		}
		fmt.Fprintf(h, "%q %q %q %q %q %x\n", s.path, s.name, s.goVersion, s.importMap, s.paths, s.sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// changed reports whether what was parsed of a closure is not what its key is of.
func (l *loader) changed(c *closure) bool {
	return slices.ContainsFunc(c.sources, func(s *source) bool {
		return l.sources[s.path] == s && (s.changed || !s.parsed)
	})
}

// sumUp is a hash of what the files hold.
func (s *source) sumUp() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, text := range s.texts {
		fmt.Fprintf(h, "%d ", len(text))
		h.Write(text)
	}
	h.Sum(sum[:0])
	return sum
}

// programSum is a hash of this program.
var programSum = sync.OnceValues(func() ([]byte, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return h.Sum(nil), err
})
