package main

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkEngines compares storing the tasks of a request through an engine
// with the same library by hand. It runs the benchmarks of the engines' modules,
// which have their dependencies, and needs their servers: a module whose server
// is not there is skipped.
func BenchmarkEngines(b *testing.B) {
	for _, module := range []string{"river", "asynq", "celery"} {
		cmd := exec.Command("go", "test", "-run", "^$", "-bench", "^BenchmarkEnqueue$", "-benchtime", "300x", ".")
		cmd.Dir = filepath.Join("..", "runtime", module)
		out, err := cmd.CombinedOutput()
		if err != nil {
			b.Fatalf("%s: %v\n%s", module, err, out)
		}
		for line := range strings.Lines(string(out)) {
			name, byHand, engine, ok := enqueueLine(line)
			if !ok {
				continue
			}
			for side, ns := range map[string]float64{"by-hand": byHand, "bggen": engine} {
				b.Run(module+"/"+name+"/side="+side, func(b *testing.B) { b.ReportMetric(ns, "ns/op") })
			}
		}
	}
}

// enqueueLine reads a line that go test prints of a benchmark which reports both
// sides: BenchmarkEnqueue/SQLite-2  300  632.0 µs/by-hand  667.0 µs/engine. The
// times are in nanoseconds.
func enqueueLine(line string) (name string, byHand, engine float64, ok bool) {
	fields := strings.Fields(line)
	if len(fields) == 0 || !strings.HasPrefix(fields[0], "BenchmarkEnqueue/") {
		return "", 0, 0, false
	}
	name = strings.TrimPrefix(fields[0], "BenchmarkEnqueue/")
	if dash := strings.LastIndexByte(name, '-'); dash >= 0 {
		name = name[:dash]
	}
	for i := 1; i < len(fields); i++ {
		unit, side, _ := strings.Cut(fields[i], "/")
		value, err := strconv.ParseFloat(fields[i-1], 64)
		if err != nil {
			continue
		}
		if unit == "µs" {
			value *= 1000
		}
		switch side {
		case "by-hand":
			byHand = value
		case "engine":
			engine = value
		}
	}
	return name, byHand, engine, byHand > 0 && engine > 0
}

func TestEnqueueLine(t *testing.T) {
	name, byHand, engine, ok := enqueueLine("BenchmarkEnqueue/redis/1-2  300  632.5 µs/by-hand  667.0 µs/engine")
	if name != "redis/1" || byHand != 632500 || engine != 667000 || !ok {
		t.Error(name, byHand, engine, ok)
	}
	if _, _, _, ok := enqueueLine("BenchmarkEnqueue/SQLite-2  300  632.5 ns/op"); ok {
		t.Error("a line without both sides is taken")
	}
}
