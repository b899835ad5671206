package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A burst of saves is one run, which begins when the last is over.
func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events, errs := make(chan fsnotify.Event), make(chan error)
		ctx, cancel := context.WithCancel(t.Context())
		begun := time.Now()
		go func() {
			for _, e := range []fsnotify.Event{
				{Name: "dir", Op: fsnotify.Create},
				{Name: "a.go", Op: fsnotify.Write},
				{Name: "a.go", Op: fsnotify.Write},
				{Name: "b.go", Op: fsnotify.Rename},
				{Name: "bggen_gen.go", Op: fsnotify.Write}, // our own
				{Name: "a.go", Op: fsnotify.Chmod},
				{Name: "notes.txt", Op: fsnotify.Write},
			} {
				time.Sleep(quiet / 4)
				events <- e
			}
		}()
		var created []string
		if !saved(ctx, events, errs, func(path string) bool { created = append(created, path); return true }) {
			t.Error("the saves are not noticed")
		}
		if took := time.Since(begun); took != 2*quiet {
			t.Errorf("the run begins after %v", took)
		}
		if len(created) != 1 || created[0] != "dir" {
			t.Errorf("created: %q", created)
		}
		go func() { errs <- fsnotify.ErrEventOverflow }()
		if !saved(ctx, events, errs, nil) {
			t.Error("lost events do not count as a save")
		}
		time.AfterFunc(quiet, cancel)
		if saved(ctx, events, errs, nil) {
			t.Error("there is a run without a save")
		}
	})
}

const watchedMain = `package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	done := make(chan os.Signal, 1)
	signal.Notify(done, syscall.SIGTERM)
	fmt.Println("server ONE")
	<-done
	fmt.Println("drained ONE")
}
`

// TestWatch saves files while a server runs: one with a mistake of either kind
// keeps the server, and one without has it replaced.
func TestWatch(t *testing.T) {
	dir := module(t, map[string]string{"main.go": watchedMain, "greet/greet.go": outsideGreet})
	t.Chdir(dir)
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	status := -1
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		status = run(ctx, []string{"-watch", "-run", "go run .", "./..."}, w, w)
		w.Close()
	}()
	t.Cleanup(func() { cancel(); r.Close(); <-ended }) // also when the test fails
	lines := bufio.NewScanner(r)
	expect := func(parts ...string) {
		t.Helper()
		for _, part := range parts {
			for {
				if !lines.Scan() {
					t.Fatalf("%q is not printed", part)
				}
				t.Log(lines.Text())
				if strings.Contains(lines.Text(), part) {
					break
				}
				if strings.HasPrefix(lines.Text(), "drained") || strings.HasPrefix(lines.Text(), "server") {
					t.Fatalf("%s before %q", lines.Text(), part)
				}
			}
		}
	}
	save := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	expect("wrote greet/bggen_gen.go", "started go run .", "server ONE")
	save("greet/greet.go", strings.Replace(outsideGreet, "GET /greet/{name}", "GET /greet/{nam}", 1))
	expect("no parameter of Greet takes the wildcard")
	save("greet/greet.go", outsideGreet)
	expect("up to date", "drained ONE", "server ONE")
	save("main.go", strings.Replace(watchedMain, "<-done", "<-undefined", 1))
	expect("undefined: undefined")
	save("main.go", strings.ReplaceAll(watchedMain, "ONE", "TWO"))
	expect("drained ONE", "server TWO")

	// A package in a new directory is seen, too.
	if err := os.Mkdir(filepath.Join(dir, "new"), 0o755); err != nil {
		t.Fatal(err)
	}
	save("new/new.go", "package new\n\n//bggen:route GET /new\nfunc New() string { return \"\" }\n")
	expect("wrote new/bggen_gen.go", "drained TWO", "server TWO")
	cancel()
	expect("drained TWO")
	for lines.Scan() {
	}
	if <-ended; status != exitOK {
		t.Errorf("the exit status is %d", status)
	}
}
