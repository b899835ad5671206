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

// An outcome is the answer to an action.
type outcome struct {
	status int
	text   string
}

// action is a handler that does something, where that is allowed.
func (d *dashboard) action(do func(context.Context, url.Values) outcome) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !d.mayAct {
			http.Error(w, "this page only shows: dashboard.Actions() is not among its options", http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
		if err := r.ParseForm(); err != nil {
			http.Error(w, "the form cannot be read", http.StatusBadRequest)
			return
		}
		if err := d.fromHere(r); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		o := do(context.WithoutCancel(r.Context()), r.PostForm)
		html := strings.Contains(r.Header.Get("Accept"), "text/html")
		if to, ok := d.back(r.PostForm.Get("back")); ok && o.status == http.StatusOK && html {
			w.Header().Set("Location", to) // a browser without scripts: back to the page
			w.WriteHeader(http.StatusSeeOther)
			return
		}
		if html {
			v := &saidView{frame: d.frame("Done", "said", nil, time.Now()), Text: o.text}
			if to, ok := d.back(r.PostForm.Get("back")); ok {
				v.Back = to
			}
			render(w, o.status, "said", v)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(o.status)
		fmt.Fprintln(w, o.text)
	}
}

// A saidView is the page that says what an action has done.
type saidView struct {
	*frame
	Text string
	Back string
}

// JSONLink is empty: there is no such.
func (v *saidView) JSONLink() string { return "" }

// back is the address of a page of this one, from a form.
func (d *dashboard) back(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.ContainsAny(u.Path, "/\\") {
		return "", false
	}
	if r, ok := d.routes["/"+u.Path]; !ok || r.method != http.MethodGet || text == "" && u.Path != "" {
		return "", false
	}
	to := url.URL{Path: u.Path, RawQuery: u.RawQuery}
	return "./" + to.String(), true
}

// actionTexts are what is said when something was done, and when it could not be.
var actionTexts = map[engine.Action]struct{ Button, All, Ask, Done, Not, Past string }{
	engine.ActionRetry:  {"Try again", "Try all again", "Try %s again?", "%s is tried again.", "%s cannot be tried again: it has not failed, or was tried again before.", "tried again"},
	engine.ActionRun:    {"Run now", "Run all now", "Run %s now, before its time?", "%s runs now.", "%s does not wait for its time any more.", "run now"},
	engine.ActionCancel: {"Cancel", "Cancel all", "Cancel %s?", "%s is cancelled.", "%s cannot be cancelled: it has ended, or its engine cannot.", "cancelled"},
	engine.ActionDelete: {"Delete", "Delete all", "Delete %s? Nothing of it is kept.", "%s is deleted.", "%s cannot be deleted: it runs, or is not there any more.", "deleted"},
}

// Button is what the button of an action says.
func buttonText(a engine.Action) string { return actionTexts[a].Button }

// askText is what is asked before something is done to a task.
func askText(a engine.Action, t task) string {
	text := fmt.Sprintf(actionTexts[a].Ask, t.Short())
	if a == engine.ActionCancel && t.Stage == engine.StageRunning {
		text += " It runs, and is told to end."
	}
	return text
}

// act does something to one task.
func (d *dashboard) act(ctx context.Context, form url.Values) outcome {
	do := engine.Action(form.Get("do"))
	texts, ok := actionTexts[do]
	if !ok || form.Get("key") == "" {
		return outcome{http.StatusBadRequest, "the form has no key, or nothing that could be done"}
	}
	s := d.sourceTitled(form.Get("engine"))
	if s == nil || s.operator == nil {
		return outcome{http.StatusNotFound, "There is no such engine, or it can do nothing."}
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	name, running := "The task", false
	type looked struct {
		name    string
		running bool
	}
	l, err := guard(func() (looked, error) {
		item, known, err := s.browser.Look(ctx, form.Get("key"))
		if !known || err != nil {
			return looked{}, err
		}
		return looked{shortName(item.Name), item.Stage == engine.StageRunning}, nil
	})
	if l.name != "" {
		name, running = l.name, l.running
	}
	done := false
	if err == nil {
		done, err = guard(func() (bool, error) { return s.operator.Act(ctx, do, form.Get("key")) })
	}
	switch {
	case err != nil:
		return outcome{http.StatusBadGateway, fmt.Sprintf("%s could not do it: %v", s.title(), err)}
	case l.name == "" && !done:
		return outcome{http.StatusNotFound, "The task is not known any more."}
	case !done:
		return outcome{http.StatusConflict, fmt.Sprintf(texts.Not, name)}
	case do == engine.ActionCancel && running:
		return outcome{http.StatusOK, name + " was told to end."}
	}
	return outcome{http.StatusOK, fmt.Sprintf(texts.Done, name)}
}

// pause has the workers leave a queue alone, or take from it again.
func (d *dashboard) pause(ctx context.Context, form url.Values) outcome {
	s := d.sourceTitled(form.Get("engine"))
	if s == nil || s.pauser == nil {
		return outcome{http.StatusNotFound, "There is no such engine, or it cannot pause."}
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	pause := form.Get("do") == "pause"
	_, err := guard(func() (bool, error) { return true, s.pauser.Pause(ctx, form.Get("queue"), pause) })
	switch {
	case err != nil:
		return outcome{http.StatusBadGateway, fmt.Sprintf("%s could not do it: %v", s.title(), err)}
	case pause:
		return outcome{http.StatusOK, fmt.Sprintf("The queue %s is paused: what runs goes on, and nothing new begins.", form.Get("queue"))}
	}
	return outcome{http.StatusOK, fmt.Sprintf("The queue %s goes on.", form.Get("queue"))}
}

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
		return outcome{http.StatusBadRequest, "the form does not say what is to be done, or to how many tasks"}
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
	return outcome{http.StatusOK, text}
}
