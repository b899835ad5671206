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
