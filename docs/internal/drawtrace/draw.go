package main

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"time"
)

// The size of a picture, in pixels.
const (
	chartLeft, chartWidth = 290, 610
	rowHeight, gapWidth   = 30, 64
)

const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #1b1f24 }
.soft { fill: #5b6470; font-size: 12px }
.bad { fill: #b3261e; font-size: 12px }
.sheet { fill: #fff; stroke: #dfe3e8 }
.line { stroke: #dfe3e8 } .gap { stroke: #8b95a1; stroke-dasharray: 2 4 }
.conduit-web { fill: #1a66c7 } .conduit-worker { fill: #1a7f46 } .failed { fill: #b3261e }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e8eb } .soft { fill: #9aa4b1 } .bad { fill: #ff8a80 }
  .sheet { fill: #1c1f25; stroke: #30353d } .line { stroke: #30353d }
  .conduit-web { fill: #6aaeff } .conduit-worker { fill: #56c98a } .failed { fill: #ff8a80 }
}
</style>
`

// draw draws spans, which are in the order of their beginnings. Times in which
// there is none are cut short.
func draw(trace []span) []byte {
	busy, gaps := busyTimes(trace)
	x := func(at uint64) float64 {
		var before uint64
		for i, b := range busy {
			if at <= b.end {
				part := float64(before+max(at, b.begin)-b.begin) / float64(total(busy))
				return chartLeft + float64(i*gapWidth) + part*float64(chartWidth-gaps*gapWidth)
			}
			before += b.end - b.begin
		}
		return chartLeft + chartWidth
	}
	var b bytes.Buffer
	width, height := chartLeft+chartWidth+120, (len(trace)+1)*rowHeight+14
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"a trace\">\n%s", width, height, style)
	fmt.Fprintf(&b, "<rect class=\"sheet\" x=\".5\" y=\".5\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n", width-1, height-1)
	for i, s := range trace {
		top := 10 + i*rowHeight
		if i > 0 {
			fmt.Fprintf(&b, "<path class=\"line\" d=\"M12 %dh%d\"/>\n", top, width-24)
		}
		kind, class := s.service, "soft"
		if s.failed() {
			kind, class = "failed", "bad"
		}
		left, right := x(s.StartTimeUnixNano), x(s.EndTimeUnixNano)
		text := func(class string, x float64, anchor, text string) {
			fmt.Fprintf(&b, "<text class=\"%s\" x=\"%.0f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", class, x, top+20, anchor, html.EscapeString(text))
		}
		if i == 0 {
			text("", 14, "start", s.Name)
		} else {
			text("", 28, "start", s.Name[strings.LastIndex(s.Name, "/")+1:])
		}
		text("soft", 200, "start", s.service)
		text(class, beside(left, right), anchor(left), brief(s))
		fmt.Fprintf(&b, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\"/>\n", kind, left, top+8, max(right-left, 3))
	}
	bottom := 10 + len(trace)*rowHeight
	for i := range gaps {
		from := x(busy[i].end)
		fmt.Fprintf(&b, "<path class=\"gap\" d=\"M%.1f %dh%d\"/><text class=\"soft\" x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
			from+6, bottom+6, gapWidth-12, from+gapWidth/2, bottom+24, short(busy[i+1].begin-busy[i].end))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// A while is from one moment to another, in nanoseconds.
type while struct{ begin, end uint64 }

// busyTimes is when there are spans, and how many gaps there are between.
func busyTimes(trace []span) (busy []while, gaps int) {
	for _, s := range trace {
		last := len(busy) - 1
		if last < 0 || s.StartTimeUnixNano > busy[last].end+uint64(10*time.Millisecond) {
			busy = append(busy, while{s.StartTimeUnixNano, s.EndTimeUnixNano})
			continue
		}
		busy[last].end = max(busy[last].end, s.EndTimeUnixNano)
	}
	return busy, len(busy) - 1
}

func total(busy []while) (sum uint64) {
	for _, b := range busy {
		sum += b.end - b.begin
	}
	return max(sum, 1)
}

// What is said of a span stands to its right, or to its left where there is no
// room.
func beside(left, right float64) float64 {
	if anchor(left) == "end" {
		return left - 6
	}
	return max(right, left+3) + 6
}

func anchor(left float64) string {
	if left > chartLeft+0.4*chartWidth {
		return "end"
	}
	return "start"
}

func brief(s span) string {
	took := short(s.EndTimeUnixNano - s.StartTimeUnixNano)
	if text, _, _ := strings.Cut(s.Status.GetMessage(), ":"); text != "" {
		return text + ", " + took
	}
	return took
}

func short(nanoseconds uint64) string {
	d := time.Duration(nanoseconds)
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
