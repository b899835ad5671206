package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"testing"
)

// Every kind of chart is an SVG that holds its words.
func TestCharts(t *testing.T) {
	for _, c := range []Chart{
		{Title: "bars", X: "requests", Labels: []string{"bare go", "bggen"}, Series: []Series{{Y: []float64{1200, 1100}}}},
		{Title: "groups", Log: true, Labels: []string{"S", "M"}, Series: []Series{{"wire", nil, []float64{1.3, 3}}, {"bggen", nil, []float64{0.1, math.NaN()}}}},
		{Title: "lines", X: "tasks", Series: []Series{{"bggen", []float64{0, 1, 3}, []float64{5, 6, 8}}}},
		{Title: "log lines", Log: true, Series: []Series{{"bggen", []float64{10, 100, 1000}, []float64{0.1, 0.2, 1.5}}}},
	} {
		svg, err := c.SVG()
		if err != nil {
			t.Errorf("%s: %v", c.Title, err)
			continue
		}
		for _, word := range append([]string{c.Title, c.X}, c.Labels...) {
			if !bytes.Contains(svg, []byte(word)) {
				t.Errorf("%s: %q is missing", c.Title, word)
			}
		}
		d := xml.NewDecoder(bytes.NewReader(svg))
		for err == nil {
			_, err = d.Token()
		}
		if err != io.EOF {
			t.Errorf("%s: not XML: %v", c.Title, err)
		}
	}
}
