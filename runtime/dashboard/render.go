package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A page is one that is served as HTML, as JSON, and brought up to date by events.
type page struct {
	path string // "": the first one
	json string
	name string // of its template
	view func(d *dashboard, ctx context.Context, q url.Values, now time.Time) view
}

var pages = []page{
	{"", "data.json", "overview", (*dashboard).viewOverview},
	{"list", "list.json", "list", (*dashboard).viewList},
	{"queues", "queues.json", "queues", (*dashboard).viewQueues},
	{"processes", "processes.json", "processes", (*dashboard).viewProcesses},
	{"schedules", "schedules.json", "schedules", (*dashboard).viewSchedules},
	{"task", "task.json", "task", (*dashboard).viewTask},
}

// sections are what the navigation leads to.
var sections = []link{{Title: "Overview", Address: "./"}, {Title: "Tasks", Address: "list"}, {Title: "Queues", Address: "queues"}, {Title: "Processes", Address: "processes"}, {Title: "Schedules", Address: "schedules"}}

// A view is what a page shows.
type view interface {
	base() *frame
	JSONLink() string // "": there is no such
}

// A frame is what all pages have.
type frame struct {
	Title  string
	Path   string // of the page
	Events string // the query of its events
	Act    bool
	Args   bool
	Open   bool // everybody sees it
	Many   bool // there are engines
	Token  string
	Nav    []link
	Self   string // the address of the page, for forms
	Fails  int    // tasks that have failed since the start
	At     time.Time
}

type link struct {
	Title, Address string
	Now            bool
}

func (f *frame) base() *frame { return f }

// Clock is the time of the page.
func (f *frame) Clock() string { return f.At.Format("15:04:05 MST") }

func (d *dashboard) frame(title, path string, q url.Values, now time.Time) *frame {
	_, failed := d.failed.all()
	f := &frame{
		Title: title, Path: path, Act: d.mayAct, Args: d.arguments, Open: d.open.yes.Load(), Many: d.severalSources(),
		Token: d.token, Self: path, Fails: failed, At: now,
	}
	if query := q.Encode(); query != "" {
		f.Self += "?" + query
	}
	if slices.ContainsFunc(sections, func(l link) bool { return addressOf(l) == path }) || path == "task" {
		events := url.Values{"page": {path}}
		for name, values := range q {
			events[name] = values
		}
		f.Events = events.Encode()
	}
	for _, l := range sections {
		if l.Address == "schedules" && !d.hasSchedules() {
			continue
		}
		l.Now = addressOf(l) == path || l.Address == "list" && slices.Contains([]string{"task", "bulk", "said"}, path)
		f.Nav = append(f.Nav, l)
	}
	return f
}

// addressOf is the path of the page that a link leads to.
func addressOf(l link) string { return strings.TrimPrefix(l.Address, "./") }

// templates are those of each page: page.js fills nothing in, it takes what the server
// has rendered anew.
var templates = func() map[string]*template.Template {
	all := map[string]*template.Template{}
	base := template.Must(template.New("").Funcs(template.FuncMap{
		"ago":       func(t *time.Time) string { return ago(*t, time.Now()) },
		"whole":     func(t *time.Time) string { return whole(max(time.Since(*t), 0)) },
		"rfc":       func(t *time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
		"date":      func(t *time.Time) string { return t.Format("2006-01-02 15:04:05.000 MST") },
		"thousands": thousands[int],
		"button":    buttonText,
		"ask":       askText,
		"short":     shortName,
		"dict": func(pairs ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i+1 < len(pairs); i += 2 {
				m[pairs[i].(string)] = pairs[i+1]
			}
			return m
		},
	}).ParseFS(assets, "assets/frame.html", "assets/row.html"))
	for _, name := range []string{"overview", "list", "task", "queues", "processes", "schedules", "bulk", "said"} {
		all[name] = template.Must(template.Must(base.Clone()).ParseFS(assets, "assets/"+name+".html"))
	}
	return all
}()

// render answers with a page: all of it, or an error.
func render(w http.ResponseWriter, status int, name string, value view) {
	var b bytes.Buffer
	if err := templates[name].ExecuteTemplate(&b, "frame", value); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// servePage serves a page as HTML.
func (d *dashboard) servePage(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if id := strings.TrimSpace(q.Get("text")); p.path == "list" && wholeID.MatchString(id) {
			if to := d.findID(r.Context(), id); to != "" {
				w.Header().Set("Location", "./"+to)
				w.WriteHeader(http.StatusSeeOther)
				return
			}
		}
		v := p.view(d, r.Context(), q, time.Now())
		render(w, statusOf(v), p.name, v)
	}
}

// wholeID is a whole id of a task: then its page is meant.
var wholeID = regexp.MustCompile(`\A[A-Z2-7]{26}\z`)

// statusOf is the status of a page.
func statusOf(v view) int {
	if t, ok := v.(*taskView); ok && !t.Known {
		if t.Why != "" {
			return http.StatusBadGateway
		}
		return http.StatusNotFound
	}
	return http.StatusOK
}

// serveJSON serves the same as JSON.
func (d *dashboard) serveJSON(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := p.view(d, r.Context(), r.URL.Query(), time.Now())
		text, err := json.MarshalIndent(v, "", "\t")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(statusOf(v))
		w.Write(append(text, '\n'))
	}
}

// main is the part of a page that events bring up to date.
func (d *dashboard) main(p page, ctx context.Context, q url.Values, now time.Time) (string, error) {
	var b strings.Builder
	err := templates[p.name].ExecuteTemplate(&b, "main", p.view(d, ctx, q, now))
	return b.String(), err
}
