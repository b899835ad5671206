package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// An outcome is the answer to an action.
type outcome struct {
	status int
	text   string
	tell   bool // the text says more than the page will show
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
		if strings.Contains(r.Header.Get("Accept"), "text/html") { // a browser, and no script
			d.answer(w, o, r.PostForm.Get("back"))
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(o.status)
		fmt.Fprintln(w, o.text)
	}
}

// answer leads a browser back to its page, or shows what there is to say.
func (d *dashboard) answer(w http.ResponseWriter, o outcome, from string) {
	back, ok := d.back(from)
	if ok && o.status == http.StatusOK && !o.tell {
		w.Header().Set("Location", back)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	render(w, o.status, "said", &saidView{d.frame(o.text, "said", nil, time.Now()), o.text, back})
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
	if d.routes["/"+u.Path][http.MethodGet] == nil {
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

// buttonText is what the button of an action says.
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
		return outcome{status: http.StatusBadRequest, text: "the form has no key, or nothing that could be done"}
	}
	s := d.sourceTitled(form.Get("engine"))
	if s == nil || s.operator == nil {
		return outcome{status: http.StatusNotFound, text: "There is no such engine, or it can do nothing."}
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
		return outcome{status: http.StatusBadGateway, text: fmt.Sprintf("%s could not do it: %v", s.title(), err)}
	case l.name == "" && !done:
		return outcome{status: http.StatusNotFound, text: "The task is not known any more."}
	case !done:
		return outcome{status: http.StatusConflict, text: fmt.Sprintf(texts.Not, name)}
	case do == engine.ActionCancel && running:
		return outcome{status: http.StatusOK, text: name + " was told to end."}
	}
	return outcome{status: http.StatusOK, text: fmt.Sprintf(texts.Done, name)}
}

// pause has the workers leave a queue alone, or take from it again.
func (d *dashboard) pause(ctx context.Context, form url.Values) outcome {
	s := d.sourceTitled(form.Get("engine"))
	if s == nil || s.pauser == nil {
		return outcome{status: http.StatusNotFound, text: "There is no such engine, or it cannot pause."}
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	pause := form.Get("do") == "pause"
	_, err := guard(func() (bool, error) { return true, s.pauser.Pause(ctx, form.Get("queue"), pause) })
	switch {
	case err != nil:
		return outcome{status: http.StatusBadGateway, text: fmt.Sprintf("%s could not do it: %v", s.title(), err)}
	case pause:
		return outcome{status: http.StatusOK, text: fmt.Sprintf("The queue %s is paused: what runs goes on, and nothing new begins.", form.Get("queue"))}
	}
	return outcome{status: http.StatusOK, text: fmt.Sprintf("The queue %s goes on.", form.Get("queue"))}
}
