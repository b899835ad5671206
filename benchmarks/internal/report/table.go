package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/benchmarks/internal/measure"
)

// Markdown is the whole report as a page.
func (r *Report) Markdown() string {
	var b strings.Builder
	b.WriteString("# Results\n\nWritten by `go run .` in `benchmarks/`; what is measured, and what is fair about it, is in [README.md](../README.md).\n" +
		"Numbers are medians over the rounds. A ratio is the median of the rounds' ratios, each taken of two measurements made next to each other,\n" +
		"with the extremes in brackets.\n")
	for _, p := range r.Parts {
		p.markdown(&b)
	}
	return b.String()
}

func (p *Part) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n`go run . %s`, %s, %d rounds, %.0f s.\n%s.\n", p.Title, p.Name, p.Date.Format("2006-01-02 15:04 MST"), p.Rounds, p.Seconds, p.Machine)
	var versions []string
	for _, name := range slices.Sorted(maps.Keys(p.Versions)) {
		versions = append(versions, name+" "+p.Versions[name])
	}
	fmt.Fprintf(b, "%s.\n", strings.Join(versions, ", "))
	for _, chart := range p.Charts {
		fmt.Fprintf(b, "\n![%s](%s)\n", chart.Title, chart.File)
	}
	for _, c := range p.Comparisons {
		b.WriteString("\n" + c.Markdown())
	}
	if len(p.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range p.Notes {
		fmt.Fprintf(b, "* %s\n", note)
	}
}

// Markdown is the table of c, under its title, with a word on the noise.
func (c *Comparison) Markdown() string {
	header := []string{""}
	for i, m := range c.Metrics {
		title := m.Name
		if m.Unit != "" {
			title += ", " + m.Unit
		}
		header = append(header, title)
		if c.compared(i) {
			header = append(header, "÷ "+c.Reference)
		}
	}
	rows := [][]string{header}
	for _, row := range c.Rows {
		rows = append(rows, c.cells(row))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", c.Title)
	for i, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|---|%s\n", strings.Repeat("---:|", len(header)-1))
		}
	}
	if noise := c.Noise(); noise > 0 {
		fmt.Fprintf(&b, "\n%s\n", noiseLine(c, noise))
	}
	return b.String()
}

// noiseLine says how far the rounds of the reference lie apart.
func noiseLine(c *Comparison, noise float64) string {
	name := c.Reference
	if name == "" {
		name = c.Rows[0].Name
	}
	line := fmt.Sprintf("Spread of %s over the rounds: %.0f %%.", name, 100*noise)
	if noise > measure.NoisyAbove {
		line = "**Noisy machine.** " + line + " Smaller differences mean nothing."
	}
	return line
}

func (c *Comparison) cells(row *Row) []string {
	cells := []string{row.Name}
	if row.Skipped != "" {
		return append(cells, "skipped: "+row.Skipped)
	}
	for i, m := range c.Metrics {
		cells = append(cells, Number(measure.Median(row.Rounds[m.Name])))
		if c.compared(i) {
			cells = append(cells, ratioCell(c, row, m.Name))
		}
	}
	return cells
}

// compared reports whether a column of ratios follows a metric.
func (c *Comparison) compared(metric int) bool {
	return c.Reference != "" && (metric == 0 || c.Metrics[metric].Compared)
}

func ratioCell(c *Comparison, row *Row, metric string) string {
	if row.Name == c.Reference {
		return "1"
	}
	ratio := c.Ratio(row.Name, metric)
	if math.IsNaN(ratio.Median) {
		return ""
	}
	return fmt.Sprintf("%s (%s–%s)", quotient(ratio.Median), quotient(ratio.Low), quotient(ratio.High))
}

// quotient writes a ratio near 1 with two decimals, as it is the second that
// is asked for, and others with two digits.
func quotient(f float64) string {
	if f >= 0.1 && f < 10 {
		return strconv.FormatFloat(f, 'f', 2, 64)
	}
	return strconv.FormatFloat(f, 'f', max(0, 1-int(math.Floor(math.Log10(f)))), 64)
}

// Number writes f with three digits, or as many as stand before the point, and
// a thin space between thousands. NaN is nothing.
func Number(f float64) string {
	if math.IsNaN(f) {
		return ""
	}
	if f == 0 {
		return "0"
	}
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(f))))
	if f == math.Trunc(f) {
		decimals = 0
	}
	text := strconv.FormatFloat(f, 'f', max(0, decimals), 64)
	whole, part, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "\u2009" + whole[i:]
	}
	if part != "" {
		whole += "." + part
	}
	return whole
}
