package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bggen/bggen/generator"
	"github.com/fsnotify/fsnotify"
)

// quiet is how long nothing must be saved before a run begins: editors save
// several files at once, and one file in several steps.
const quiet = 100 * time.Millisecond

// watch generates each time something is saved, until ctx ends. After a run
// without mistakes it starts the command of -run in place of the one before.
func watch(ctx context.Context, o options, stdout, stderr io.Writer) int {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		fmt.Fprintln(stderr, "bggen:", err)
		return exitTrouble
	}
	defer w.Close()
	for _, root := range watched(o.patterns) {
		if err := addDirs(w, root); err != nil {
			fmt.Fprintln(stderr, "bggen:", err)
			return exitTrouble
		}
	}
	var server *process
	defer func() { server.stop() }()
	for {
		if generate(ctx, o, stdout, stderr) == exitOK && o.run != "" && builds(ctx, o, stderr) {
			server.stop()
			if server, err = startProcess(o.run, stdout, stderr); err != nil {
				fmt.Fprintf(stderr, "bggen: %s: %v\n", o.run, err)
			}
		}
		if !saved(ctx, w.Events, w.Errors, func(path string) bool {
			return isDir(path) && holdsPackages(filepath.Base(path)) && addDirs(w, path) == nil
		}) {
			return exitOK
		}
	}
}

// saved waits until a source file has changed, and then until none has for a
// while. It reports false when ctx ends first. newDir reports whether something new
// is a directory, and watches it: by then it may hold files.
func saved(ctx context.Context, events <-chan fsnotify.Event, errs <-chan error, newDir func(path string) bool) bool {
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return false
		case <-settled:
			return true
		case <-errs: // events may be lost
			settled = time.After(quiet)
		case e := <-events:
			if e.Has(fsnotify.Create) && newDir(e.Name) || !e.Has(fsnotify.Chmod) && isSource(e.Name) {
				settled = time.After(quiet)
			}
		}
	}
}

// isSource reports whether what is generated may depend on a file. It is false
// for the generated file, which a run itself writes.
func isSource(path string) bool {
	name := filepath.Base(path)
	switch name {
	case "go.mod", "go.sum", "go.work":
		return true
	case generator.FileName:
		return false
	}
	return filepath.Ext(name) == ".go" && !strings.HasPrefix(name, ".")
}

// watched are the directories below which files are watched: the current one,
// and those that patterns name.
func watched(patterns []string) []string {
	roots := []string{"."}
	for _, pattern := range patterns {
		dir, _, _ := strings.Cut(pattern, "...")
		if filepath.IsAbs(dir) || strings.HasPrefix(dir, "../") || dir == ".." {
			roots = append(roots, dir)
		}
	}
	return roots
}

// addDirs watches root and the directories below it which can hold packages.
func addDirs(w *fsnotify.Watcher, root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return nil // a file, or gone again
		case path != root && !holdsPackages(d.Name()):
			return fs.SkipDir
		}
		return w.Add(path)
	})
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func holdsPackages(dir string) bool {
	return !strings.HasPrefix(dir, ".") && !strings.HasPrefix(dir, "_") && dir != "vendor" && dir != "node_modules"
}

// builds reports whether the packages compile: bggen reads signatures only, and a
// mistake in a body must not end a server that works.
func builds(ctx context.Context, o options, stderr io.Writer) bool {
	args := append([]string{"build", "-o", os.DevNull, "-tags", o.tags}, o.patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stdout, cmd.Stderr = stderr, stderr
	return cmd.Run() == nil
}
