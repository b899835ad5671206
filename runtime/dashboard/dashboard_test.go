package dashboard_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
		"list":             {200, "text/html; charset=utf-8"},
		"queues":           {200, "text/html; charset=utf-8"},
		"processes":        {200, "text/html; charset=utf-8"},
		"page.js":          {200, "text/javascript; charset=utf-8"},
		"style.css":        {200, "text/css; charset=utf-8"},
		"data.json":        {200, "application/json"},
		"list.json":        {200, "application/json"},
		"task?key=none":    {404, "text/html; charset=utf-8"},
		"task.json":        {404, "application/json"},
		"events?page=none": {404, "text/plain; charset=utf-8"},
		"assets/list.html": {404, "text/plain; charset=utf-8"},
		"none":             {404, "text/plain; charset=utf-8"},
		"act":              {405, "text/plain; charset=utf-8"},
		"bulk":             {403, "text/plain; charset=utf-8"},
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
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cache-Control":                "no-store",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%q: %s is %q", path, name, got)
			}
		}
	}
}

// everyPage is the addresses of all pages of a site on which a task has failed, and
// others wait.
func everyPage(s *dashtest.Site) []string {
	all := []string{"", "?range=day", "queues", "processes", "bulk?do=retry&stage=failed", "task?key=none&engine=this+process"}
	for _, stage := range []string{"running", "waiting", "delayed", "retrying", "failed", "done"} {
		all = append(all, "list?stage="+stage, "list?stage="+stage+"&text=none&name=none&queue=none")
		for _, task := range s.List("stage=" + stage).Tasks {
			if task.Key != "" {
				all = append(all, "task?engine=this+process&key="+task.Key)
			}
		}
	}
	return all
}

// Nothing of the page is written in it that the policy forbids, and nothing
// comes from elsewhere.
func TestPagesKeepTheirPolicy(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions(), dashboard.Arguments())
	s.Add(dashtest.Fails)
	s.Idle()
	s.Block("shop.Resize")
	for _, path := range everyPage(s) {
		_, text := s.Get(path)
		for _, bad := range []string{"style=", "<style", " on", "://", `href="/`, `src="/`, `action="/`, "javascript:"} {
			for line := range strings.Lines(text) {
				_, tag, _ := strings.Cut(line, "<")
				if strings.Contains(tag, bad) && (bad != " on" || strings.Contains(tag, " onclick")) {
					t.Errorf("%s: %q is in %s", path, bad, line)
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

func TestTextsAreEscaped(t *testing.T) {
	s := dashtest.Start(t, dashboard.Arguments(), dashboard.Actions())
	def := adapter.NewTaskDef[struct{ Text string }]("<script>name</script>")
	const bad = "</pre><script>alert('text')</script>"
	def.Register(s.Runner, func(context.Context, struct{ Text string }) error { return errors.New(bad) })
	s.Do(func(bg *runtime.BackgroundTasks) { def.Enqueue(bg, struct{ Text string }{bad}, nil) })
	s.Add(func(context.Context) error { panic(bad) })
	s.Idle()
	s.Block("<script>runs</script>")
	pages := append(everyPage(s), `task?engine="><script>x</script>&key="><script>x</script>`, `list?stage=failed&text="><script>x</script>&name=<script>&after=<script>`,
		"data.json", "list.json?stage=failed")
	for _, path := range pages {
		_, body := s.Get(strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22").Replace(path))
		if n := strings.Count(body, "<script"); n > 1 || n == 1 && !strings.Contains(body, `<script src="page.js"`) {
			t.Errorf("%s has %d scripts: %s", path, n, body)
		}
	}
	v, _ := s.Watch("list&stage=failed").Next()
	if strings.Contains(v.Main, "<script") || !strings.Contains(v.Main, "&lt;script") {
		t.Errorf("an event: %s", v.Main)
	}
}
