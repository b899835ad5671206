package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/bggen/bggen/generator"
)

// options are the flags.
type options struct {
	check, dryRun, json bool
	graph, only, tags   string
	routes, tasks       string
	openapi             string
	watch               bool
	run                 string
	patterns            []string
}

const usage = "usage: bggen [-check | -n | -json | -openapi - | -graph dot|mermaid [-only name] | -watch [-run command]]\n" +
	"             [-routes file] [-tasks file] [-tags list] [packages]\n" +
	"       bggen command [arguments]"

// flagSet declares the flags, which set o.
func flagSet(o *options) *flag.FlagSet {
	flags := flag.NewFlagSet("bggen", flag.ContinueOnError)
	flags.BoolVar(&o.check, "check", false, "write nothing; exit with 1 and a diff when a file is not up to date")
	flags.BoolVar(&o.dryRun, "n", false, "write nothing; print the names of the files that would change")
	flags.BoolVar(&o.json, "json", false, "write nothing; print what the packages serve, and all mistakes, as JSON (docs/json.md)")
	flags.StringVar(&o.graph, "graph", "", "write nothing; print who needs whom, as `dot or mermaid`")
	flags.StringVar(&o.only, "only", "", "with -graph: print only the handler, provider, type or route of this `name`, what it needs and who needs it")
	flags.StringVar(&o.routes, "routes", "", "list all routes with their guards in this `file`, too, and mark those without a guard OPEN; with -, write nothing and print the list")
	flags.StringVar(&o.tasks, "tasks", "", "list all tasks with their arguments, as they are stored, in this `file`, too, and say what a change of it does to calls that are stored")
	flags.StringVar(&o.openapi, "openapi", "", "with `-`, write nothing and print an OpenAPI document of what the packages serve; the directive //bggen:openapi has it written to a file (docs/openapi.md)")
	flags.StringVar(&o.tags, "tags", "", "build tags, a `list` separated by commas")
	flags.BoolVar(&o.watch, "watch", false, "generate again each time a Go file is saved, until interrupted")
	flags.StringVar(&o.run, "run", "", "with -watch: start this `command` after each run without mistakes, in place of the one before")
	return flags
}

// parse reads the command line. ok is false when there is nothing to do, and
// status is the one to exit with.
func parse(args []string, stderr io.Writer) (o options, status int, ok bool) {
	flags := flagSet(&o)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprintf(stderr, "%s\n\"bggen help\" says more.\n", usage) }
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return o, exitOK, false
	case err != nil:
		return o, exitTrouble, false
	}
	o.patterns = flags.Args()
	if problem := o.problem(); problem != "" {
		fmt.Fprintf(stderr, "bggen: %s\n%s\n", problem, usage)
		return o, exitTrouble, false
	}
	return o, exitOK, true
}

// problem says which flags do not go together, "" if they do.
func (o options) problem() string {
	var modes []string
	for _, m := range []struct {
		name string
		set  bool
	}{{"-check", o.check}, {"-n", o.dryRun}, {"-json", o.json}, {"-openapi", o.openapi != ""}, {"-graph", o.graph != ""}, {"-routes -", o.routes == "-"}, {"-watch", o.watch}} {
		if m.set {
			modes = append(modes, m.name)
		}
	}
	switch {
	case len(modes) > 1:
		return fmt.Sprintf("%s and %s cannot be used together", modes[0], modes[1])
	case o.graph != "" && o.graph != "dot" && o.graph != "mermaid":
		return fmt.Sprintf("-graph is dot or mermaid, not %q", o.graph)
	case o.openapi != "" && o.openapi != "-":
		return "-openapi takes - only: the directive //bggen:openapi names a file"
	case o.only != "" && o.graph == "":
		return "-only needs -graph"
	case o.run != "" && !o.watch:
		return "-run needs -watch"
	}
	return ""
}

func (o options) config() generator.Config {
	cfg := generator.Config{Tags: o.tags, Patterns: o.patterns, Describe: o.json || o.graph != "" || o.routes == "-"}
	if o.routes != "-" {
		cfg.Routes = o.routes
	}
	cfg.Tasks = o.tasks
	cfg.OpenAPI = o.openapi != ""
	return cfg
}
