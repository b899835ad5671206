package report

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A bar is one horizontal bar with its number at its end. The library's own
// bars share one colour, and begin at zero, which a logarithmic scale lacks.
type bar struct {
	from, to float64
	row      float64   // its group's place on the vertical axis
	offset   vg.Length // from there
	thick    vg.Length
	color    color.Color
}

// Plot implements plot.Plotter.
func (b bar) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	middle := y(b.row) + b.offset
	left, right := x(b.from), x(b.to)
	c.FillPolygon(b.color, []vg.Point{
		{X: left, Y: middle - b.thick/2}, {X: right, Y: middle - b.thick/2},
		{X: right, Y: middle + b.thick/2}, {X: left, Y: middle + b.thick/2},
	})
	style := p.X.Tick.Label
	style.XAlign, style.YAlign = text.XLeft, text.YCenter
	style.Color = ink
	c.FillText(style, vg.Point{X: right + vg.Points(4), Y: middle}, Number(b.to))
}

// Thumbnail implements plot.Thumbnailer: the legend's patch.
func (b bar) Thumbnail(c *draw.Canvas) {
	c.FillPolygon(b.color, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
}

// bars draws c on p: a group for each label, from the top, and in it a bar for
// each series, from the top too. It returns the height that this needs.
func (c *Chart) bars(p *plot.Plot) (vg.Length, error) {
	low, high := c.scale(p)
	thick := vg.Points(13)
	step := thick + vg.Points(2)
	for s, series := range c.Series {
		offset := step * vg.Length(float64(len(c.Series)-1)/2-float64(s))
		for i, value := range series.Y {
			if math.IsNaN(value) || value <= low && c.Log {
				continue
			}
			b := bar{low, value, float64(len(c.Labels) - 1 - i), offset, thick, c.colours()[s]}
			if len(c.Series) == 1 && ours(c.Labels[i]) {
				b.color = accent
			}
			p.Add(b)
			if i == 0 && len(c.Series) > 1 {
				p.Legend.Add(series.Name, b)
			}
		}
	}
	p.Legend.XOffs = vg.Points(330) // at the right, where the shortest bars leave room
	p.X.Min, p.X.Max = low, high
	p.Y.Min, p.Y.Max = -0.5, float64(len(c.Labels))-0.5
	names := make([]string, len(c.Labels))
	for i, label := range c.Labels {
		names[len(names)-1-i] = label
	}
	p.NominalY(names...)
	p.Y.Padding = vg.Points(6)
	group := step*vg.Length(len(c.Series)) + vg.Points(10)
	return group*vg.Length(len(c.Labels)) + vg.Points(88), nil
}

// scale finds where bars begin, and an end that leaves room for the numbers.
func (c *Chart) scale(p *plot.Plot) (low, high float64) {
	smallest, largest := math.Inf(1), 0.0
	for _, s := range c.Series {
		for _, y := range s.Y {
			largest = math.Max(largest, y)
			if y > 0 {
				smallest = math.Min(smallest, y)
			}
		}
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Width = 0
	grid.Vertical.Color = rule
	p.Add(grid)
	if !c.Log {
		p.X.Tick.Marker = numbers{}
		return 0, 1.12 * largest
	}
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decades{}
	return math.Pow(10, math.Floor(math.Log10(smallest*0.99))), largest * 3
}
