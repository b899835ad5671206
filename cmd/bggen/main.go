// Bggen generates net/http adapters for handlers that ask for background tasks
// and dependencies in their signatures.
//
// Usage:
//
//	bggen [-check | -n | -json] [-tags list] [packages]
//
// It writes one file, bggen_gen.go, in each package that has handlers or tasks,
// and removes it where it is needed no more. Files that would not change are
// not touched. A package with mistakes keeps the file it has, and the others
// are generated all the same. Without packages it looks at the one in the
// current directory.
//
// Most modules need one line, in any file at their root:
//
//	//go:generate go tool bggen ./...
//
// The flags are:
//
//	-check
//		Write nothing. Exit with 0 when all files are up to date, with 1 and a
//		unified diff when some are not, with 2 when there is a mistake.
//	-json
//		Write nothing, and print what the packages serve, and all mistakes, for
//		other programs: docs/json.md describes the form.
//	-n
//		Write nothing, and print the names of the files that would change.
//	-tags list
//		Build tags, separated by commas.
//
// Without -check it exits with 0 when all went well, and with 2 otherwise.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"

	"github.com/bggen/bggen/generator"
)

func main() {
	debug.SetGCPercent(400) // a run is short and small: time matters more
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

const (
	exitOK = iota
	exitStale
	exitTrouble
)

// run is the command. It returns its exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bggen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: bggen [-check | -n | -json] [-tags list] [packages]")
		flags.PrintDefaults()
	}
	check := flags.Bool("check", false, "write nothing; exit with 1 and a diff when a file is not up to date")
	asJSON := flags.Bool("json", false, "write nothing; print what the packages serve, and all mistakes, as JSON")
	dryRun := flags.Bool("n", false, "write nothing; print the names of the files that would change")
	tags := flags.String("tags", "", "build `list`: tags, separated by commas")
	switch err := flags.Parse(args); err {
	case nil:
	case flag.ErrHelp:
		return exitOK
	default:
		return exitTrouble
	}

	result, err := generator.Generate(ctx, generator.Config{Tags: *tags, Patterns: flags.Args(), Describe: *asJSON})
	if err != nil {
		fmt.Fprintln(stderr, "bggen:", err)
		return exitTrouble
	}
	status := exitOK
	if result.HasErrors() {
		status = exitTrouble
	}
	if *asJSON {
		if err := printJSON(stdout, result); err != nil {
			fmt.Fprintln(stderr, "bggen:", err)
			return exitTrouble
		}
		return status
	}
	printDiagnostics(stderr, result.Diagnostics)
	for _, file := range result.Files {
		if !file.Stale() {
			continue
		}
		switch {
		case *check:
			fmt.Fprint(stdout, unifiedDiff(file))
			status = max(status, exitStale)
		case *dryRun:
			fmt.Fprintln(stdout, relative(file.Path))
		default:
			if err := write(file); err != nil {
				fmt.Fprintln(stderr, "bggen:", err)
				status = exitTrouble
			}
		}
	}
	return status
}
