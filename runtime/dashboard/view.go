package dashboard

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime"
)

// What the page lists. data.json has more of each.
const (
	mostRows  = 50
	mostRates = 20
)

// A view is a snapshot as the page shows it: all numbers are texts, so that the
// template and the script only have to put them where they belong.
type view struct {
	Tiles    []tile    `json:"tiles"`
	Total    chart     `json:"total"`
	Names    []nameRow `json:"names"`
	Unknown  string    `json:"unknown"` // why there are no names
	Beyond   string    `json:"beyond"`  // names that are not listed
	Sections []section `json:"sections"`
	Failures int       `json:"failures"` // since the start, for who cannot see the page
	Actions  bool      `json:"-"`
	Args     bool      `json:"-"`
}

// A tile is a number of runtime.Stats.
type tile struct {
	Key   string `json:"key"`
	Title string `json:"-"`
	Hint  string `json:"-"`
	Value string `json:"value"`
}

// A nameRow is the rates of the tasks of one name.
type nameRow struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Full   string `json:"full"`
	Per    string `json:"per"`
	P50    string `json:"p50"`
	P95    string `json:"p95"`
	Failed string `json:"failed"`
	Chart  chart  `json:"chart"`
	busy   float64
}

// A section lists tasks, or failures.
type section struct {
	Key   string `json:"key"`
	Title string `json:"-"`
	Time  string `json:"-"` // what the column of times is called; "": there is none
	Fails bool   `json:"-"` // there is a column of errors
	Act   string `json:"-"` // retry or cancel; "": neither
	Empty string `json:"empty"`
	Count string `json:"count"`
	More  string `json:"more"`
	Rows  []row  `json:"rows"`
}

// A row is a task or a failure.
type row struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Full    string `json:"full"`
	Handler string `json:"handler"`
	Attempt string `json:"attempt"`
	Time    string `json:"time"`
	Args    string `json:"args"`
	Error   string `json:"error,omitempty"`
	Note    string `json:"note,omitempty"`
	Link    string `json:"link,omitempty"`
	Act     bool   `json:"act,omitempty"` // there is a button
}

// view is what the page shows now.
func (d *dashboard) view(now time.Time) *view {
	s := d.take(now)
	v := &view{Actions: d.actions, Args: d.arguments, Tiles: tiles(s.Stats)}
	d.viewRates(v, s, now)
	v.Sections = []section{
		taskSection(section{Key: "running", Title: "Running", Time: "For", Act: "cancel", Empty: "Nothing runs."}, s.Running, len(s.Running)+s.More.Running, now),
		d.failureSection(section{Key: "failed", Title: "Failed", Time: "When", Fails: true, Act: "retry", Empty: "Nothing has failed."}, &d.failed, now),
		taskSection(section{Key: "delayed", Title: "Delayed and retrying", Time: "Next attempt", Act: "cancel", Empty: "Nothing waits for its time."}, s.Delayed, len(s.Delayed)+s.More.Delayed, now),
		d.failureSection(section{Key: "retried", Title: "Failed attempts, tried again", Time: "When", Fails: true, Empty: "No attempt was made again."}, &d.retried, now),
		taskSection(section{Key: "queued", Title: "Queued", Act: "cancel", Empty: "Nothing waits for its turn."}, s.Queued, len(s.Queued)+s.More.Queued, now),
	}
	for i, e := range s.Engines {
		v.Sections = append(v.Sections, storedSections(i, e, now)...)
	}
	_, v.Failures = d.failed.all()
	return v
}

func tiles(n runtime.Stats) []tile {
	return []tile{
		{"running", "Running", "requests whose tasks run", thousands(n.Running)},
		{"waiting", "Waiting", "requests whose tasks wait for a worker, or for the end of the response", thousands(n.Waiting)},
		{"delayed", "Delayed", "tasks that are not due yet, or are to be tried again", thousands(n.Delayed)},
		{"slots", "Slots", "places that are taken, by requests in flight too", thousands(n.Slots)},
		{"ran", "Ended", "tasks since the start", thousands(n.Ran)},
		{"retried", "Retried", "attempts that failed and were not the last", thousands(n.Retried)},
		{"failed", "Failed", "tasks that failed in their last attempt", thousands(n.Failed)},
	}
}

// viewRates fills in the charts, and the rates of those names of which the most
// tasks end. They are in the order of their names: one that changes every second
// cannot be read.
func (d *dashboard) viewRates(v *view, s *snapshot, now time.Time) {
	r := d.rates
	r.mu.Lock()
	defer r.mu.Unlock()
	v.Total = r.chart(r.all, now.Unix())
	v.Names = []nameRow{}
	for _, rate := range s.Rates {
		series := r.byName[rate.Name]
		if series == nil {
			continue // it was forgotten in between
		}
		n := nameRow{
			Key: rate.Name, Name: shortName(rate.Name), Full: fullName(rate.Name), Per: number(rate.Per) + "/s",
			P50: "–", P95: "–", Failed: "–", Chart: r.chart(series, now.Unix()), busy: rate.Per,
		}
		if rate.P50 != nil {
			n.P50, n.P95 = seconds(*rate.P50), seconds(*rate.P95)
		}
		if rate.Failed > 0 {
			n.Failed = number(rate.Failed) + "/s"
		}
		v.Names = append(v.Names, n)
	}
	if len(v.Names) == 0 {
		v.Unknown = "No task has ended while somebody looked."
	}
	if beyond := len(v.Names) - mostRates; beyond > 0 {
		slices.SortStableFunc(v.Names, func(a, b nameRow) int { return int(b.busy*1000) - int(a.busy*1000) })
		v.Names = v.Names[:mostRates]
		slices.SortFunc(v.Names, func(a, b nameRow) int { return strings.Compare(a.Key, b.Key) })
		v.Beyond = fmt.Sprintf("and %d more names", beyond)
	}
}

func (d *dashboard) failureSection(sec section, from *ring, now time.Time) section {
	list, total := from.all()
	sec.Count = thousands(total)
	sec.Rows = []row{}
	for _, f := range list[:min(len(list), mostRows)] {
		sec.Rows = append(sec.Rows, d.failureRow(f, now))
	}
	if kept := len(list) - len(sec.Rows); kept > 0 {
		sec.More = fmt.Sprintf("and %s more, the last %d of them in data.json", thousands(total-len(sec.Rows)), kept)
	}
	return sec
}

func (d *dashboard) failureRow(f failure, now time.Time) row {
	r := row{
		Key: f.ID, Name: shortName(f.Name), Full: fullName(f.Name), Handler: shortName(f.Handler),
		Attempt: fmt.Sprint(f.Attempt), Time: ago(f.At, now), Args: string(f.Args),
		Error: clip(f.Error, 300), Link: "failure?id=" + f.ID, Act: f.again != nil,
	}
	switch {
	case f.Again:
		r.Note = "run again"
	case f.RetryIn > 0:
		r.Note = "tried again after " + seconds(f.RetryIn)
	case f.ByEngine:
		r.Note = "tried again by its engine"
	}
	return r
}

// shortName is a name without the path in front: notify.WriteLog, mails.go:12.
func shortName(name string) string {
	if name == "" {
		return ""
	}
	return path.Base(name)
}

// fullName is a name if the short one does not say all.
func fullName(name string) string {
	if shortName(name) == name {
		return ""
	}
	return name
}
