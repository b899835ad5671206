package dashboard

import (
	"embed"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// An Option changes what a page shows and allows.
type Option func(*dashboard)

// Actions lets whoever sees the page do something to tasks: try one again that has
// failed, run one now, cancel it or forget it, and pause a queue.
//
// A failed task of this process that can be tried again is kept with all that it holds,
// so with this option up to 200 of them stay in memory.
func Actions() Option { return func(d *dashboard) { d.mayAct = true } }

// Arguments shows the arguments of tasks. They may be what nobody should read on a
// page, so they are hidden without it.
func Arguments() Option { return func(d *dashboard) { d.arguments = true } }

// ReadOnly takes away what [Actions] allows, wherever it stands among the options. It is
// for a second page, with the options of the first one, for people who only look.
func ReadOnly() Option { return func(d *dashboard) { d.readOnly = true } }

// Authorize has check say who may see the page, before anything else of a request is
// looked at. Where it returns an error, that is answered: a *runtime.Problem as it
// is, any other error with the status that its method StatusCode returns, or else with
// 403, and without its text.
//
// A page that is behind a middleware which checks says so with a function that returns
// nil. Otherwise it warns that everybody can see it, in the log and on the page, where
// it is served at an address that is not of this machine alone.
func Authorize(check func(*http.Request) error) Option {
	return func(d *dashboard) { d.authorize = check }
}

// New is the page of a runner. Call it when the runner's fields are set and
// before the runner is used: it adds to Runner.OnError.
//
// The page has no login: see [Authorize].
func New(runner *runtime.Runner, opts ...Option) http.Handler {
	d := &dashboard{runner: runner, token: newToken()}
	for _, opt := range opts {
		opt(d)
	}
	d.mayAct = d.mayAct && !d.readOnly
	if d.arguments {
		runner.Core().KeepArgs()
	}
	d.sources = d.sourcesOf(runner)
	d.live.dashboard = d
	d.collectFailures()
	d.routes = map[string]route{
		"/page.js":   {http.MethodGet: asset("page.js", "text/javascript; charset=utf-8")},
		"/style.css": {http.MethodGet: asset("style.css", "text/css; charset=utf-8")},
		"/events":    {http.MethodGet: d.live.serve},
		"/bulk":      {http.MethodGet: d.serveBulk, http.MethodPost: d.action(d.bulk)},
		"/act":       {http.MethodPost: d.action(d.act)},
		"/pause":     {http.MethodPost: d.action(d.pause)},
		"/trigger":   {http.MethodPost: d.action(d.trigger)},
	}
	for _, p := range pages {
		d.routes["/"+p.path] = route{http.MethodGet: d.servePage(p)}
		d.routes["/"+p.json] = route{http.MethodGet: d.serveJSON(p)}
	}
	return d
}

type dashboard struct {
	runner    *runtime.Runner
	mayAct    bool
	readOnly  bool
	arguments bool
	authorize func(*http.Request) error
	routes    map[string]route
	foreign   http.CrossOriginProtection
	token     string // of the forms
	open      exposure
	sources   []*source

	failed  ring // attempts that were the last
	retried ring // attempts that were not
	live    live
}

// A route is what is served at a path below the place where the page is mounted, by
// method.
type route map[string]http.HandlerFunc

// policy lets the page load its own script and style, and talk to its own
// server. Nothing else: what a task's name or error contains cannot become more
// than text, even if the escaping should fail.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

func (d *dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if !d.authorized(w, r) {
		return
	}
	if r.URL.Path == "" {
		addSlash(w, r)
		return
	}
	found, ok := d.routes[r.URL.Path]
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	switch serve := found[method]; {
	case !ok:
		http.NotFound(w, r)
	case serve == nil:
		h.Set("Allow", found.allow())
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	default:
		serve(w, r)
	}
}

// allow is the methods of a route, as a header says them.
func (r route) allow() string {
	methods := slices.Sorted(maps.Keys(r))
	return strings.Replace(strings.Join(methods, ", "), "GET", "GET, HEAD", 1)
}

// addSlash sends the browser from /tasks to /tasks/, from where relative
// addresses lead into the page. What was stripped from the path is known from
// the request line only.
func addSlash(w http.ResponseWriter, r *http.Request) {
	asked, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	to := url.URL{Path: "./" + path.Base(asked.Path) + "/"}
	w.Header().Set("Location", to.String())
	w.WriteHeader(http.StatusPermanentRedirect)
}

//go:embed assets
var assets embed.FS

// asset serves a file of assets.
func asset(name, kind string) http.HandlerFunc {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(text)
	}
}
