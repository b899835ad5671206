package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/bggen/bggen/generator"
)

// A subcommand is a first argument that is no package.
type subcommand struct {
	name, args, short string
	complete          string // words that its argument may be, separated by spaces
	run               func(args []string, stdout, stderr io.Writer) int
}

// subcommands returns all of them: some say what the others are.
func subcommands() []*subcommand {
	return []*subcommand{
		{"init", "", "write a first service into an empty module", "", initialize},
		{"explain", "CODE", "explain a mistake, such as BG012, with a program that makes it and the program mended", strings.Join(generator.Codes(), " "), explain},
		{"help", "[start]", "print this text; with start, how to begin", "start", help},
		{"version", "", "print the versions of bggen and Go", "", version},
		{"completion", "bash|zsh|fish", "print a script that completes commands and flags in a shell", "bash zsh fish", completion},
	}
}

// commandOf is the subcommand of that name, nil if there is none.
func commandOf(name string) *subcommand {
	for _, c := range subcommands() {
		if c.name == name {
			return c
		}
	}
	return nil
}

// misused says how a subcommand is used.
func misused(name string, stderr io.Writer) int {
	fmt.Fprintln(stderr, strings.TrimSpace("usage: bggen "+name+" "+commandOf(name).args))
	return exitTrouble
}

func help(args []string, stdout, stderr io.Writer) int {
	switch {
	case len(args) == 1 && args[0] == "start":
		fmt.Fprint(stdout, start)
	case len(args) > 0:
		return misused("help", stderr)
	default:
		printHelp(stdout)
	}
	return exitOK
}

func printHelp(w io.Writer) {
	fmt.Fprintf(w, "Bggen generates net/http adapters from the signatures of handlers.\n\n%s\n\n", usage)
	fmt.Fprint(w, "It writes bggen_gen.go in each package that has directives. Without packages it\n"+
		"looks at the one in the current directory.\n\nCommands:\n\n")
	for _, c := range subcommands() {
		fmt.Fprintf(w, "  %s\n    \t%s\n", strings.TrimSpace(c.name+" "+c.args), c.short)
	}
	fmt.Fprint(w, "\nFlags:\n\n")
	flags := flagSet(&options{})
	flags.SetOutput(w)
	flags.PrintDefaults()
	fmt.Fprint(w, exitCodes)
}

const exitCodes = `
Exit codes:

  0  no mistakes; with -check, all files are up to date
  1  with -check: a file is not up to date
  2  a mistake in a package, in the command line, or of the go command
`

const start = `bggen begins with a comment above a function:

	//bggen:route GET /hello/{name}
	func Hello(name string) string { return "hello " + name }

In an empty directory, these commands make a service of it and run it:

	go mod init example.com/hello
	go get -tool github.com/bggen/bggen/cmd/bggen
	go tool bggen init
	go generate ./...
	go run .

In a module that you have already, add the comment above a function whose
parameters are what it needs of the request, run "go tool bggen ./...", and
register the routes of the package: see bggen_gen.go for the function Register.
`

func version(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		return misused("version", stderr)
	}
	module := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		module = moduleVersion(info)
	}
	fmt.Fprintf(stdout, "bggen %s, built with %s for %s/%s\n", module, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitOK
}

// moduleVersion is the version of this module: as the main one, or as one that
// the module needs whose tool this is.
func moduleVersion(info *debug.BuildInfo) string {
	const path = "github.com/bggen/bggen"
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == path && m.Version != "" {
			return m.Version
		}
	}
	return "(devel)"
}

func explain(args []string, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		return misused("explain", stderr)
	}
	text, ok := generator.Explain(strings.ToUpper(args[0]))
	if !ok {
		codes := generator.Codes()
		fmt.Fprintf(stderr, "bggen: there is no mistake %s: they are %s to %s\n", args[0], codes[0], codes[len(codes)-1])
		return exitTrouble
	}
	fmt.Fprint(stdout, text)
	return exitOK
}
