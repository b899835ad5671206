package dashboard_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
)

func TestHeadersOfEveryAnswer(t *testing.T) {
	s := dashtest.Start(t)
	for path, want := range map[string]struct {
		status int
		kind   string
	}{
		"":                 {200, "text/html; charset=utf-8"},
		"page.js":          {200, "text/javascript; charset=utf-8"},
		"style.css":        {200, "text/css; charset=utf-8"},
		"data.json":        {200, "application/json"},
		"failure?id=none":  {404, "text/html; charset=utf-8"},
		"assets/page.html": {404, "text/plain; charset=utf-8"},
		"none":             {404, "text/plain; charset=utf-8"},
		"retry":            {405, "text/plain; charset=utf-8"},
	} {
		answer, _ := s.Get(path)
		if got := answer.Header.Get("Content-Type"); answer.StatusCode != want.status || got != want.kind {
			t.Errorf("%q: %d, %s", path, answer.StatusCode, got)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control":                "no-store",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%q: %s is %q", path, name, got)
			}
		}
	}
}

// Nothing of the page is written in it that the policy forbids, and nothing
// comes from elsewhere.
func TestPageKeepsItsPolicy(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions(), dashboard.Arguments())
	s.Add(dashtest.Fails)
	s.Idle()
	_, page := s.Get("")
	_, failure := s.Get("failure?id=" + s.Data().Failed[0].ID)
	for _, text := range []string{page, failure} {
		for _, bad := range []string{"style=", "<style", " on", "://", `href="/`, `src="/`, `action="/`, "javascript:"} {
			for line := range strings.Lines(text) {
				_, tag, _ := strings.Cut(line, "<")
				if strings.Contains(tag, bad) && (bad != " on" || strings.Contains(tag, " onclick")) {
					t.Errorf("%q is in %s", bad, line)
				}
			}
		}
	}
}

func TestWithoutSlash(t *testing.T) {
	runner := new(runtime.Runner)
	page := http.StripPrefix("/a/tasks", dashboard.New(runner))
	for asked, want := range map[string]string{
		"/a/tasks":     "./tasks/",
		"/a/tasks?x=y": "./tasks/",
	} {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, asked, nil))
		if got := w.Header().Get("Location"); w.Code != http.StatusPermanentRedirect || got != want {
			t.Errorf("%s: %d, %s", asked, w.Code, got)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Path, r.RequestURI = "", "/x//evil.example%2f.."
	page.ServeHTTP(w, r)
	if got := w.Header().Get("Location"); strings.HasPrefix(got, "//") || strings.Contains(got, ":") {
		t.Errorf("redirects to %s", got)
	}
}

func TestTasksOfEachState(t *testing.T) {
	s := dashtest.Start(t)
	end := s.Block("shop.Resize")
	s.Add(dashtest.Fails, runtime.Named("shop.Later"), runtime.Delay(time.Hour))
	s.Do(func(bg *runtime.BackgroundTasks) {
		began := make(chan bool)
		stop := make(chan bool)
		t.Cleanup(func() { close(stop) })
		bg.Add(func(context.Context) error { close(began); <-stop; return nil }, runtime.Named("shop.First"))
		bg.Add(dashtest.Fails, runtime.Named("shop.Second"))
		t.Cleanup(func() { <-began })
	})
	stream := s.Watch()
	v := stream.Until("all are there", func(v dashtest.View) bool {
		return strings.Contains(v.NamesIn("running"), "Resize") && strings.Contains(v.NamesIn("running"), "First")
	})
	if v.NamesIn("queued") != "shop.Second" || v.NamesIn("delayed") != "shop.Later" {
		t.Errorf("queued %q, delayed %q", v.NamesIn("queued"), v.NamesIn("delayed"))
	}
	end()
	stream.Until("it has ended", func(v dashtest.View) bool { return v.NamesIn("running") == "shop.First" })
	d := s.Data()
	if d.Stats["ran"] != 1 || d.Stats["delayed"] != 1 || len(d.Queued) != 1 || d.Queued[0].Handler != "Runner.Do" {
		t.Errorf("%+v", d)
	}
	if d.Running[0].ID != "" {
		t.Error("ids are shown, and there is nothing to do with them")
	}
}

func TestManyTasks(t *testing.T) {
	s := dashtest.Start(t)
	s.Do(func(bg *runtime.BackgroundTasks) {
		stop := make(chan bool)
		t.Cleanup(func() { close(stop) })
		bg.Add(func(context.Context) error { <-stop; return nil }, runtime.Named("shop.First"))
		for range 10_000 {
			bg.Add(func(context.Context) error { return nil }, runtime.Named("example.com/shop.Second"))
		}
	})
	stream := s.Watch()
	v := stream.Until("it runs", func(v dashtest.View) bool { return v.NamesIn("running") == "shop.First" })
	_, size := stream.Next()
	if size > 40_000 {
		t.Errorf("an event has %d bytes", size)
	}
	for _, sec := range v.Sections {
		if sec.Key == "queued" && (sec.Count != "10,000" || len(sec.Rows) != 50 || sec.More != "and 9,950 more") {
			t.Errorf("%s, %d rows, %q", sec.Count, len(sec.Rows), sec.More)
		}
	}
	answer, page := s.Get("")
	if answer.StatusCode != http.StatusOK || len(page) > 100_000 || !strings.Contains(page, "and 9,950 more") {
		t.Errorf("%s, %d bytes", answer.Status, len(page))
	}
	if d := s.Data(); len(d.Queued) != 100 || d.More["queued"] != 9900 {
		t.Errorf("%d in data.json, and %v", len(d.Queued), d.More)
	}
}

func TestTextsAreEscaped(t *testing.T) {
	s := dashtest.Start(t, dashboard.Arguments(), dashboard.Actions())
	def := adapter.NewTaskDef[struct{ Text string }]("<script>name</script>")
	const bad = "</pre><script>alert('text')</script>"
	def.Register(s.Runner, func(context.Context, struct{ Text string }) error { return errors.New(bad) })
	s.Do(func(bg *runtime.BackgroundTasks) { def.Enqueue(bg, struct{ Text string }{bad}, nil) })
	s.Add(func(context.Context) error { panic(bad) })
	s.Block("<script>runs</script>")
	s.Watch().Until("both have failed", func(v dashtest.View) bool { return strings.Count(v.NamesIn("failed"), " ") == 1 })
	pages := []string{"", "data.json"}
	for _, f := range s.Data().Failed {
		pages = append(pages, "failure?id="+f.ID)
	}
	for _, path := range append(pages, `failure?id="><script>x</script>`) {
		_, body := s.Get(path)
		if n := strings.Count(body, "<script"); n > 1 || n == 1 && !strings.Contains(body, `<script src="page.js"`) {
			t.Errorf("%s has %d scripts: %s", path, n, body)
		}
	}
}
