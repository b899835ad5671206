package main

import (
	"fmt"
	"os"
	"time"
)

// A progress tells on the standard error what is being measured: on one line
// that is written over, or on a terminal's absence a line now and then.
type progress struct {
	part     string
	takes    time.Duration
	start    time.Time
	terminal bool
	last     time.Time
}

func newProgress(part string, takes time.Duration) *progress {
	info, err := os.Stderr.Stat()
	return &progress{part: part, takes: takes, start: time.Now(), terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// step says what comes now.
func (p *progress) step(format string, args ...any) {
	took := time.Since(p.start).Round(time.Second)
	line := fmt.Sprintf("%s %v of about %v: %s", p.part, took, p.takes.Round(time.Second), fmt.Sprintf(format, args...))
	switch {
	case p.terminal:
		fmt.Fprintf(os.Stderr, "\r\x1b[K%s", line)
	case time.Since(p.last) > 5*time.Second:
		fmt.Fprintln(os.Stderr, line)
		p.last = time.Now()
	}
}

// end closes the line.
func (p *progress) end(err error) {
	if p.terminal {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
	if err == nil {
		fmt.Fprintf(os.Stderr, "%s: done in %v\n", p.part, time.Since(p.start).Round(time.Second))
	}
}
