// Command benchmarks puts bggen side by side with what one would use instead,
// and writes what it finds as JSON, as a table and as charts:
//
//	go run . [flags] [part...]
//
// The parts are serve, price, slow, order, adapter, dispatch, engines and generate;
// without any, all are run. README.md explains each of them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/contender"
	"github.com/bggen/bggen/benchmarks/internal/measure"
	"github.com/bggen/bggen/benchmarks/internal/report"
)

//go:generate go tool bggen ./...

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

// run is the command; or, asked by a run of the command, one of its helpers.
func run(args []string) error {
	if len(args) > 0 && args[0] == measure.ChildArg {
		return measure.Child(os.Stdin, os.Stdout)
	}
	if len(args) == 2 && args[0] == contender.ChildArg {
		return contender.Child(args[1])
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	if o.draw {
		r, err := report.Read(o.out)
		if err != nil {
			return err
		}
		return write(r, o.out)
	}
	return runParts(ctx, o)
}

// options are the flags and the parts.
type options struct {
	rounds   int
	duration time.Duration
	requests int
	sizes    []string
	out      string
	profiles string
	draw     bool
	parts    []part
}

func parseOptions(args []string) (options, error) {
	var o options
	var chosen string
	flags := flag.NewFlagSet("benchmarks", flag.ExitOnError)
	flags.IntVar(&o.rounds, "rounds", 5, "how often each measurement is made; results are medians")
	flags.DurationVar(&o.duration, "duration", time.Second, "of each load on a server, in whole seconds")
	flags.IntVar(&o.requests, "requests", 1_000_000, "of the part order")
	flags.StringVar(&chosen, "sizes", "S,M,L", "the modules of the part generate")
	flags.StringVar(&o.out, "out", "results", "the `directory` for results.json, results.md and charts")
	flags.StringVar(&o.profiles, "profiles", "", "the `directory` for processor profiles of the servers of the part serve, for go tool pprof")
	flags.BoolVar(&o.draw, "draw", false, "measure nothing: write the table and the charts from results.json")
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), "usage: go run . [flags] [%s ...]\n", strings.Join(partNames(), "|"))
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.rounds < 1 || o.duration < time.Second || o.requests < 1 {
		return o, fmt.Errorf("-rounds and -requests are at least 1, and -duration at least 1s")
	}
	o.sizes = strings.Split(chosen, ",")
	for _, size := range o.sizes {
		if !slices.Contains(sizes, size) {
			return o, fmt.Errorf("no module %q: -sizes is of S, M and L", size)
		}
	}
	for _, name := range flags.Args() {
		i := slices.Index(partNames(), name)
		if i < 0 {
			return o, fmt.Errorf("no part %q: there are %s", name, strings.Join(partNames(), ", "))
		}
		o.parts = append(o.parts, parts()[i])
	}
	if len(o.parts) == 0 {
		o.parts = parts()
	}
	return o, nil
}
