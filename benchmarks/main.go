// Command benchmarks compares bggen with what you would use instead of it, and
// prints one table. The comparisons are the Go benchmarks of this module; this
// command runs them in rounds, so that what slows the machine for a while slows
// all sides, and compares the rounds. The statistics are those of benchstat.
//
//	go run .                     # everything
//	go run . adapter dispatch    # some parts
//	go run . -rounds 15 serve
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
)

// A part is a comparison.
type part struct {
	name      string
	dir       string // of the benchmark
	benchmark string
	time      string // -benchtime
}

var parts = []part{
	{"adapter", "internal/booking", "Adapter", "20000x"},
	{"dispatch", ".", "Dispatch", "100000x"},
	{"serve", ".", "Serve", "20000x"},
	{"generate", ".", "Generate|Document", "1x"},
	{"engines", ".", "Engines", "1x"},
}

func main() {
	rounds := flag.Int("rounds", 6, "how often each side is measured")
	out := flag.String("o", "results.txt", "the file for what go test prints; benchstat can read it too")
	flag.Usage = func() {
		fmt.Fprintf(os.Stderr, "usage: go run . [-rounds n] [-o file] [part ...]\n\nThe parts are:")
		for _, p := range parts {
			fmt.Fprint(os.Stderr, " ", p.name)
		}
		fmt.Fprint(os.Stderr, "\n\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *rounds, *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int, out string, names []string) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	defer file.Close()
	for round := range rounds {
		for _, p := range chosen {
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, rounds, p.name)
			if err := p.measure(ctx, file); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	return compare(out)
}

// choose returns the parts with these names, or all if there are none.
func choose(names []string) (chosen []part, err error) {
	if len(names) == 0 {
		return parts, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no part %q", name)
		}
		chosen = append(chosen, parts[i])
	}
	return chosen, nil
}

// measure runs a part once.
func (p part) measure(ctx context.Context, out io.Writer) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^Benchmark"+p.benchmark+"$", "-benchtime", p.time, "-benchmem", "-timeout", "30m", "./"+p.dir)
	var stdout strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, &stdout)
	}
	_, err := io.WriteString(out, stdout.String())
	return err
}

// compare prints what the file says as a table.
func compare(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	list, err := readComparisons(f, file)
	if err != nil {
		return err
	}
	writeTable(os.Stdout, list)
	return nil
}
