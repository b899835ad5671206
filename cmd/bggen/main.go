// Bggen generates net/http adapters for handlers that ask for background tasks
// and dependencies in their signatures.
//
// Usage:
//
//	bggen [-check | -n | -json | -openapi - | -graph dot|mermaid [-only name]] [-routes file] [-tags list] [packages]
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
//	-openapi -
//		Write nothing, and print an OpenAPI document of what the packages serve. The
//		directive //bggen:openapi has it written to a file: see docs/openapi.md.
//	-check
//		Write nothing. Exit with 0 when all files are up to date, with 1 and a
//		unified diff when some are not, with 2 when there is a mistake.
//	-json
//		Write nothing, and print what the packages serve, and all mistakes, for
//		other programs: docs/json.md describes the form.
//	-graph dot|mermaid
//		Write nothing, and print who needs whom: handlers with their routes,
//		providers, tasks and app values, grouped by package. With -only, what is
//		called so (a handler, a provider, a type, a route), what it needs and who
//		needs it.
//	-n
//		Write nothing, and print the names of the files that would change.
//	-routes file
//		List all routes with their guards in a file, too. A route without a guard
//		is marked OPEN. With -routes -, write nothing and print the list.
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

// options are the flags.
type options struct {
	check, dryRun, json bool
	graph, only, tags   string
	routes, openapi     string
	patterns            []string
}

const usage = "usage: bggen [-check | -n | -json | -openapi - | -graph dot|mermaid [-only name]] [-routes file] [-tags list] [packages]"

// parse reads the command line. ok is false when there is nothing to do, and
// status is that to exit with.
func parse(args []string, stderr io.Writer) (o options, status int, ok bool) {
	flags := flag.NewFlagSet("bggen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, usage)
		flags.PrintDefaults()
	}
	flags.BoolVar(&o.check, "check", false, "write nothing; exit with 1 and a diff when a file is not up to date")
	flags.BoolVar(&o.dryRun, "n", false, "write nothing; print the names of the files that would change")
	flags.BoolVar(&o.json, "json", false, "write nothing; print what the packages serve, and all mistakes, as JSON")
	flags.StringVar(&o.graph, "graph", "", "write nothing; print who needs whom: `dot or mermaid`")
	flags.StringVar(&o.only, "only", "", "with -graph: the `name` of a handler, provider, type or route; what it needs and who needs it")
	flags.StringVar(&o.routes, "routes", "", "list all routes with their guards in a `file`, too; -: print the list, and write nothing")
	flags.StringVar(&o.openapi, "openapi", "", "write nothing; print an OpenAPI document of what the packages serve: `-`")
	flags.StringVar(&o.tags, "tags", "", "build `list`: tags, separated by commas")
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return o, exitOK, false
	case err != nil:
		return o, exitTrouble, false
	case o.graph != "" && o.graph != "dot" && o.graph != "mermaid", o.only != "" && o.graph == "", o.openapi != "" && o.openapi != "-":
		fmt.Fprintln(stderr, usage)
		return o, exitTrouble, false
	}
	o.patterns = flags.Args()
	return o, exitOK, true
}

// run is the command. It returns its exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, status, ok := parse(args, stderr)
	if !ok {
		return status
	}
	stop := progress(stderr)
	cfg := generator.Config{Tags: o.tags, Patterns: o.patterns, Describe: o.json || o.graph != "" || o.routes == "-"}
	if o.routes != "-" {
		cfg.Routes = o.routes
	}
	cfg.OpenAPI = o.openapi != ""
	result, err := generator.Generate(ctx, cfg)
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
	return max(status, update(result.Files, o, stdout, stderr))
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
func update(files []generator.File, o options, stdout, stderr io.Writer) (status int) {
	for _, file := range files {
		if !file.Stale() {
			continue
		}
		switch {
		case o.check:
			fmt.Fprint(stdout, unifiedDiff(file))
			status = max(status, exitStale)
		case o.dryRun:
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
