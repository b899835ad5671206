package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/report"
)

var enginesMetrics = []report.Metric{{Name: "time", Unit: "µs"}}

const (
	throughUs = "through bggen"
	byHand    = "by hand"
)

// An engineModule has a benchmark of its own, since its dependencies are not for
// the others.
type engineModule struct {
	dir   string // in runtime/
	title string
	names map[string]string // of its benchmarks, as the report has them
}

var engineModules = []engineModule{
	{"river", "Storing three tasks with River", map[string]string{"SQLite": "SQLite", "Postgres": "PostgreSQL"}},
	{"asynq", "Storing tasks with asynq", map[string]string{"1": "1 task", "3": "3 tasks", "10": "10 tasks"}},
	{"celery", "Publishing tasks to Celery", map[string]string{
		"redis/1": "Redis, 1 task", "redis/10": "Redis, 10 tasks", "rabbitmq/1": "RabbitMQ, 1 task", "rabbitmq/10": "RabbitMQ, 10 tasks",
	}},
}

func enginesTakes(o options) time.Duration {
	return time.Duration(o.rounds*len(engineModules)) * 6 * time.Second
}

// engines compares storing the tasks of a request through an engine with the
// same by hand. What it needs is a server each; one that is not there is left
// out.
func engines(b *bench) error {
	for _, m := range engineModules {
		for round := range b.rounds {
			b.step("%s: round %d of %d", m.dir, round+1, b.rounds)
			if err := b.engineRound(m); err != nil {
				return err
			}
		}
	}
	b.out.Note("each number of a round is the median of 300 requests, in which the sides alternate")
	b.out.Note("by hand is the engine's own call for each task, or for all of them where it has one; asynq has none, and bggen sends its commands as one transaction")
	return nil
}

func (b *bench) engineRound(m engineModule) error {
	cmd := exec.CommandContext(b.ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkEnqueue$", "-benchtime", "300x", ".")
	cmd.Dir = filepath.Join("..", "runtime", m.dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("runtime/%s: %w\n%s", m.dir, err, out)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		name, sides, ok := benchmarkLine(lines.Text())
		if !ok || m.names[name] == "" {
			continue
		}
		table := b.out.Find(m.title + ": " + m.names[name])
		if table == nil {
			table = b.out.Compare(m.title+": "+m.names[name], byHand, enginesMetrics...)
		}
		for _, side := range []string{byHand, throughUs} {
			table.Add(side, sides[side])
		}
	}
	return lines.Err()
}

// benchmarkLine reads a line that go test prints of a benchmark which reports
// both sides: BenchmarkEnqueue/SQLite-2  300  632.0 µs/by-hand  667.0 µs/engine.
func benchmarkLine(line string) (name string, sides map[string]float64, ok bool) {
	fields := strings.Fields(line)
	if len(fields) == 0 || !strings.HasPrefix(fields[0], "BenchmarkEnqueue/") {
		return "", nil, false
	}
	name = strings.TrimPrefix(fields[0], "BenchmarkEnqueue/")
	if dash := strings.LastIndexByte(name, '-'); dash >= 0 {
		name = name[:dash]
	}
	sides = map[string]float64{}
	for i := 1; i < len(fields); i++ {
		unit, side, found := strings.Cut(fields[i], "/")
		value, err := strconv.ParseFloat(fields[i-1], 64)
		if !found || err != nil {
			continue
		}
		if unit == "ns" {
			value /= 1000
		}
		switch side {
		case "engine":
			sides[throughUs] = value
		case "by-hand":
			sides[byHand] = value
		}
	}
	return name, sides, len(sides) == 2
}
