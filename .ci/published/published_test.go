package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
)

// version is later than all releases.
const version = "v0.9999.0"

// TestConsumers releases what is committed in a clone, and has modules of others
// get, generate, build and run it, with nothing but a module proxy between them.
func TestConsumers(t *testing.T) {
	clone := filepath.Join(t.TempDir(), "bggen")
	run(t, ".", "git", "clone", "-q", filepath.Join("..", ".."), clone)
	for name, value := range map[string]string{"user.name": "a test", "user.email": "test@example.com"} {
		run(t, clone, "git", "config", name, value)
	}
	run(t, clone, ".ci/release", version)
	after := commitAfter(t, clone)

	proxy := t.TempDir()
	for _, version := range []string{version, after} {
		if err := publish(proxy, clone, version); err != nil {
			t.Fatal(err)
		}
	}
	// What others have published comes from what is here already, or from where
	// modules come from.
	cache := strings.TrimSpace(run(t, ".", "go", "env", "GOMODCACHE"))
	upstream := strings.TrimSpace(run(t, ".", "go", "env", "GOPROXY"))
	goproxy := "file://" + proxy + ",file://" + filepath.Join(cache, "cache", "download") + "," + upstream
	build := strings.TrimSpace(run(t, ".", "go", "env", "GOCACHE"))
	modules := t.TempDir()

	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOPROXY", goproxy)
			env.Setenv("GOSUMDB", "off")
			env.Setenv("GOMODCACHE", modules)
			env.Setenv("GOCACHE", build)
			// The paths of packages stay out of the build cache, so that the next run
			// of this test finds there what is compiled in this one.
			env.Setenv("GOFLAGS", "-trimpath -modcacherw")
			env.Setenv("GOBIN", filepath.Join(env.WorkDir, "bin"))
			env.Setenv("VERSION", version)
			env.Setenv("AFTER", after)
			return nil
		},
	})
}

// commitAfter makes the first commit after the release, and returns its
// pseudo-version.
func commitAfter(t *testing.T, clone string) string {
	t.Helper()
	run(t, clone, "git", "commit", "-q", "--allow-empty", "-m", "The first change after the release")
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(run(t, clone, "git", "log", "-1", "--format=%cI")))
	if err != nil {
		t.Fatal(err)
	}
	hash := run(t, clone, "git", "rev-parse", "--short=12", "HEAD")
	return module.PseudoVersion("v0", version, at, strings.TrimSpace(hash))
}

// TestModulesAreListed holds .ci/modules against the modules of the repository.
func TestModulesAreListed(t *testing.T) {
	root := filepath.Join("..", "..")
	files, err := git(root, "ls-files", "--cached", "--others", "--exclude-standard", "*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for line := range strings.Lines(files) {
		have = append(have, strings.TrimSuffix(strings.TrimSpace(line), "/go.mod"))
	}
	list, err := os.ReadFile(filepath.Join("..", "modules"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(list)) {
		kind, folder, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch kind {
		case "publish", "keep":
			listed = append(listed, folder)
		case "#":
		default:
			t.Errorf(".ci/modules: %q is neither publish nor keep", line)
		}
	}
	for _, folder := range have {
		if !slices.Contains(listed, folder) {
			t.Errorf("the module %s is not in .ci/modules: say there whether a release publishes it", folder)
		}
	}
	for _, folder := range listed {
		if !slices.Contains(have, folder) {
			t.Errorf(".ci/modules names %s, where there is no module", folder)
		}
	}
}

// run runs a command that has to succeed, and returns what it prints.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if strings.HasPrefix(name, ".") {
		cmd.Path = filepath.Join(dir, name)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}
