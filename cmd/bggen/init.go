package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/txtar"
)

// firstService is what init writes: MODULE stands for the path of the module.
//
//go:embed init.txtar
var firstService []byte

// initialize writes a first service into the module of the current directory.
func initialize(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		return misused("init", stderr)
	}
	names, err := writeService(".")
	for _, name := range names {
		fmt.Fprintln(stdout, "wrote", name)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bggen:", err)
		return exitTrouble
	}
	fmt.Fprint(stdout, "\nnow: "+next(".")+"\n")
	return exitOK
}

// next is the commands that build and run the service in dir.
func next(dir string) string {
	const commands = "go generate ./... && go run ."
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err == nil && !strings.Contains(string(mod), "tool github.com/bggen/bggen/cmd/bggen") {
		return "go get -tool github.com/bggen/bggen/cmd/bggen && " + commands
	}
	return commands
}

// writeService writes the files of a first service into dir, none if one of them
// is there already or the module has Go files of its own. It returns their names.
func writeService(dir string) (names []string, err error) {
	module, err := moduleOf(dir)
	if err != nil {
		return nil, err
	}
	if there, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(there) > 0 {
		return nil, fmt.Errorf("%s is there already: init writes only into a module without Go files; see bggen help start", filepath.Base(there[0]))
	}
	files := txtar.Parse(firstService).Files
	for _, file := range files {
		if _, err := os.Lstat(filepath.Join(dir, file.Name)); !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is there already: init writes over nothing", file.Name)
		}
	}
	for _, file := range files {
		text := strings.ReplaceAll(string(file.Data), "MODULE", module)
		if err := create(filepath.Join(dir, file.Name), text); err != nil {
			return names, err
		}
		names = append(names, file.Name)
	}
	return names, nil
}

// moduleOf is the path of the module whose root is dir.
func moduleOf(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("there is no go.mod here: run go mod init example.com/name first")
	}
	if err != nil {
		return "", err
	}
	if path := modfile.ModulePath(text); path != "" {
		return path, nil
	}
	return "", errors.New("go.mod names no module")
}

// create writes a file that must not be there yet.
func create(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
