package scan

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// route reads [METHOD[,METHOD]] and [HOST]/path.
func (s *scanner) route(t *target, d directive) bool {
	methods, path := []string{""}, d.args[0]
	if !strings.Contains(path.text, "/") && len(d.args) > 1 {
		methods, path, t.read = strings.Split(path.text, ","), d.args[1], 2
	}
	if !strings.Contains(path.text, "/") || t.read == 2 && slices.ContainsFunc(methods, func(m string) bool { return !isMethod(m) }) {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s needs a path, with a method before it or none", d).
			WithHint("%s", routeHint(d)))
		return false
	}
	s.foreignWildcards(path)
	t.routes = len(methods)
	for _, method := range methods {
		t.f.Routes = append(t.f.Routes, Route{
			Range:     diag.Range{Start: d.args[0].Start, End: path.End},
			Pattern:   strings.TrimSpace(method + " " + path.text),
			Wildcards: wildcards(path),
		})
	}
	return true
}

// handlerPath reads the path of a handler that has no route: it says which
// wildcards there are.
func (s *scanner) handlerPath(t *target, d directive) bool {
	if len(d.args) == 0 || !strings.HasPrefix(d.args[0].text, "/") {
		return true // an argument is one too many
	}
	t.read = 1
	s.foreignWildcards(d.args[0])
	t.f.Path = wildcards(d.args[0])
	return true
}

// routeOptions are those of the routes that were read last.
var routeOptions = []option{
	{key: "status", want: "a status from 200 to 399", set: func(t *target, value string) (ok bool) {
		for _, r := range t.lastRoutes() {
			r.Status, ok = status(value)
		}
		return ok
	}},
	{key: "maxbody", want: "a number of bytes, such as 512KiB, 20MiB or 1GiB", set: func(t *target, value string) (ok bool) {
		for _, r := range t.lastRoutes() {
			r.MaxBody, ok = size(value)
		}
		return ok
	}},
	{key: "stream", want: "sse", set: func(t *target, value string) bool {
		for _, r := range t.lastRoutes() {
			r.Events = true
		}
		return value == "sse"
	}},
	routeWord("strict", func(r *Route) *bool { return &r.Strict }),
	routeWord("anytype", func(r *Route) *bool { return &r.AnyType }),
	routeWord("emptylists", func(r *Route) *bool { return &r.EmptyLists }),
	routeWord("hidden", func(r *Route) *bool { return &r.Hidden }),
}

// routeWord is a word that says something of the routes that it stands with.
func routeWord(key string, said func(*Route) *bool) option {
	return option{key: key, form: word, set: func(t *target, _ string) bool {
		for _, r := range t.lastRoutes() {
			*said(r) = true
		}
		return true
	}}
}

// lastRoutes are those of the directive that is read: one for each method.
func (t *target) lastRoutes() (list []*Route) {
	for i := len(t.f.Routes) - t.routes; i < len(t.f.Routes); i++ {
		list = append(list, &t.f.Routes[i])
	}
	return list
}

// isMethod reports whether s is a method as they are written: GET, M-SEARCH.
func isMethod(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '-' }) < 0
}

// routeHint says what is wrong with a method or a path, or how both are written.
func routeHint(d directive) string {
	if len(d.args) >= 2 {
		method, path := d.args[0].text, d.args[1].text
		switch {
		case !isMethod(method) && isMethod(strings.ToUpper(method)):
			return "methods are in capitals: " + strings.ToUpper(method)
		case isMethod(method):
			return "a path begins with a slash: /" + path
		}
	}
	return "it is written " + d.kind.usage
}

// otherWildcard is a wildcard as other routers write it.
var otherWildcard = regexp.MustCompile(`/(?::(\w+)|<(?:\w+:)?(\w+)>|\*(\w*))(?:/|$)`)

// foreignWildcards reports what net/http would take literally.
func (s *scanner) foreignWildcards(arg argument) {
	if m := otherWildcard.FindStringSubmatch(arg.text); m != nil {
		name := cmp.Or(m[1], m[2])
		if name == "" {
			name = cmp.Or(m[3], "path") + "..."
		}
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s would be taken literally", strings.Trim(m[0], "/")).
			WithHint("net/http writes {%s}", name))
	}
}

// wildcards are the named wildcards of a pattern. net/http checks the pattern
// itself later.
func wildcards(arg argument) []Wildcard {
	var list []Wildcard
	_, path, _ := strings.Cut(arg.text, "/")
	offset := len(arg.text) - len(path)
	for {
		open := strings.IndexByte(path, '{')
		if open < 0 {
			return list
		}
		end := strings.IndexByte(path[open:], '}')
		if end < 0 {
			return list
		}
		name := strings.TrimSuffix(path[open+1:open+end], "...")
		if name != "$" {
			start, stop := arg.Start, arg.Start
			start.Column += offset + open
			stop.Column += offset + open + end + 1
			list = append(list, Wildcard{Range: diag.Range{Start: start, End: stop}, Name: name})
		}
		offset += open + end + 1
		path = path[open+end+1:]
	}
}

// status reads a status that a handler that succeeded may answer with.
func status(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 200 && n <= 399
}

// size reads a number of bytes such as 1048576, 512KiB, 20MiB, 1GiB.
func size(s string) (int64, bool) {
	shift := 0
	for i, suffix := range []string{"KiB", "MiB", "GiB"} {
		if number, ok := strings.CutSuffix(s, suffix); ok {
			s, shift = number, 10*(i+1)
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n << shift, err == nil && n > 0 && n <= math.MaxInt64>>shift
}
