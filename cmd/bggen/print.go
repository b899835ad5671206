package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/bggen/bggen/generator"
	"golang.org/x/term"
)

// printDiagnostics prints what is wrong; on a terminal, with the line of source
// and a caret below the place.
func printDiagnostics(w io.Writer, list []*generator.Diagnostic) {
	var style style
	if isTerminal(w) {
		style = terminal
		if os.Getenv("NO_COLOR") == "" {
			style = colors
		}
	}
	for _, d := range list {
		style.print(w, d)
	}
}

// progress says on a terminal that a run takes long, until it is stopped.
func progress(w io.Writer) (stop func()) {
	if !isTerminal(w) {
		return func() {}
	}
	done := make(chan struct{})
	var said sync.WaitGroup
	said.Go(func() {
		select {
		case <-done:
		case <-time.After(time.Second):
			const text = "bggen: loading packages; the first time takes longer"
			fmt.Fprint(w, text)
			<-done
			fmt.Fprint(w, "\r", strings.Repeat(" ", len(text)), "\r")
		}
	})
	return func() { close(done); said.Wait() }
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// A style is how diagnostics look.
type style struct {
	source           bool // with the line of source
	bold, red, reset string
}

var (
	terminal = style{source: true}
	colors   = style{source: true, bold: "\x1b[1m", red: "\x1b[31m", reset: "\x1b[0m"}
)

func (s style) print(w io.Writer, d *generator.Diagnostic) {
	warning := ""
	if d.Entry.Warning {
		warning = "warning: "
	}
	place := ""
	if d.Start.Filename != "" {
		start := d.Start
		start.Filename = relative(start.Filename)
		place = start.String() + ": "
	}
	fmt.Fprintf(w, "%s%s%s%s%s  [%s]\n", place, s.bold, warning, d.Message, s.reset, d.Entry.Code)
	if s.source {
		s.excerpt(w, d)
	}
	for _, r := range d.Related {
		r.Position.Filename = relative(r.Position.Filename)
		fmt.Fprintf(w, "\t%s, %s\n", r.Message, r.Position)
	}
	if d.Stack != "" {
		fmt.Fprintf(w, "\t%s\n", strings.ReplaceAll(strings.TrimSpace(d.Stack), "\n", "\n\t"))
	}
	if d.Hint != "" {
		fmt.Fprintf(w, "\thint: %s\n", d.Hint)
	}
}

// excerpt prints the line of source, and carets below the part that is meant.
func (s style) excerpt(w io.Writer, d *generator.Diagnostic) {
	text, err := os.ReadFile(d.Start.Filename)
	if err != nil {
		return
	}
	lines := bytes.Split(text, []byte("\n"))
	if d.Start.Line < 1 || d.Start.Line > len(lines) {
		return
	}
	line := strings.TrimRight(string(lines[d.Start.Line-1]), "\r")
	column := min(max(d.Start.Column-1, 0), len(line))
	width := 1
	if d.End.Line == d.Start.Line && d.End.Column > d.Start.Column {
		width = min(d.End.Column, len(line)+1) - d.Start.Column
	}
	// Tabs stay tabs, so that the carets stand below what they mean.
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, line[:column])
	fmt.Fprintf(w, "\t%s\n\t%s%s%s%s\n", line, indent, s.red, strings.Repeat("^", max(width, 1)), s.reset)
}
