package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/measure"
	"github.com/bggen/bggen/benchmarks/internal/report"
	"github.com/bggen/bggen/benchmarks/internal/synthetic"
)

const goList = "go list -export -deps"

var (
	generateMetrics = []report.Metric{{Name: "time", Unit: "s"}, {Name: "peak memory", Unit: "MB", Compared: true}, {Name: "CPU", Unit: "s"}}
	sizes           = []string{"S", "M", "L"}
	providerCounts  = []int{10, 100, 1000}
	generateStates  = []state{
		{name: "warm"},
		{name: "one package edited", edit: func(m *synthetic.Module) error { return m.Edit(false) }},
		{name: "all packages edited", edit: func(m *synthetic.Module) error { return m.Edit(true) }},
		{name: "empty build cache", cold: true},
	}
)

// A state is what has happened to a module before its code is generated.
type state struct {
	name string
	edit func(*synthetic.Module) error
	cold bool
}

// limited reports whether go list is measured in this state. It compiles, and
// what that takes for everything, or for twenty packages of L, is minutes.
func (s state) limited(size string) bool {
	return !s.cold && (size != "L" || s.name != "all packages edited")
}

func generateTakes(o options) time.Duration {
	seconds := map[string]float64{"S": 9, "M": 22, "L": 40}
	total := 7.0 + 7.0 // providers, growth
	for _, size := range o.sizes {
		total += seconds[size]
	}
	return time.Duration(float64(o.rounds)*total*float64(time.Second)) + 20*time.Second
}

// A subject is a module with the command that is measured on it.
type subject struct {
	name   string
	module *synthetic.Module
	args   []string
}

// A workshop is what the part generate works with.
type workshop struct {
	*bench
	root  string // of the module of bggen
	tools map[synthetic.Tool]string
	made  int // directories
}

// generate compares bggen with wire, and with the least that loading packages
// with their dependencies' types takes.
func generate(b *bench) error {
	w, err := newWorkshop(b)
	if err != nil {
		return err
	}
	if err := w.providers(); err != nil {
		return err
	}
	for _, size := range b.sizes {
		if err := w.sized(size); err != nil {
			return err
		}
	}
	for _, g := range growths {
		if err := w.grow(g); err != nil {
			return err
		}
	}
	b.out.Note("S, M and L are 20 packages of 30 handlers; S imports the standard library only, M also gin, gorm, pgx and grpc, L client-go too")
	b.out.Note("peak memory is that of the largest process: the tool's, or that of the go list it calls")
	return nil
}

func newWorkshop(b *bench) (*workshop, error) {
	w := &workshop{bench: b, tools: map[synthetic.Tool]string{}}
	out, err := exec.CommandContext(b.ctx, "go", "list", "-m", "-f", "{{.Dir}} {{.Version}}", "github.com/bggen/bggen", "github.com/google/wire").Output()
	if err != nil {
		return nil, fmt.Errorf("run this in the directory benchmarks: %w", err)
	}
	ours, theirs, _ := strings.Cut(string(out), "\n")
	w.root, _, _ = strings.Cut(ours, " v")
	_, version, _ := strings.Cut(strings.TrimSpace(theirs), " v")
	b.out.Versions["wire"] = version
	for tool, path := range map[synthetic.Tool]string{synthetic.Bggen: "github.com/bggen/bggen/cmd/bggen", synthetic.Wire: "github.com/google/wire/cmd/wire"} {
		b.step("building %s", tool)
		w.tools[tool] = filepath.Join(b.dir, string(tool))
		if out, err := exec.CommandContext(b.ctx, "go", "build", "-o", w.tools[tool], path).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %w\n%s", tool, err, out)
		}
	}
	return w, nil
}

// newDir is an empty directory.
func (w *workshop) newDir() string {
	w.made++
	return filepath.Join(w.dir, fmt.Sprintf("m%d", w.made))
}

// command is what a user of a tool runs.
func (w *workshop) command(tool synthetic.Tool) []string {
	if tool == synthetic.Wire {
		return []string{w.tools[tool], "gen", "./..."}
	}
	return []string{w.tools[tool], "./..."}
}

// subjects makes a module for each tool, and runs the tool once: from then on
// its output is there, as it is for a user.
func (w *workshop) subjects(title string, write func(dir, root string, tool synthetic.Tool) (*synthetic.Module, error)) ([]subject, error) {
	var all []subject
	for _, tool := range []synthetic.Tool{synthetic.Wire, synthetic.Bggen} {
		w.step("%s: making the module for %s", title, tool)
		m, err := write(w.newDir(), w.root, tool)
		if err != nil {
			return nil, err
		}
		s := subject{string(tool), m, w.command(tool)}
		if _, err := w.measure(s, state{}); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// measure runs a subject in a state, and returns the values of generateMetrics.
func (w *workshop) measure(s subject, state state) ([]float64, error) {
	if state.edit != nil {
		if err := state.edit(s.module); err != nil {
			return nil, err
		}
	}
	c := measure.Command{Dir: s.module.Dir, Env: synthetic.Env, Args: s.args}
	if state.cold {
		cache, err := os.MkdirTemp(w.dir, "cache-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(cache)
		c.Env = append(slices.Clone(c.Env), "GOCACHE="+cache)
	}
	usage, err := measure.Run(w.ctx, c)
	return []float64{usage.Wall.Seconds(), usage.Peak / 1e6, usage.CPU.Seconds()}, err
}

// compare measures subjects in turn.
func (w *workshop) compare(title string, state state, subjects []subject) error {
	table := w.out.Compare(title, string(synthetic.Wire), generateMetrics...)
	for round := range w.rounds {
		order := subjects
		if round > 0 {
			order = rotated(subjects, round)
		}
		for _, s := range order {
			w.step("%s, round %d of %d: %s", title, round+1, w.rounds, s.name)
			values, err := w.measure(s, state)
			if err != nil {
				return err
			}
			table.Add(s.name, values...)
		}
	}
	return nil
}

// providers measures one package of more and more providers; and one that
// imports nothing, where there is nothing to load and wire is at its best.
func (w *workshop) providers() error {
	for i, n := range append(providerCounts, 100) {
		title, alone := fmt.Sprintf("One package, %d providers", n), i == len(providerCounts)
		if alone {
			title += ", without imports"
		}
		subjects, err := w.subjects(title, func(dir, root string, tool synthetic.Tool) (*synthetic.Module, error) {
			return synthetic.Providers(w.ctx, dir, root, tool, n, alone)
		})
		if err != nil {
			return err
		}
		if err := w.compare(title, state{}, subjects); err != nil {
			return err
		}
	}
	return nil
}

const sizedName = "Module %s, %s"

// sized measures one of S, M and L in all states. One that cannot be made,
// because what it imports cannot be fetched, is skipped with a word.
func (w *workshop) sized(size string) error {
	subjects, err := w.subjects("module "+size, func(dir, root string, tool synthetic.Tool) (*synthetic.Module, error) {
		return synthetic.Sized(w.ctx, dir, root, tool, size)
	})
	if err != nil {
		if w.ctx.Err() != nil {
			return errors.Join(w.ctx.Err(), err)
		}
		w.out.Note("module %s was skipped: %s", size, firstLine(err))
		return nil
	}
	// Beside both, on a module of its own: what it finds edited is then only
	// what was edited for it.
	limit, err := synthetic.Sized(w.ctx, w.newDir(), w.root, synthetic.Wire, size)
	if err != nil {
		return err
	}
	list := subject{goList, limit, []string{"go", "list", "-export", "-deps", "./..."}}
	w.step("module %s: filling the build cache", size)
	if _, err := w.measure(list, state{}); err != nil {
		return err
	}
	for _, state := range generateStates {
		all := subjects
		if state.limited(size) {
			all = append(slices.Clone(subjects), list)
		}
		if err := w.compare(fmt.Sprintf(sizedName, size, state.name), state, all); err != nil {
			return err
		}
	}
	return nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// generateCharts draws the warm times and memories of all modules that were
// measured, and how bggen grows.
func generateCharts(p *report.Part) {
	for _, c := range []struct{ file, title, metric string }{
		{"generate.svg", "Generating code for 600 handlers, warm: seconds", "time"},
		{"generate-memory.svg", "Generating code for 600 handlers, warm: peak memory, MB", "peak memory"},
	} {
		chart := report.Chart{File: c.file, Title: c.title, X: "less is better; the scale is logarithmic", Log: true}
		names := []string{string(synthetic.Bggen), goList, string(synthetic.Wire)}
		for _, name := range names {
			chart.Series = append(chart.Series, report.Series{Name: name})
		}
		for _, size := range sizes {
			table := p.Find(fmt.Sprintf(sizedName, size, "warm"))
			if table == nil {
				continue
			}
			chart.Labels = append(chart.Labels, size)
			for i, name := range names {
				chart.Series[i].Y = append(chart.Series[i].Y, table.Median(name, c.metric))
			}
		}
		if len(chart.Labels) > 0 {
			p.Chart(chart)
		}
	}
	growthChart(p)
}
