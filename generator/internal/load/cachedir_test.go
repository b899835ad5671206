package load

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestTidy checks which files are removed from the cache.
func TestTidy(t *testing.T) {
	for _, c := range []struct {
		name string
		age  time.Duration // of the files, a hour more for each that comes after
		size int64
		kept int
	}{
		{"few", 0, 1 << 20, 6},
		{"large", 0, bundleBytes/3 + 1, 2},
		{"very large", 0, bundleBytes + 1, 1},
		{"old", bundleAge - 150*time.Minute, 0, 3},
		{"very old", 2 * bundleAge, 0, 1},
	} {
		dir := t.TempDir()
		names := []string{"a.types", "new-b.types", "c.types", "d.types", "e.types", "f.types"}
		for i, name := range append(names, "other") {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, nil, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, c.size); err != nil {
				t.Fatal(err)
			}
			used := time.Now().Add(-c.age - time.Duration(i)*time.Hour)
			if err := os.Chtimes(path, used, used); err != nil {
				t.Fatal(err)
			}
		}
		tidy(dir)
		want := append(names[:c.kept:c.kept], "other")
		slices.Sort(want)
		if got := readNames(t, dir); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", c.name, got, want)
		}
	}
}

// TestTouch checks that a bundle that was used is not the first that goes.
func TestTouch(t *testing.T) {
	dir := t.TempDir()
	longAgo := time.Unix(1, 0)
	for _, name := range []string{"a", "b"} {
		path := filepath.Join(dir, name+bundleExt)
		replace(path, []byte(name))
		if err := os.Chtimes(path, longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
	touch(filepath.Join(dir, "b.types"))
	tidy(dir)
	if got := readNames(t, dir); !slices.Equal(got, []string{"b.types"}) {
		t.Errorf("got %q", got)
	}
}

func readNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
