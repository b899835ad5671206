package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/contender"
	"github.com/bggen/bggen/benchmarks/internal/report"
)

// A part is one benchmark.
type part struct {
	name, title string
	takes       func(options) time.Duration // about
	run         func(*bench) error
	charts      func(*report.Part) // adds pictures of what was measured; nil: none
}

// parts is all of them, in the order of the report.
func parts() []part {
	return []part{
		{"serve", "Serving", serveTakes, serve, serveCharts},
		{"price", "The price of tasks", priceTakes, price, priceCharts},
		{"slow", "Slow tasks", slowTakes, slow, slowCharts},
		{"order", "The order of things", orderTakes, order, nil},
		{"adapter", "The adapter", adapterTakes, adapter, adapterCharts},
		{"dispatch", "Dispatch", dispatchTakes, dispatch, dispatchCharts},
		{"engines", "Engines", enginesTakes, engines, nil},
		{"generate", "Generating", generateTakes, generate, generateCharts},
	}
}

func partNames() (names []string) {
	for _, p := range parts() {
		names = append(names, p.name)
	}
	return names
}

// A bench is one part while it is run.
type bench struct {
	options
	ctx context.Context
	out *report.Part
	dir string // temporary
	*progress
}

// runParts runs parts, and writes the report after each: what has been measured
// is not lost when a later part fails.
func runParts(ctx context.Context, o options) error {
	var total time.Duration
	for _, p := range o.parts {
		total += p.takes(o)
	}
	fmt.Fprintf(os.Stderr, "%d parts, %d rounds: about %v. Leave the machine alone.\n", len(o.parts), o.rounds, total.Round(time.Second))
	var failed error
	for _, p := range o.parts {
		if err := runPart(ctx, o, p); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", p.name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return failed
}

func runPart(ctx context.Context, o options, p part) error {
	dir, err := os.MkdirTemp("", "bggen-benchmarks-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	start := time.Now()
	b := &bench{
		options: o, ctx: ctx, dir: dir, progress: newProgress(p.name, p.takes(o)),
		out: &report.Part{Name: p.name, Title: p.title, Date: start.UTC(), Rounds: o.rounds, Machine: report.ThisMachine(), Versions: report.ModuleVersions()},
	}
	err = p.run(b)
	b.end(err)
	if err != nil {
		return err
	}
	b.out.Seconds = time.Since(start).Seconds()
	for _, c := range b.out.Comparisons {
		fmt.Println(c.Markdown())
	}
	r, err := report.Read(o.out)
	if err != nil {
		return err
	}
	r.Put(b.out, partNames())
	return write(r, o.out)
}

// write draws what each part has to show, and writes the report to dir.
func write(r *report.Report, dir string) error {
	for _, p := range r.Parts {
		p.Charts = nil
		if i := slices.Index(partNames(), p.Name); i >= 0 && parts()[i].charts != nil {
			parts()[i].charts(p)
		}
	}
	return r.Write(dir)
}

// modules notes the versions of modules that this program is built with.
func (b *bench) modules(paths ...string) {
	for name, version := range report.ModuleVersions(paths...) {
		b.out.Versions[name] = version
	}
}

// withPython keeps the contenders that can be run: FastAPI is left out, with a
// word in each table, where it is not installed. Its versions are noted.
func (b *bench) withPython(all []contender.Contender) (kept, left []contender.Contender) {
	versions, err := contender.FastAPIVersions(b.ctx)
	for name, version := range versions {
		b.out.Versions[name] = version
	}
	for _, c := range all {
		if c.IsPython() && err != nil {
			left = append(left, c)
			b.out.Note("FastAPI was skipped: %v", err)
		} else {
			kept = append(kept, c)
		}
	}
	return kept, left
}

// rotated is list from its element n on, and then the others: each round begins
// with another contender, so that none is always the one after a pause.
func rotated[T any](list []T, n int) []T {
	n %= len(list)
	return append(append([]T(nil), list[n:]...), list[:n]...)
}
