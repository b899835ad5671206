package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/bggen/bggen/generator"
)

// write makes the disk agree with file: at once, or not at all. It returns what
// it has done.
func write(file generator.File) (done string, err error) {
	if file.Content == nil {
		return "removed", os.Remove(file.Path)
	}
	temp, err := os.CreateTemp(filepath.Dir(file.Path), "."+generator.FileName+".*")
	if err != nil {
		return "", err
	}
	defer os.Remove(temp.Name()) // fails after the rename
	_, err = temp.Write(file.Content)
	if err := errors.Join(err, temp.Chmod(mode(file.Path)), temp.Close()); err != nil {
		return "", err
	}
	return "wrote", os.Rename(temp.Name(), file.Path)
}

// mode is that of the file which is there, or of a new one.
func mode(path string) os.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

func unifiedDiff(file generator.File) string {
	name := filepath.ToSlash(relative(file.Path))
	return udiff.Unified(name, name+" (generated)", string(file.OnDisk), string(file.Content))
}

// relative is path from the current directory, if it is below.
func relative(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return path
	}
	return rel
}
