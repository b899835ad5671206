package measure

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// wrkScript has wrk send the method it is given, and print what it counted as
// one line of numbers: more of them, and exacter, than its own report.
//
//go:embed wrk.lua
var wrkScript []byte

// ErrNoWrk says how to get the client.
var ErrNoWrk = errors.New("wrk is not installed: apt-get install wrk")

// Load is what a client of a server saw.
type Load struct {
	Requests float64       // answered
	PerSec   float64       // of these, a second
	P50, P99 time.Duration // latency
	CPU      time.Duration // that the client itself took
}

// A Wrk is the load generator, one thread of it.
type Wrk struct{ script string }

// NewWrk prepares wrk, whose script is written to dir.
func NewWrk(dir string) (*Wrk, error) {
	if _, err := exec.LookPath("wrk"); err != nil {
		return nil, ErrNoWrk
	}
	w := &Wrk{script: filepath.Join(dir, "wrk.lua")}
	return w, os.WriteFile(w.script, wrkScript, 0o644)
}

// Run sends requests to url over n connections for d, in whole seconds. An
// answer that is not 2xx or 3xx, or none, is an error.
func (w *Wrk) Run(ctx context.Context, method, url string, n int, d time.Duration) (Load, error) {
	seconds := max(1, int(d.Round(time.Second)/time.Second))
	cmd := exec.CommandContext(ctx, "wrk", "-t1", "-c"+strconv.Itoa(n), fmt.Sprintf("-d%ds", seconds), "-s", w.script, url)
	cmd.Env = append(os.Environ(), "WRK_METHOD="+method)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return Load{}, fmt.Errorf("wrk %s: %w\n%s", url, err, out)
	}
	load, err := parseWrk(out)
	if err != nil {
		return Load{}, fmt.Errorf("wrk %s: %w", url, err)
	}
	load.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return load, nil
}

// parseWrk reads the line that the script prints: requests, microseconds,
// p50 and p99 in microseconds, bad answers, broken connections.
func parseWrk(out []byte) (Load, error) {
	_, line, ok := bytes.Cut(out, []byte("counted: "))
	if !ok {
		return Load{}, fmt.Errorf("no line of numbers in its output:\n%s", out)
	}
	var n [6]float64
	fields := strings.Fields(string(line))
	for i := range n {
		if i >= len(fields) {
			return Load{}, fmt.Errorf("%d numbers, want %d", len(fields), len(n))
		}
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return Load{}, err
		}
		n[i] = value
	}
	if n[0] == 0 || n[1] == 0 || n[4] > 0 || n[5] > 0 {
		return Load{}, fmt.Errorf("%.0f requests, %.0f of them with a bad status, %.0f connections broken", n[0], n[4], n[5])
	}
	micro := func(f float64) time.Duration { return time.Duration(f * float64(time.Microsecond)) }
	return Load{Requests: n[0], PerSec: n[0] / n[1] * 1e6, P50: micro(n[2]), P99: micro(n[3])}, nil
}
