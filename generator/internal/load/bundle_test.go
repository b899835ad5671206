package load

import (
	"archive/zip"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A testModule is a module that uses another one, which is replaced.
type testModule struct {
	dir   string
	cache string
	env   []string
	tags  string
}

func newTestModule(t *testing.T) *testModule {
	t.Helper()
	m := &testModule{dir: t.TempDir(), cache: filepath.Join(t.TempDir(), "cache")}
	m.env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off")
	for name, text := range map[string]string{
		"app/go.mod": "module example.com/app\n\ngo 1.26\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../lib\n",
		"app/app.go": `package app

import "example.com/lib"

//bggen:route GET /things
func Things(lib.Level) ([]lib.Thing, error) { return nil, nil }
`,
		"lib/go.mod": "module example.com/lib\n\ngo 1.26\n",
		"lib/lib.go": `// Package lib has a little of everything.
package lib

import "time"

type Level int

const (
	Low  Level = iota // at first
	High              // at last
)

type Thing struct {
	Name  string ` + "`json:\"name\"`" + `
	Since Wait
	Pairs []Pair[string, *Thing]
}

type Wait time.Duration

type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

func (p Pair[K, V]) Swap() (V, K) { return p.Value, p.Key }

type Store interface {
	Get(name string) (Thing, error)
	hidden()
}

type Names = map[string]Thing

var Default = New("x")

func New(name string) *Thing { return &Thing{Name: name} }
`,
		"lib/extra.go": "//go:build extra\n\npackage lib\n\nfunc Extra() {}\n",
	} {
		m.write(t, name, text)
	}
	return m
}

func (m *testModule) write(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// load loads the module with types from source, or from the cache if there is one.
func (m *testModule) load(t *testing.T, cache string) string {
	t.Helper()
	return m.loadBy(t, Source, cache)
}

func (m *testModule) loadBy(t *testing.T, imports Imports, cache string) string {
	t.Helper()
	pkgs, err := Load(t.Context(), Config{Dir: filepath.Join(m.dir, "app"), Env: m.env, Tags: m.tags, Patterns: []string{"./..."}, Imports: imports, Cache: cache})
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) != 1 || pkgs[0].Types == nil {
		t.Fatalf("%d packages: %v", len(pkgs), pkgs)
	}
	return view(t, pkgs[0])
}

// view is what the other stages see of the types that a package imports.
func view(t *testing.T, p *Package) string {
	t.Helper()
	var text strings.Builder
	for _, err := range p.TypeErrs {
		fmt.Fprintln(&text, err)
	}
	show := func(obj types.Object) {
		at := p.Fset.Position(obj.Pos())
		fmt.Fprintf(&text, "%s:%d %s\n", at.Filename, at.Line, obj)
	}
	for _, path := range []string{"example.com/lib", "example.com/other"} {
		other := p.Import(path)
		if other == nil {
			continue
		}
		for _, name := range other.Types.Scope().Names() {
			obj := other.Types.Scope().Lookup(name)
			if !obj.Exported() {
				continue
			}
			show(obj)
			if c, ok := obj.(*types.Const); ok {
				fmt.Fprintln(&text, c.Val().ExactString())
			}
			tn, ok := obj.(*types.TypeName)
			if !ok {
				continue
			}
			pkg, declared := DeclaredAs(p.Fset, tn)
			fmt.Fprintf(&text, "declared as %q %q, underlying %s\n", pkg, declared, tn.Type().Underlying())
			if s, ok := tn.Type().Underlying().(*types.Struct); ok {
				for field := range s.Fields() {
					show(field)
				}
			}
			for method := range types.NewMethodSet(types.NewPointer(tn.Type())).Methods() {
				show(method.Obj())
			}
		}
	}
	return text.String()
}

// bundles are the names of what is in the cache.
func (m *testModule) bundles() (names []string) {
	entries, _ := os.ReadDir(m.cache)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// TestBundle checks that types are the same from source, from a bundle and from export
// data, and that the latter has nothing to do with the cache.
func TestBundle(t *testing.T) {
	m := newTestModule(t)
	exported := m.loadBy(t, ExportData, m.cache)
	if len(m.bundles()) > 0 {
		t.Error("a bundle was written where there was export data")
	}
	source := m.load(t, "")
	first := m.load(t, m.cache)
	kept := m.bundles()
	second := m.load(t, m.cache)
	if len(kept) != 1 || !slices.Equal(kept, m.bundles()) {
		t.Errorf("in the cache are %q, and then %q", kept, m.bundles())
	}
	for name, got := range map[string]string{"source": source, "source that is kept": first, "bundle": second} {
		if got != exported {
			t.Errorf("export data:\n%s\n%s:\n%s", exported, name, got)
		}
	}
	if !strings.Contains(source, "(example.com/lib.Pair[K, V]).Swap") || !strings.Contains(source, `declared as "time" "Duration"`) {
		t.Errorf("this is no view of the types:\n%s", source)
	}
}

// TestBundleKey changes what types depend on, one after the other, and has the cache
// answer as the source does.
func TestBundleKey(t *testing.T) {
	m := newTestModule(t)
	proxy, modules := t.TempDir(), t.TempDir()
	publish(t, proxy, "v1.0.0", "func V0() {}")
	publish(t, proxy, "v1.0.1", "func V1() {}")
	m.env = append(m.env, "GOPROXY=file://"+filepath.ToSlash(proxy), "GOMODCACHE="+modules, "GOFLAGS=-mod=mod -modcacherw")

	lib := filepath.Join(m.dir, "lib", "lib.go")
	replace := func(name, old, new string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(m.dir, name))
		if err != nil || !strings.Contains(string(text), old) {
			t.Fatalf("%s has no %q: %v", name, old, err)
		}
		m.write(t, name, strings.Replace(string(text), old, new, 1))
	}
	seen := map[string]string{}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"nothing", func() {}},
		{"a file of a replaced module, but neither its size nor its time", func() {
			info, err := os.Stat(lib)
			if err != nil {
				t.Fatal(err)
			}
			replace("lib/lib.go", "Low ", "Lax ")
			if err := os.Chtimes(lib, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}},
		{"a file more", func() { m.write(t, "lib/more.go", "package lib\n\ntype More struct{}\n") }},
		{"the tags", func() { m.tags = "extra" }},
		{"the version of the language", func() { replace("lib/go.mod", "go 1.26", "go 1.25") }},
		{"a module more", func() {
			replace("app/go.mod", "require ", "require example.com/other v1.0.0\n\nrequire ")
			replace("app/app.go", `import "example.com/lib"`, "import (\n\t\"example.com/lib\"\n\t_ \"example.com/other\"\n)")
		}},
		{"the version of a module", func() { replace("app/go.mod", "other v1.0.0", "other v1.0.1") }},
		{"the toolchain", func() { m.env = append(m.env, "GOROOT="+otherRoot(t)) }},
		{"bggen", func() {
			before := programSum
			t.Cleanup(func() { programSum = before })
			programSum = func() ([]byte, error) { return []byte("another"), nil }
		}},
	} {
		step.do()
		cache := t.TempDir()
		for name, old := range seen { // all that was kept so far
			if err := os.Link(old, filepath.Join(cache, name)); err != nil {
				t.Fatal(err)
			}
		}
		source := m.load(t, "")
		if got := m.load(t, cache); got != source {
			t.Errorf("%s has changed:\nfrom source:\n%s\nwith the cache:\n%s", step.name, source, got)
		}
		for _, entry := range readNames(t, cache) {
			if seen[entry] == "" {
				seen[entry] = filepath.Join(cache, entry)
				m.cache = cache
			}
		}
		if m.cache != cache {
			t.Errorf("%s has changed, and the key has not", step.name)
		}
	}
}

// publish adds a version of the module example.com/other to a module proxy.
func publish(t *testing.T, proxy, version, text string) {
	t.Helper()
	dir := filepath.Join(proxy, "example.com", "other", "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	mod := "module example.com/other\n\ngo 1.26\n"
	for ext, text := range map[string]string{".mod": mod, ".info": fmt.Sprintf(`{"Version":%q}`, version)} {
		if err := os.WriteFile(filepath.Join(dir, version+ext), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(dir, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range map[string]string{"go.mod": mod, "other.go": "package other\n\n" + text + "\n"} {
		w, err := z.Create("example.com/other@" + version + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// otherRoot is the toolchain in another place.
func otherRoot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root, other := strings.TrimSpace(string(out)), t.TempDir()
	for _, name := range readNames(t, root) {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(other, name)); err != nil {
			t.Skip(err)
		}
	}
	return other
}

// TestBundleDamaged cuts bundles off, and changes single bytes of them.
func TestBundleDamaged(t *testing.T) {
	m := newTestModule(t)
	want := m.load(t, m.cache)
	b := &bundle{filepath.Join(m.cache, m.bundles()[0])}
	whole, err := os.ReadFile(b.file)
	if err != nil {
		t.Fatal(err)
	}
	var damaged [][]byte
	for i := 0; i < len(whole); i += 1 + len(whole)/200 {
		changed := slices.Clone(whole)
		changed[i] ^= 1 << (i % 8)
		damaged = append(damaged, whole[:i], changed)
	}
	damaged = append(damaged, append(slices.Clone(whole), 0))
	for i, text := range damaged {
		if err := os.WriteFile(b.file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, ok := b.read(); ok {
			t.Fatalf("bundle %d is read, damaged as it is", i)
		}
		if i%50 > 0 {
			continue
		}
		if got := m.load(t, m.cache); got != want {
			t.Errorf("from source:\n%s\nwith a damaged bundle:\n%s", want, got)
		}
		if now, err := os.ReadFile(b.file); err != nil {
			t.Error(err)
		} else if _, ok := b.read(); !ok {
			t.Errorf("a damaged bundle is not replaced: of %d bytes there are %d", len(whole), len(now))
		}
	}
}

// TestBundleTogether has several runs write and read one bundle at the same time.
func TestBundleTogether(t *testing.T) {
	m := newTestModule(t)
	want := m.load(t, "")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 2 {
				if got := m.load(t, m.cache); got != want {
					t.Errorf("from source:\n%s\nwith the cache:\n%s", want, got)
				}
			}
		})
	}
	group.Wait()
	if names := m.bundles(); len(names) != 1 {
		t.Errorf("in the cache are %q", names)
	}
}

// TestBundleWorkspace checks that nothing is kept where a dependency imports a package
// that is being worked on.
func TestBundleWorkspace(t *testing.T) {
	m := newTestModule(t)
	m.write(t, "base/go.mod", "module example.com/base\n\ngo 1.26\n")
	m.write(t, "base/base.go", "package base\n\ntype ID int\n")
	m.write(t, "lib/id.go", "package lib\n\nimport \"example.com/base\"\n\nfunc Find() base.ID { return 0 }\n")
	m.write(t, "go.work", "go 1.26\n\nuse (\n\t./app\n\t./base\n)\n")
	m.env = append(m.env, "GOWORK=", "GOFLAGS=")
	want := m.load(t, "")
	if got := m.load(t, m.cache); got != want || !strings.Contains(got, "Find() example.com/base.ID") {
		t.Errorf("without a cache:\n%s\nwith one:\n%s", want, got)
	}
	if names := m.bundles(); len(names) > 0 {
		t.Errorf("in the cache are %q", names)
	}
}

// refuseExports has a go command in the way that has no export data.
func refuseExports(t *testing.T) {
	t.Helper()
	command, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\ncase \"$*\" in *-export=true*) exit 1;; esac\nexec " + command + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	if path, err := exec.LookPath("go"); err != nil || path == command {
		t.Skip("no script can be the go command")
	}
}

// TestBundleAuto checks that a bundle is kept and used where there is no export data.
func TestBundleAuto(t *testing.T) {
	m := newTestModule(t)
	want := m.load(t, "")
	refuseExports(t)
	if _, err := Load(t.Context(), Config{Dir: filepath.Join(m.dir, "app"), Env: m.env, Patterns: []string{"."}, Imports: ExportData}); err == nil {
		t.Fatal("there is export data")
	}
	var kept []string
	for _, name := range []string{"source", "a bundle"} {
		if got := m.loadBy(t, Auto, m.cache); got != want {
			t.Errorf("before:\n%s\nwith types from %s:\n%s", want, name, got)
		}
		if kept == nil {
			kept = m.bundles()
		}
		if names := m.bundles(); len(names) != 1 || names[0] != kept[0] {
			t.Errorf("with types from %s, in the cache are %q", name, names)
		}
	}
}

// TestNoCache loads where nothing can be kept.
func TestNoCache(t *testing.T) {
	m := newTestModule(t)
	want := m.load(t, "")
	refuseExports(t)
	m.write(t, "file", "")
	if got := m.load(t, filepath.Join(m.dir, "file", "cache")); got != want {
		t.Errorf("without a cache:\n%s\nwith one that cannot be made:\n%s", want, got)
	}
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData", "home"} {
		t.Setenv(name, "")
	}
	if dir := (&loader{}).cacheDir(); dir != "" {
		t.Errorf("without a home, the cache is %s", dir)
	}
	if got := m.loadBy(t, Auto, ""); got != want {
		t.Errorf("with a home:\n%s\nwithout one:\n%s", want, got)
	}
}
