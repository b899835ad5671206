package load

import (
	"os"
	"path/filepath"
	"slices"
	"time"
)

// bundleExt is how the names of bundles end, and those of files that become some.
const bundleExt = ".types"

// A bundle is removed when it was not used for so long, or when it and those that were
// used since are larger together. Most are 2 or 3 MB, and the largest that we have seen 13.
const (
	bundleAge   = 30 * 24 * time.Hour
	bundleBytes = 64 << 20
)

// replace writes a file as a whole or not at all, and makes its directory.
func replace(name string, parts ...[]byte) {
	dir := filepath.Dir(name)
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(dir, "new-*"+bundleExt)
	if err != nil {
		return
	}
	defer os.Remove(f.Name()) // in vain, where it has got its name
	for _, part := range parts {
		if err == nil {
			_, err = f.Write(part)
		}
	}
	if f.Close() == nil && err == nil {
		os.Rename(f.Name(), name)
	}
}

// touch notes that a bundle was used.
func touch(name string) {
	now := time.Now()
	os.Chtimes(name, now, now)
}

// tidy removes bundles from a directory, and what runs that were killed have left there.
// The bundle that was used last remains.
func tidy(dir string) {
	entries, _ := os.ReadDir(dir)
	var files []os.FileInfo
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && filepath.Ext(info.Name()) == bundleExt {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	total := int64(0)
	for i, info := range files {
		total += info.Size()
		if i > 0 && (total > bundleBytes || time.Since(info.ModTime()) > bundleAge) {
			os.Remove(filepath.Join(dir, info.Name()))
		}
	}
}
