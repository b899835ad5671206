package dashboard

import (
	"embed"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// An Option changes what a page shows and allows.
type Option func(*dashboard)

// Actions lets whoever sees the page run a failed task again, and cancel one
// that has not ended. Both are POST requests, which a browser is refused when
// another site has sent it (see [http.CrossOriginProtection]).
//
// A failed task that can be run again is kept with all that it holds, so with
// this option up to 200 of them stay in memory.
func Actions() Option { return func(d *dashboard) { d.actions = true } }

// Arguments shows the arguments of portable tasks: they may be what nobody should
// read on a page, so they are hidden without it.
func Arguments() Option { return func(d *dashboard) { d.arguments = true } }

// New is the page of a runner. Call it when the runner's fields are set and
// before the runner is used: it adds to Runner.OnError.
//
// The page has no login. Put it behind the one that you have, or on an address
// that only you can reach.
func New(runner *runtime.Runner, opts ...Option) http.Handler {
	d := &dashboard{runner: runner, rates: newRates(), stores: storesOf(runner)}
	for _, opt := range opts {
		opt(d)
	}
	d.live.dashboard = d
	if d.arguments {
		runner.Core().KeepArgs()
	}
	d.collectFailures()
	d.routes = map[string]route{
		"/":          {http.MethodGet, d.servePage},
		"/failure":   {http.MethodGet, d.serveFailure},
		"/data.json": {http.MethodGet, d.serveData},
		"/events":    {http.MethodGet, d.live.serve},
		"/page.js":   {http.MethodGet, asset("page.js", "text/javascript; charset=utf-8")},
		"/style.css": {http.MethodGet, asset("style.css", "text/css; charset=utf-8")},
		"/retry":     {http.MethodPost, d.action(d.retry)},
		"/cancel":    {http.MethodPost, d.action(d.cancel)},
	}
	return d
}

type dashboard struct {
	runner    *runtime.Runner
	actions   bool
	arguments bool
	routes    map[string]route
	foreign   http.CrossOriginProtection
	stores    []*store

	failed  ring // in their last attempt
	retried ring // failed, and tried again
	rates   *rates
	live    live
}

// A route is what is served at a path below the place where the page is mounted.
type route struct {
	method string
	serve  http.HandlerFunc
}

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
	h.Set("Cache-Control", "no-store")
	if r.URL.Path == "" {
		addSlash(w, r)
		return
	}
	found, ok := d.routes[r.URL.Path]
	switch {
	case !ok:
		http.NotFound(w, r)
	case r.Method == found.method, r.Method == http.MethodHead && found.method == http.MethodGet:
		found.serve(w, r)
	default:
		h.Set("Allow", strings.Replace(found.method, "GET", "GET, HEAD", 1))
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
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
