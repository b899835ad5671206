package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// bulkOf is what can be done to all tasks of a stage.
var bulkOf = map[engine.Stage][]engine.Action{
	engine.StageRunning:  {engine.ActionCancel},
	engine.StageWaiting:  {engine.ActionCancel},
	engine.StageDelayed:  {engine.ActionRun, engine.ActionCancel},
	engine.StageRetrying: {engine.ActionRun, engine.ActionCancel},
	engine.StageFailed:   {engine.ActionRetry, engine.ActionDelete},
	engine.StageDone:     {engine.ActionDelete},
}

func bulkLinks(f filter) (links []bulkLink) {
	for _, do := range bulkOf[f.Stage] {
		links = append(links, bulkLink{actionTexts[do].All, f.Bulk(do)})
	}
	return links
}

// What is done at once to all tasks of a filter.
const (
	mostBulk   = 10_000
	bulkFinds  = 5 * time.Second  // to find them
	bulkWithin = 20 * time.Second // to do it
)

// A target is a task that something is to be done to.
type target struct {
	source *source
	key    string
	name   string
}

// targets are the tasks of a filter to which something can be done, and whether there
// may be more.
func (d *dashboard) targets(ctx context.Context, f filter, do engine.Action, most int) (list []target, more bool, failures []notice) {
	began := time.Now()
	f.After, f.Name = "", d.longName(f.Name)
	for {
		s := d.find(ctx, f, 500)
		failures = append(failures, s.failures...)
		for _, t := range s.tasks {
			if !slices.Contains(t.Can, do) {
				continue
			}
			if len(list) == most {
				return list, true, failures
			}
			list = append(list, target{d.sourceTitled(t.Engine), t.Key, t.Short()})
		}
		if f.After = s.next.String(); f.After == "" {
			return list, false, failures
		}
		if time.Since(began) > bulkFinds {
			return list, true, failures
		}
	}
}

// A bulkView asks whether all tasks of a filter are meant.
type bulkView struct {
	*frame
	Filter   filter
	Do       engine.Action
	Count    int
	More     bool
	Failures []notice
	Names    []nameCount
	Question string
	Button   string
	Back     string
}

type nameCount struct {
	Name  string
	Count string
	n     int
}

// JSONLink is empty: there is no such.
func (v *bulkView) JSONLink() string { return "" }

func (d *dashboard) serveBulk(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f, do := filterOf(q), engine.Action(q.Get("do"))
	if !d.mayAct || !slices.Contains(bulkOf[f.Stage], do) {
		http.Error(w, "nothing of the kind can be done here", http.StatusForbidden)
		return
	}
	f.After = ""
	list, more, failures := d.targets(r.Context(), f, do, mostBulk)
	v := &bulkView{frame: d.frame("All of them", "bulk", q, time.Now()), Filter: f, Do: do, Count: len(list), More: more, Failures: failures, Back: f.List()}
	count := map[string]int{}
	for _, t := range list {
		count[t.name]++
	}
	for name, n := range count {
		v.Names = append(v.Names, nameCount{name, thousands(n), n})
	}
	slices.SortFunc(v.Names, func(a, b nameCount) int {
		if a.n != b.n {
			return b.n - a.n
		}
		return strings.Compare(a.Name, b.Name)
	})
	v.Question = fmt.Sprintf("%s %s?", buttonText(do), many(len(list), stageWords[f.Stage]))
	v.Button = fmt.Sprintf("%s %s", buttonText(do), many(len(list), ""))
	v.Title = v.Question
	render(w, http.StatusOK, "bulk", v)
}

// stageWords are what tasks of a stage are called.
var stageWords = map[engine.Stage]string{
	engine.StageRunning: "running", engine.StageWaiting: "waiting", engine.StageDelayed: "delayed",
	engine.StageRetrying: "retrying", engine.StageFailed: "failed", engine.StageDone: "done",
}

// many is a number of tasks in words: 1 failed task, 812 failed tasks.
func many(n int, kind string) string {
	words := "tasks"
	if n == 1 {
		words = "task"
	}
	return strings.Join(strings.Fields(thousands(n)+" "+kind+" "+words), " ")
}

// bulk does something to the tasks of a filter, to no more than were asked about.
func (d *dashboard) bulk(ctx context.Context, form url.Values) outcome {
	f, do := filterOf(form), engine.Action(form.Get("do"))
	most := 0
	fmt.Sscan(form.Get("count"), &most)
	if !slices.Contains(bulkOf[f.Stage], do) || most < 1 {
		return outcome{status: http.StatusBadRequest, text: "the form does not say what is to be done, or to how many tasks"}
	}
	ctx, cancel := context.WithTimeout(ctx, bulkWithin)
	defer cancel()
	list, _, _ := d.targets(ctx, f, do, min(most, mostBulk))
	done, changed, failed := 0, 0, 0
	var last error
	for _, t := range list {
		if ctx.Err() != nil {
			break
		}
		ok, err := guard(func() (bool, error) { return t.source.operator.Act(ctx, do, t.key) })
		switch {
		case err != nil:
			failed, last = failed+1, err
		case ok:
			done++
		default:
			changed++
		}
	}
	text := fmt.Sprintf("%s: %s.", strings.ToUpper(actionTexts[do].Past[:1])+actionTexts[do].Past[1:], many(done, ""))
	if changed > 0 {
		text += fmt.Sprintf(" %s had changed in between, and nothing was done to them.", many(changed, ""))
	}
	if failed > 0 {
		text += fmt.Sprintf(" With %s it could not be done: %v.", many(failed, ""), last)
	}
	if left := len(list) - done - changed - failed; left > 0 {
		text += fmt.Sprintf(" %s were not reached within %v: do it again for these.", many(left, ""), bulkWithin)
	}
	return outcome{status: http.StatusOK, text: text, tell: true}
}
