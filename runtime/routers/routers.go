// Package routers lets generated code register its routes with routers other
// than [http.ServeMux]. It imports none of them: a [Style] says how a router
// writes wildcards, and a function of yours hands each route to it. For gin:
//
//	mux := routers.Colon.Mux(func(method, path string, names []string, h http.Handler) {
//		engine.Handle(method, path, func(c *gin.Context) {
//			for _, name := range names {
//				c.Request.SetPathValue(name, c.Param(name))
//			}
//			h.ServeHTTP(c.Writer, c.Request)
//		})
//	})
//	articles.Register(mux, &runner, app)
//
// The routes match the same requests as they do on an http.ServeMux, with two
// exceptions, which come from the router: how it treats an escaped slash (%2F),
// and whether it redirects /a to /a/. Where a router cannot serve a pattern, Mux
// panics when the route is registered; it never serves other URLs in silence.
package routers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Style is how a router writes wildcards, and what it does with them. In One
// and Rest, NAME stands for the name of the wildcard.
type Style struct {
	// One is a wildcard for one segment of the path, {id} for net/http.
	One string

	// Rest is a wildcard for the rest of the path, {path...} for net/http. If it
	// has no NAME, the router calls the value "*".
	Rest string

	// FirstMatch is set if the router takes the route that was registered first,
	// not the most specific one that matches.
	FirstMatch bool

	// Escaping says when the router gives values as they were escaped in the URL.
	Escaping Escaping
}

// Escaping is when a router gives values as they were escaped in the URL.
type Escaping int

// The three ways that routers have.
const (
	Never  Escaping = iota // values are plain text
	Rarely                 // only where URL.RawPath is set: there is an escaped slash, for example
	Always
)

// The styles of well-known routers.
var (
	Colon     = Style{One: ":NAME", Rest: "*NAME"}                                          // gin, httprouter
	ColonStar = Style{One: ":NAME", Rest: "*"}                                              // echo
	Fiber     = Style{One: ":NAME", Rest: "*", FirstMatch: true, Escaping: Always}          // fiber
	Chi       = Style{One: "{NAME}", Rest: "*", Escaping: Rarely}                           // chi
	Gorilla   = Style{One: "{NAME}", Rest: "{NAME:.*}", FirstMatch: true, Escaping: Always} // gorilla/mux, with UseEncodedPath
)

// A Mux takes the routes of generated code. See [Style.Mux].
type Mux struct {
	style  Style
	handle func(method, path string, names []string, h http.Handler)
	known  []route
}

// Mux returns a mux that hands every route to handle, with the path in the
// router's style. For each name, handle has to give the router's value to
// [http.Request.SetPathValue] before h serves the request. A route for GET is
// handed over for HEAD too, and one without a method for every method that RFC
// 9110 and RFC 5789 define, CONNECT and TRACE excepted.
func (s Style) Mux(handle func(method, path string, names []string, h http.Handler)) *Mux {
	return &Mux{style: s, handle: handle}
}

// Handle registers a handler for a pattern of net/http. It panics if the router
// cannot serve the pattern as an http.ServeMux does.
func (m *Mux) Handle(pattern string, h http.Handler) {
	r := parse(pattern)
	if m.style.FirstMatch {
		for _, other := range m.known {
			if other.hides(r) {
				panic(fmt.Sprintf("routers: %q would never be served: this router takes the first route that matches, and %q is registered already. Register the package or route with %q first", pattern, other.pattern, pattern))
			}
		}
		m.known = append(m.known, r)
	}
	path, names := m.style.path(r)
	h = m.style.values(r, h)
	for _, method := range r.methods() {
		m.handle(method, path, names, h)
	}
}

// A route is a pattern of net/http in its parts.
type route struct {
	pattern  string
	method   string // "": any
	segments []segment
}

// A segment of a path: text, a wildcard, or both empty after the last slash of
// a path that ends in {$}.
type segment struct {
	text string
	name string // of a wildcard
	rest bool   // the wildcard takes all that follows; without a name, for a path that ends in a slash
}

// parse splits a pattern, which bggen has checked.
func parse(pattern string) route {
	r := route{pattern: pattern}
	path := pattern
	if method, rest, ok := strings.Cut(pattern, " "); ok {
		r.method, path = method, strings.TrimLeft(rest, " \t")
	}
	if !strings.HasPrefix(path, "/") {
		panic(fmt.Sprintf("routers: the pattern %q has a host, of which this router knows nothing: select hosts before the router, and take the host away from the route", pattern))
	}
	for text := range strings.SplitSeq(path[1:], "/") {
		name, wildcard := strings.CutPrefix(text, "{")
		name = strings.TrimSuffix(name, "}")
		switch {
		case text == "{$}":
			r.segments = append(r.segments, segment{})
		case text == "": // a trailing slash: net/http serves all that follows
			r.segments = append(r.segments, segment{rest: true})
		case wildcard && strings.HasSuffix(name, "..."):
			r.segments = append(r.segments, segment{name: strings.TrimSuffix(name, "..."), rest: true})
		case wildcard:
			r.segments = append(r.segments, segment{name: name})
		default:
			r.segments = append(r.segments, segment{text: text})
		}
	}
	return r
}

func (r route) methods() []string {
	switch r.method {
	case "":
		return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
	case "GET":
		return []string{"GET", "HEAD"}
	}
	return []string{r.method}
}

// hides reports whether every request that later serves is served by r.
func (r route) hides(later route) bool {
	if !slices.ContainsFunc(later.methods(), func(m string) bool { return slices.Contains(r.methods(), m) }) {
		return false
	}
	for i, s := range r.segments {
		switch {
		case s.rest:
			return true
		case i >= len(later.segments) || later.segments[i].rest:
			return false
		case s.name == "" && s != later.segments[i]:
			return false
		case s.name != "" && later.segments[i] == segment{}:
			return false
		}
	}
	return len(r.segments) == len(later.segments)
}

// unnamed is what a wildcard is called for a path that ends in a slash, in
// routers that want a name.
const unnamed = "rest"

// path writes the path of a route in style s, with the names by which the
// router knows the values of its wildcards.
func (s Style) path(r route) (path string, names []string) {
	for _, seg := range r.segments {
		path += "/"
		switch {
		case seg.rest:
			path += strings.ReplaceAll(s.Rest, "NAME", nameOf(seg))
			names = append(names, s.key(seg))
		case seg.name != "":
			path += strings.ReplaceAll(s.One, "NAME", seg.name)
			names = append(names, seg.name)
		default:
			path += seg.text
		}
	}
	return path, names
}

func nameOf(seg segment) string {
	if seg.name == "" {
		return unnamed
	}
	return seg.name
}

// key is the name by which the router knows the value of a wildcard.
func (s Style) key(seg segment) string {
	if seg.rest && !strings.Contains(s.Rest, "NAME") {
		return "*"
	}
	return nameOf(seg)
}

// values has h see the values of wildcards as an http.ServeMux sets them:
// unescaped, under their own names, and without the slash that some routers
// leave in front of the rest of a path.
func (s Style) values(r route, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		for _, seg := range r.segments {
			if seg.name == "" {
				continue
			}
			value := req.PathValue(s.key(seg))
			if seg.rest {
				value = strings.TrimPrefix(value, "/")
			}
			if s.Escaping == Always || s.Escaping == Rarely && req.URL.RawPath != "" {
				if plain, err := url.PathUnescape(value); err == nil {
					value = plain
				}
			}
			req.SetPathValue(seg.name, value)
		}
		req.Pattern = r.pattern
		h.ServeHTTP(w, req)
	})
}
