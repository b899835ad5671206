// Bggen generates net/http adapters for handlers that ask for background tasks
// and dependencies in their signatures.
//
// Usage:
//
//	bggen [flags] [packages]
//	bggen command [arguments]
//
// It writes one file, bggen_gen.go, in each package that has handlers, tasks or
// providers, and removes the file where it is no longer needed. Files that would
// not change are not touched. A package with mistakes keeps the file it has, and
// the other packages are generated all the same. Without packages, bggen looks at
// the one in the current directory.
//
// Most modules need one line, in any file at their root:
//
//	//go:generate go tool bggen ./...
//
// "bggen help" lists the commands, the flags and the exit codes.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/bggen/bggen/generator"
)

func main() {
	debug.SetGCPercent(400) // a run is short and small: time matters more
	if os.Getenv("GOMEMLIMIT") == "" {
		// Where nothing has been built it reads the source of all dependencies: then
		// memory matters, too.
		debug.SetMemoryLimit(500 << 20)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes: see the table in help.go.
const (
	exitOK = iota
	exitStale
	exitTrouble
)

// run is the command. It returns its exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		name := args[0]
		if strings.TrimLeft(name, "-") == "version" { // as others have it
			name = "version"
		}
		if c := commandOf(name); c != nil {
			return c.run(args[1:], stdout, stderr)
		}
	}
	o, status, ok := parse(args, stderr)
	switch {
	case !ok:
		return status
	case o.watch:
		return watch(ctx, o, stdout, stderr)
	}
	return generate(ctx, o, stdout, stderr)
}

// generate generates once.
func generate(ctx context.Context, o options, stdout, stderr io.Writer) (status int) {
	stop := progress(stderr)
	result, err := generator.Generate(ctx, o.config())
	stop()
	if err == nil && o.json {
		err = printJSON(stdout, result)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bggen:", err)
		return exitTrouble
	}
	if result.HasErrors() {
		status = exitTrouble
	}
	if o.json {
		return status
	}
	printDiagnostics(stderr, result.Diagnostics)
	for _, note := range result.Notes {
		fmt.Fprintln(stderr, "bggen: note:", note)
	}
	if o.openapi != "" {
		stdout.Write(result.OpenAPI)
		return status
	}
	if o.routes == "-" {
		stdout.Write(generator.Routes(result.Packages))
		return status
	}
	if o.graph != "" {
		return max(status, printGraph(stdout, stderr, result.Packages, o))
	}
	if !result.Directives && status == exitOK {
		fmt.Fprintf(stderr, "bggen: no directives in %s: see bggen help start\n", count(result.Matched, "package"))
	}
	return max(status, update(result, o, stdout, stderr))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// printGraph prints who needs whom.
func printGraph(stdout, stderr io.Writer, packages []generator.Package, o options) int {
	g := graphOf(packages, o.only)
	switch {
	case len(g.nodes) == 0 && o.only != "":
		fmt.Fprintf(stderr, "bggen: nothing is called %s\n", o.only)
		return exitTrouble
	case o.graph == "dot":
		g.dot(stdout)
	default:
		g.mermaid(stdout)
	}
	return exitOK
}

// update writes the files that have changed, or says which have.
func update(result generator.Result, o options, stdout, stderr io.Writer) (status int) {
	changed := false
	for _, file := range result.Files {
		if !file.Stale() {
			continue
		}
		changed = true
		switch {
		case o.check:
			fmt.Fprint(stdout, unifiedDiff(file))
			status = max(status, exitStale)
		case o.dryRun:
			fmt.Fprintln(stdout, relative(file.Path))
		default:
			done, err := write(file)
			if err != nil {
				fmt.Fprintln(stderr, "bggen:", err)
				status = exitTrouble
				continue
			}
			fmt.Fprintln(stdout, done, relative(file.Path))
		}
	}
	if !changed && len(result.Files) > 0 && !result.HasErrors() && !o.check && !o.dryRun {
		fmt.Fprintln(stdout, "up to date")
	}
	return status
}
