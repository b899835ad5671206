package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A tab is a stage, and how many tasks it has.
type tab struct {
	Stage engine.Stage
	Title string
	Hint  string
	Count string
	Link  string
	Now   bool
}

// stageTexts are what the stages are called, and what they mean.
var stageTexts = map[engine.Stage][2]string{
	engine.StageRunning:  {"Running", "Tasks that run now."},
	engine.StageWaiting:  {"Waiting", "Tasks that could run, and wait for their turn."},
	engine.StageDelayed:  {"Delayed", "Tasks that wait for the time at which they are to run."},
	engine.StageRetrying: {"Retrying", "Tasks that have failed, and are tried again later."},
	engine.StageFailed:   {"Failed", "Tasks that have failed for good: nothing tries them again by itself."},
	engine.StageDone:     {"Done", "Tasks that have succeeded, as long as they are kept."},
}

// counts is how many tasks of each stage there are, in one source or all.
func (d *dashboard) counts(now time.Time, only string) map[engine.Stage]engine.Count {
	sum := map[engine.Stage]engine.Count{}
	for _, s := range d.sources {
		if s.browser == nil || only != "" && only != s.title() {
			continue
		}
		counts, unknown := s.stored(now)
		for _, stage := range engine.Stages {
			c := counts[stage]
			sum[stage] = engine.Count{N: sum[stage].N + c.N, More: sum[stage].More || c.More || unknown != ""}
		}
	}
	return sum
}

// tabs are the stages with their numbers.
func (d *dashboard) tabs(now time.Time, f filter, on bool) (tabs []tab) {
	counts := d.counts(now, f.Engine)
	for _, stage := range engine.Stages {
		text := stageTexts[stage]
		tabs = append(tabs, tab{stage, text[0], text[1], countText(counts[stage]), f.At(stage), on && stage == f.Stage})
	}
	return tabs
}

// A listView is a list of tasks.
type listView struct {
	*frame   `json:"-"`
	Filter   filter                  `json:"filter"`
	Counts   map[engine.Stage]counts `json:"counts"`
	Tasks    []task                  `json:"tasks"`
	Next     string                  `json:"next,omitempty"`
	Searched int                     `json:"searched"`
	Unknown  []notice                `json:"unknown,omitempty"`
	Tabs     []tab                   `json:"-"`
	Engines  []string                `json:"-"`
	Names    []string                `json:"-"`
	Bulk     []bulkLink              `json:"-"`
	Only     string                  `json:"-"` // what an empty list means
}

// counts is a count in JSON.
type counts struct {
	N    int  `json:"n"`
	More bool `json:"more,omitempty"`
}

type bulkLink struct {
	Title string
	Link  string
}

// Failed reports whether the list has a column of errors.
func (v *listView) Failed() bool {
	return v.Filter.Stage == engine.StageFailed || v.Filter.Stage == engine.StageRetrying
}

// Stage is the text of the stage.
func (v *listView) Stage() string { return stageTexts[v.Filter.Stage][0] }

// Hint is what it means.
func (v *listView) Hint() string { return stageTexts[v.Filter.Stage][1] }

// NextLink is the address of the next page, "" if there is none.
func (v *listView) NextLink() string {
	if v.Next == "" {
		return ""
	}
	return v.Filter.Page(v.Next)
}

// JSONLink is the address of the same as JSON.
func (v *listView) JSONLink() string { return v.Filter.JSON() }

func (d *dashboard) viewList(ctx context.Context, q url.Values, now time.Time) view {
	f := filterOf(q)
	f.Name = d.longName(f.Name)
	v := &listView{frame: d.frame("Tasks", "list", q, now), Filter: f, Tasks: []task{}, Counts: map[engine.Stage]counts{}}
	v.Names = d.names()
	d.await(ctx, now)
	s := d.find(ctx, f, mostRows)
	for _, t := range s.tasks {
		v.Tasks = append(v.Tasks, t.task)
	}
	v.Next, v.Searched, v.Unknown = s.next.String(), s.searched, s.failures
	for stage, c := range d.counts(now, f.Engine) {
		v.Counts[stage] = counts(c)
	}
	v.Tabs = d.tabs(now, f, true)
	for _, s := range d.sources {
		if s.browser != nil {
			v.Engines = append(v.Engines, s.title())
		}
	}
	v.Only = emptyText(f, v.Next, v.Searched)
	if d.mayAct && len(v.Tasks) > 0 {
		v.Bulk = bulkLinks(f)
	}
	v.Title = stageTexts[f.Stage][0] + " tasks"
	return v
}

// emptyText is what it means that a list has nothing.
func emptyText(f filter, next string, searched int) string {
	switch {
	case next != "" && f.Any():
		return fmt.Sprintf("None of the next %s tasks is like this. There are more to search through.", thousands(searched))
	case f.Any():
		return "No task is like this."
	case f.After != "":
		return "There are no more."
	}
	return map[engine.Stage]string{
		engine.StageRunning:  "Nothing runs.",
		engine.StageWaiting:  "Nothing waits for its turn.",
		engine.StageDelayed:  "Nothing waits for its time.",
		engine.StageRetrying: "Nothing is to be tried again.",
		engine.StageFailed:   "Nothing has failed.",
		engine.StageDone:     "Nothing that has succeeded is kept.",
	}[f.Stage]
}

// names are those of tasks that this process knows.
func (d *dashboard) names() []string {
	names := append(d.runner.Core().TaskNames(), d.runner.Core().MeteredNames()...)
	slices.Sort(names)
	return slices.Compact(names)
}

// longName is the name of the task that somebody means who has given its last part.
func (d *dashboard) longName(name string) string {
	if name == "" {
		return ""
	}
	names := d.names()
	if i := slices.IndexFunc(names, func(long string) bool { return shortName(long) == name }); i >= 0 && !slices.Contains(names, name) {
		return names[i]
	}
	return name
}

// severalSources reports whether there are engines beside this process.
func (d *dashboard) severalSources() bool { return len(d.sources) > 1 }

// findID is the address of the page of a task whose id somebody has put into a search,
// "" if it is not known.
func (d *dashboard) findID(ctx context.Context, id string) string {
	for _, s := range d.sources {
		if s.browser == nil {
			continue
		}
		t, err := within(ctx, s, func(ctx context.Context) (task, error) {
			item, known, err := s.browser.Look(ctx, id)
			if !known {
				return task{}, err
			}
			return d.taskOf(s, item), nil
		})
		if err == nil && t.Key != "" {
			return t.Link()
		}
	}
	return ""
}

// notice is what is to be said of a source.
type notice struct {
	Source string `json:"engine"`
	Text   string `json:"text"`
	Bad    bool   `json:"-"`
}

// notices are those of all sources.
func (d *dashboard) notices(now time.Time) (list []notice) {
	for _, s := range d.sources {
		if s.note != "" {
			list = append(list, notice{s.title(), s.note, false})
		} else if _, failure := s.stored(now); failure != "" {
			list = append(list, notice{s.title(), failure, true})
		}
	}
	slices.SortStableFunc(list, func(a, b notice) int { return cmp.Compare(btoi(b.Bad), btoi(a.Bad)) })
	return list
}
