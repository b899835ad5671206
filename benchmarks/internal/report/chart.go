package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A Chart is a picture of some of a part's numbers: bars if it has labels, else
// lines.
type Chart struct {
	File   string // its name, ending in .svg
	Title  string
	X, Y   string   // what the axes show
	Log    bool     // the scale of values; with lines of both axes
	Labels []string // of the bars, from the top
	Series []Series
}

// A Series is the bars or the line of one colour. Those of bggen stand out, by
// the name of the series or, in a chart of one series, of the bar.
type Series struct {
	Name string
	X    []float64 // of a line
	Y    []float64
}

var (
	ink     = color.RGBA{0x33, 0x3b, 0x46, 0xff}
	rule    = color.RGBA{0xe3, 0xe6, 0xea, 0xff}
	accent  = color.RGBA{0x00, 0x7d, 0x9c, 0xff}
	muted   = color.RGBA{0xb4, 0xbe, 0xc9, 0xff}
	palette = []color.Color{
		muted, color.RGBA{0xe0, 0x8e, 0x45, 0xff}, color.RGBA{0x7a, 0x6b, 0xb0, 0xff}, color.RGBA{0x6d, 0x9f, 0x71, 0xff},
	}
)

// ours reports whether a name is that of this project.
func ours(name string) bool { return strings.HasPrefix(name, "bggen") }

// colours is one for each series.
func (c *Chart) colours() []color.Color {
	colours := make([]color.Color, len(c.Series))
	others := 0
	for i, s := range c.Series {
		if ours(s.Name) {
			colours[i] = accent
		} else {
			colours[i] = palette[others%len(palette)]
			others++
		}
	}
	return colours
}

// draw writes the charts of all parts to dir.
func (r *Report) draw(dir string) error {
	for _, p := range r.Parts {
		for _, c := range p.Charts {
			svg, err := c.SVG()
			if err != nil {
				return fmt.Errorf("drawing %s: %w", c.File, err)
			}
			if err := os.WriteFile(filepath.Join(dir, c.File), svg, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// SVG draws c.
func (c *Chart) SVG() ([]byte, error) {
	p := c.frame()
	width, height := 18*vg.Centimeter, 9*vg.Centimeter
	var err error
	if len(c.Labels) > 0 {
		height, err = c.bars(p)
	} else {
		err = c.lines(p)
	}
	if err != nil {
		return nil, err
	}
	canvas := vgsvg.New(width, height)
	// Wide margins: what stands in for a font that is missing may be wider.
	p.Draw(draw.Crop(draw.New(canvas), vg.Points(24), vg.Points(-14), vg.Points(8), vg.Points(-10)))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, err
	}
	// The fonts are not embedded, which would be half a megabyte a chart.
	return bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif")), nil
}

// frame is the empty chart: its title, and axes that keep in the background.
func (c *Chart) frame() *plot.Plot {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	p := plot.New()
	p.Title.Text = c.Title
	p.Title.Padding = vg.Points(10)
	p.Title.TextStyle.Font.Size = vg.Points(12)
	p.Title.TextStyle.Color = ink
	p.X.Label.Text, p.Y.Label.Text = c.X, c.Y
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color = rule
		axis.Tick.Color = rule
		axis.Tick.Label.Color = ink
		axis.Tick.Label.Font.Size = vg.Points(9)
		axis.Label.TextStyle.Color = ink
		axis.Label.TextStyle.Font.Size = vg.Points(9)
		axis.Label.Padding = vg.Points(4)
	}
	p.Legend.TextStyle.Color = ink
	p.Legend.TextStyle.Font.Size = vg.Points(9)
	p.Legend.Padding = vg.Points(2)
	p.Legend.ThumbnailWidth = vg.Points(14)
	p.Legend.Top, p.Legend.Left = true, true // the text is behind its colour, however wide it is
	return p
}

// lines draws a line with points for each series.
func (c *Chart) lines(p *plot.Plot) error {
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = rule, rule
	p.Add(grid)
	p.Legend.XOffs = vg.Points(8)
	p.X.Tick.Marker, p.Y.Tick.Marker = numbers{}, numbers{}
	if c.Log {
		p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
		p.X.Tick.Marker, p.Y.Tick.Marker = decades{}, decades{}
	}
	largest := 0.0
	for i, s := range c.Series {
		points := make(plotter.XYs, len(s.X))
		for j := range s.X {
			points[j] = plotter.XY{X: s.X[j], Y: s.Y[j]}
			largest = math.Max(largest, s.Y[j])
		}
		line, marks, err := plotter.NewLinePoints(points)
		if err != nil {
			return err
		}
		line.Color, marks.Color = c.colours()[i], c.colours()[i]
		line.Width = vg.Points(2)
		marks.Shape, marks.Radius = draw.CircleGlyph{}, vg.Points(3)
		p.Add(line, marks)
		p.Legend.Add(s.Name, line, marks)
	}
	if c.Log {
		p.Y.Min = math.Pow(10, math.Floor(math.Log10(p.Y.Min)))
		p.Y.Max = math.Pow(10, math.Ceil(math.Log10(largest)))
	} else {
		p.Y.Min, p.Y.Max = 0, 1.15*largest
	}
	return nil
}

// decades marks the powers of ten, and puts a number on each.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) (ticks []plot.Tick) {
	for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
		value := math.Pow(10, e)
		ticks = append(ticks, plot.Tick{Value: value, Label: tickLabel(value)})
		for k := 2.0; k < 10; k++ {
			ticks = append(ticks, plot.Tick{Value: k * value})
		}
	}
	return ticks
}

// numbers is the library's choice of marks, with numbers as everywhere else.
type numbers struct{}

// Ticks implements plot.Ticker.
func (numbers) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for i := range ticks {
		if ticks[i].Label != "" {
			ticks[i].Label = tickLabel(ticks[i].Value)
		}
	}
	return ticks
}

// tickLabel writes round numbers: a mark needs no digits behind its first.
func tickLabel(f float64) string {
	if f == math.Trunc(f) {
		return Number(f)
	}
	return strconv.FormatFloat(f, 'g', 4, 64)
}
