package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// publish adds one version of all published modules to the proxy in dir. Which
// modules are published is what .ci/modules says at that version.
func publish(dir, repository, version string) error {
	repository, err := filepath.Abs(repository)
	if err != nil {
		return err
	}
	revision := revisionOf(repository, version)
	list, err := git(repository, "show", revision+":.ci/modules")
	if err != nil {
		return err
	}
	folders := []string{""}
	for line := range strings.Lines(list) {
		if folder, ok := strings.CutPrefix(line, "publish "); ok {
			folders = append(folders, strings.TrimSpace(folder))
		}
	}
	for _, folder := range folders {
		if err := publishModule(dir, repository, revision, folder, version); err != nil {
			return fmt.Errorf("module %q: %w", folder, err)
		}
	}
	return nil
}

// revisionOf returns what git calls a version.
func revisionOf(repository, version string) string {
	if revision, err := module.PseudoVersionRev(version); err == nil {
		return revision
	}
	if _, err := git(repository, "rev-parse", "-q", "--verify", "refs/tags/"+version); err == nil {
		return version
	}
	return "HEAD"
}

// publishModule writes the four files that a proxy serves for a version of a module.
func publishModule(dir, repository, revision, folder, version string) error {
	gomod, err := git(repository, "show", revision+":"+path.Join(folder, "go.mod"))
	if err != nil {
		return err
	}
	m := module.Version{Path: modfile.ModulePath([]byte(gomod)), Version: version}
	if err := module.Check(m.Path, m.Version); err != nil {
		return err
	}
	at, err := git(repository, "log", "-1", "--format=%cI", revision)
	if err != nil {
		return err
	}
	when, err := time.Parse(time.RFC3339, strings.TrimSpace(at))
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, when.UTC()})
	if err != nil {
		return err
	}

	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return err
	}
	at = filepath.Join(dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(at, 0o777); err != nil {
		return err
	}
	file := func(extension string) string { return filepath.Join(at, version+extension) }
	if err := os.WriteFile(file(".info"), info, 0o666); err != nil {
		return err
	}
	if err := os.WriteFile(file(".mod"), []byte(gomod), 0o666); err != nil {
		return err
	}
	archive, err := os.Create(file(".zip"))
	if err != nil {
		return err
	}
	defer archive.Close()
	if err := zip.CreateFromVCS(archive, m, repository, revision, folder); err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	list := filepath.Join(at, "list")
	if revision == version {
		return addToList(list, version+"\n")
	}
	// It has no tag: it can be fetched, and is not there to be chosen. Where there is no
	// other version, this proxy has to say so, or the next one is asked, which may refuse.
	if err := os.WriteFile(filepath.Join(filepath.Dir(at), "@latest"), info, 0o666); err != nil {
		return err
	}
	return addToList(list, "")
}

// addToList adds a line to a proxy's list of versions.
func addToList(name, line string) error {
	list, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer list.Close()
	if _, err := list.WriteString(line); err != nil {
		return err
	}
	return list.Close()
}

// git runs a git command in a repository and returns what it prints.
func git(repository string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = repository
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return "", fmt.Errorf("git %s: %s", strings.Join(args, " "), exit.Stderr)
	}
	return string(out), err
}
