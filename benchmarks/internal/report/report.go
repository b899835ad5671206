// Package report holds the results of a run, and writes them as JSON, as a
// Markdown table and as charts.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/measure"
)

// A Report is all that is known: a part that is measured again takes the place
// of what was measured before.
type Report struct {
	Parts []*Part `json:"parts"`
}

// A Part is one benchmark, with where and when it was run.
type Part struct {
	Name        string            `json:"name"`
	Title       string            `json:"title"`
	Date        time.Time         `json:"date"`
	Seconds     float64           `json:"seconds"` // that it took
	Rounds      int               `json:"rounds"`
	Machine     Machine           `json:"machine"`
	Versions    map[string]string `json:"versions"`
	Notes       []string          `json:"notes,omitempty"`
	Comparisons []*Comparison     `json:"comparisons"`
	Charts      []*Chart          `json:"-"`
}

// A Comparison is one table: contenders measured in turn, round by round.
type Comparison struct {
	Title     string   `json:"title"`
	Reference string   `json:"reference,omitempty"` // the row that the others are compared with
	Metrics   []Metric `json:"metrics"`             // the first is always compared
	Rows      []*Row   `json:"rows"`
}

// A Metric is a column.
type Metric struct {
	Name     string `json:"name"`
	Unit     string `json:"unit,omitempty"`
	Compared bool   `json:"compared,omitempty"` // with the reference
}

// A Row is what was measured of one contender.
type Row struct {
	Name    string               `json:"name"`
	Rounds  map[string][]float64 `json:"rounds,omitempty"` // by the name of the metric
	Skipped string               `json:"skipped,omitempty"`
}

// Compare adds a table to p.
func (p *Part) Compare(title, reference string, metrics ...Metric) *Comparison {
	c := &Comparison{Title: title, Reference: reference, Metrics: metrics}
	p.Comparisons = append(p.Comparisons, c)
	return c
}

// Note adds a sentence to p, once.
func (p *Part) Note(format string, args ...any) {
	if note := fmt.Sprintf(format, args...); !slices.Contains(p.Notes, note) {
		p.Notes = append(p.Notes, note)
	}
}

// Chart adds a picture to p.
func (p *Part) Chart(c Chart) { p.Charts = append(p.Charts, &c) }

// Find is the table with a title; nil if there is none.
func (p *Part) Find(title string) *Comparison {
	for _, c := range p.Comparisons {
		if c.Title == title {
			return c
		}
	}
	return nil
}

// Row is the row of a name, added if there is none.
func (c *Comparison) Row(name string) *Row {
	for _, row := range c.Rows {
		if row.Name == name {
			return row
		}
	}
	row := &Row{Name: name, Rounds: map[string][]float64{}}
	c.Rows = append(c.Rows, row)
	return row
}

// Add adds one round of a contender: a value for each metric, in their order.
func (c *Comparison) Add(name string, values ...float64) {
	row := c.Row(name)
	for i, value := range values {
		metric := c.Metrics[i].Name
		row.Rounds[metric] = append(row.Rounds[metric], value)
	}
}

// Skip says why a contender was not measured.
func (c *Comparison) Skip(name, why string) { c.Row(name).Skipped = why }

// Measured is the names of the rows that were not skipped.
func (c *Comparison) Measured() (names []string) {
	for _, row := range c.Rows {
		if row.Skipped == "" {
			names = append(names, row.Name)
		}
	}
	return names
}

// Median is the median of a metric of a contender.
func (c *Comparison) Median(name, metric string) float64 {
	return measure.Median(c.Row(name).Rounds[metric])
}

// Ratio compares a contender with the reference.
func (c *Comparison) Ratio(name, metric string) measure.Ratio {
	return measure.RatioOf(c.Row(name).Rounds[metric], c.Row(c.Reference).Rounds[metric])
}

// Noise is the spread of the reference over its rounds, or without one that of
// the first row.
func (c *Comparison) Noise() float64 {
	if len(c.Rows) == 0 {
		return 0
	}
	row := c.Rows[0]
	if c.Reference != "" {
		row = c.Row(c.Reference)
	}
	return measure.Spread(row.Rounds[c.Metrics[0].Name])
}

// Put adds p to r, or has it take the place of the part of its name. order is
// that of all names.
func (r *Report) Put(p *Part, order []string) {
	r.Parts = slices.DeleteFunc(r.Parts, func(old *Part) bool { return old.Name == p.Name })
	r.Parts = append(r.Parts, p)
	slices.SortFunc(r.Parts, func(a, b *Part) int {
		return slices.Index(order, a.Name) - slices.Index(order, b.Name)
	})
}

// Read reads results.json in dir; a report without parts if there is none.
func Read(dir string) (*Report, error) {
	text, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return new(Report), nil
	}
	if err != nil {
		return nil, err
	}
	r := new(Report)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("reading earlier results: %w", err)
	}
	return r, nil
}

// Write writes results.json, results.md and the charts to dir.
func (r *Report) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "results.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	if err := r.draw(dir); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "results.md"), []byte(r.Markdown()), 0o644)
}
