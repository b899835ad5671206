package enginetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// SmallDisk is a folder on a disk of so many megabytes, and what fills it and frees it
// again. The test is skipped where there is no right to make one.
func SmallDisk(t testing.TB, megabytes int) (dir string, fill, free func(testing.TB)) {
	dir, err := os.MkdirTemp("", "bggen-disk-") // not t.TempDir: another user may want to enter it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if text, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("mode=755,size=%dm", megabytes), "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted: %s", text)
	}
	t.Cleanup(func() {
		if text, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", text)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	fill = func(t testing.TB) {
		file, err := os.Create(ballast)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for err == nil {
			_, err = file.Write(make([]byte, 4096))
		}
	}
	free = func(t testing.TB) {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
	return dir, fill, free
}
