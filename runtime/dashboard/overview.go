package dashboard

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// mostNames is how many names have a row, the busiest ones.
const mostNames = 20

// An overview is the first page.
type overview struct {
	*frame `json:"-"`
	Now    time.Time               `json:"at"`
	Stats  runtime.Stats           `json:"stats"`
	Counts map[engine.Stage]counts `json:"counts"`
	Failed []task                  `json:"failed"`
	Rates  []rate                  `json:"rates"`
	Notes  []notice                `json:"engines,omitempty"`
	Span   span                    `json:"-"`
	Tabs   []tab                   `json:"-"`
	Total  chart                   `json:"-"`
	All    rate                    `json:"-"`
	Names  []rate                  `json:"-"`
	Beyond int                     `json:"-"`
}

// A rate is how many attempts of the tasks of one name have ended in this process in an
// hour or a day, and how long they took.
type rate struct {
	Name    string  `json:"name"`
	Ended   int     `json:"ended"`
	Failed  int     `json:"failed"`
	Minute  float64 `json:"per_minute"` // lately
	P50     float64 `json:"p50_seconds"`
	P95     float64 `json:"p95_seconds"`
	Points  []point `json:"points,omitempty"`
	Chart   chart   `json:"-"`
	measure core.Measure
}

// A point is a minute of an hour, or ten of a day.
type point struct {
	At     time.Time `json:"at"`
	Ended  int       `json:"ended"`
	Failed int       `json:"failed"`
	P50    float64   `json:"p50_seconds"`
	P95    float64   `json:"p95_seconds"`
}

// JSONLink is the address of the same as JSON.
func (v *overview) JSONLink() string { return "data.json?range=" + v.Span.Name }

// Axis is what stands below the charts.
func (v *overview) Axis() []string { return v.Span.Times(v.Now) }

func (d *dashboard) viewOverview(ctx context.Context, q url.Values, now time.Time) view {
	v := &overview{
		frame: d.frame("Background tasks", "", q, now), Now: now, Stats: d.runner.Stats(), Span: spanOf(q.Get("range")),
		Counts: map[engine.Stage]counts{}, Failed: []task{}, Rates: []rate{},
	}
	d.await(ctx, now)
	for stage, c := range d.counts(now, "") {
		v.Counts[stage] = counts(c)
	}
	v.Tabs = d.tabs(now, filter{}, false)
	v.Notes = d.notices(now)
	for _, t := range d.find(ctx, filter{Stage: engine.StageFailed}, 5).tasks {
		v.Failed = append(v.Failed, t.task)
	}
	measured := d.runner.Core().Metered(v.Span.Day, now)
	v.Total = chartOf(measured[0].Points, v.Span.Minutes, v.Span.part(now))
	v.All = rateOf(measured[0], v.Span, now)
	for _, m := range measured[1:] {
		v.Rates = append(v.Rates, rateOf(m, v.Span, now))
	}
	v.Names = slices.Clone(v.Rates)
	if v.Beyond = len(v.Names) - mostNames; v.Beyond > 0 {
		slices.SortStableFunc(v.Names, func(a, b rate) int { return cmp.Compare(b.Ended, a.Ended) })
		v.Names = v.Names[:mostNames]
		slices.SortFunc(v.Names, func(a, b rate) int { return strings.Compare(a.Name, b.Name) })
	}
	return v
}

func rateOf(m core.Metered, s span, now time.Time) rate {
	r := rate{
		Name: m.Name, Ended: m.All.Ended, Failed: m.All.Failed, P50: m.All.P50.Seconds(), P95: m.All.P95.Seconds(),
		Minute: float64(m.Lately.Ended) / now.Sub(m.Lately.At).Minutes(), Chart: chartOf(m.Points, s.Minutes, s.part(now)), measure: m.All,
	}
	for _, p := range m.Points {
		r.Points = append(r.Points, point{p.At, p.Ended, p.Failed, p.P50.Seconds(), p.P95.Seconds()})
	}
	return r
}

// Short is the name without its path.
func (r rate) Short() string { return shortName(r.Name) }

// Full is the name, if Short does not say all.
func (r rate) Full() string { return fullName(r.Name) }

// Median and Slow are the percentiles as texts.
func (r rate) Median() string { return took(r.measure.P50) }
func (r rate) Slow() string   { return took(r.measure.P95) }

// Lately is the rate of the last minute.
func (r rate) Lately() string { return number(r.Minute) + "/min" }

// FailedLink is the list of those that have failed.
func (r rate) FailedLink() string {
	return filter{Stage: engine.StageFailed, Name: r.Name}.List()
}
