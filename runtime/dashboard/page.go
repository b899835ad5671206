package dashboard

import (
	"bytes"
	"html/template"
	"net/http"
	"time"
)

// pages are what is shown without a script as well: page.js fills the same
// places once a second, and makes new rows from the same templates.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	// cells gives a row's template the section it is in.
	"cells": func(s section, r row, v any) map[string]any { return map[string]any{"S": s, "R": r, "V": v} },
	"row":   func() row { return row{} },
	"name":  func() nameRow { return nameRow{} },
}).ParseFS(assets, "assets/*.html"))

// render answers with a page: all of it, or an error.
func render(w http.ResponseWriter, status int, name string, value any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, value); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

func (d *dashboard) servePage(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	d.await(r.Context(), now)
	render(w, http.StatusOK, "page.html", d.view(now))
}

// A failurePage is all that is known of a failure.
type failurePage struct {
	failure
	Row     row
	Moment  string
	Actions bool
}

func (d *dashboard) serveFailure(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	f, known := d.failed.get(id)
	if !known {
		f, known = d.retried.get(id)
	}
	p := failurePage{Actions: d.actions}
	if !known {
		render(w, http.StatusNotFound, "failure.html", p)
		return
	}
	p.failure, p.Row = f, d.failureRow(f, time.Now())
	p.Moment = f.At.Format("2006-01-02 15:04:05.000 MST")
	render(w, http.StatusOK, "failure.html", p)
}
