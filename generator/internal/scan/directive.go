package scan

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bggen/bggen/generator/internal/diag"
)

const tool = "bggen"

// directives are the ones there are, with how each is written.
var directives = map[string]string{
	"route":   "//bggen:route METHOD [HOST]/path [status=202] [maxbody=20MiB]",
	"handler": "//bggen:handler",
	"provide": "//bggen:provide [hold]",
	"task":    "//bggen:task [name=some.name] [engine=] [queue=] [timeout=30s] [attempts=5] [backoff=1s] [limit=2]; on a func type: [args=a,b]",
	"app":     "//bggen:app",
	"use":     "//bggen:use import/path",
	"depends": "//bggen:depends [param=]Func [fresh]",
	"param":   "//bggen:param NAME [path|query|header|cookie|form][=NAME] [default=] [min=] [max=] [minlen=] [maxlen=] [pattern=] [enum=a|b]",
}

// A directive is one //bggen: comment.
type directive struct {
	diag.Range
	name string
	args []argument
	bad  bool // its arguments could not be read; that has been reported
}

// An argument is a word of a directive, or key=value.
type argument struct {
	diag.Range
	text string
}

// directive reads a comment.
func (s *scanner) directive(c *ast.Comment) (directive, bool) {
	parsed, ok := ast.ParseDirective(c.Slash, c.Text)
	if !ok || parsed.Tool != tool {
		return directive{}, false
	}
	d := directive{Range: s.rangeOf(c.Pos(), c.End()), name: parsed.Name}
	args, err := parsed.ParseArgs()
	if err != nil {
		d.bad = true
		s.report(diag.New(diag.DirectiveArgument, d.Range, "the arguments of %s cannot be read: %v", d, err).
			WithHint("an argument with a space in it is quoted as a whole: \"pattern=^[a-z ]+$\""))
	}
	for _, arg := range args {
		end := arg.Pos + token.Pos(len(arg.Arg))
		if strings.ContainsFunc(arg.Arg, unicode.IsControl) {
			d.bad = true
			s.report(diag.New(diag.DirectiveArgument, s.rangeOf(arg.Pos, end), "an argument of %s has a control character in it", d).
				WithHint("an argument is one line of text"))
		}
		d.args = append(d.args, argument{s.rangeOf(arg.Pos, end), arg.Arg})
	}
	return d, true
}

func (d directive) String() string { return "//" + tool + ":" + d.name }

// misplaced complains of a directive that stands on no function.
func (s *scanner) misplaced(file *ast.File, c *ast.Comment, d directive) {
	if s.unknown(d) {
		return
	}
	if d.name == "app" {
		s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on no struct type", d).
			WithHint("it belongs to the doc comment right above the struct whose fields are app values"))
		return
	}
	if d.name == "use" {
		s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on no package clause", d).
			WithHint("it belongs to the doc comment right above the package clause of a file"))
		return
	}
	report := s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on no function", d))
	if c == nil { // on the package clause
		report.WithHint("a package clause takes //%s:depends and //%[1]s:use; other directives belong to the doc comment right above a function", tool)
	} else if next := s.declAfter(file, c.End()); next != nil {
		name := next.Name.Name
		report.WithHint("a directive belongs to the doc comment right above a function: no blank line between it and func %s, line %d",
			name, s.load.Fset.Position(next.Pos()).Line)
	} else {
		report.WithHint("a directive belongs to the doc comment right above a function")
	}
}

// declAfter is the function that begins after pos, if nothing else does before.
func (s *scanner) declAfter(file *ast.File, pos token.Pos) *ast.FuncDecl {
	for _, decl := range file.Decls {
		if decl.Pos() > pos {
			fn, _ := decl.(*ast.FuncDecl)
			return fn
		}
		if decl.End() > pos || s.load.Fset.Position(decl.End()).Line == s.load.Fset.Position(pos).Line {
			return nil // inside of a declaration, or behind one
		}
	}
	return nil
}

func (s *scanner) unknown(d directive) bool {
	if _, ok := directives[d.name]; ok {
		return false
	}
	names := make([]string, 0, len(directives))
	for name := range directives {
		names = append(names, name)
	}
	slices.Sort(names)
	report := s.report(diag.New(diag.UnknownDirective, d.Range, "there is no directive %s", d))
	if like := diag.Nearest(d.name, names); like != "" {
		report.WithHint("did you mean //%s:%s?", tool, like)
	} else {
		report.WithHint("the directives are %s", strings.Join(names, ", "))
	}
	return true
}

// apply gives f the role its directives say.
func (s *scanner) apply(f *Func, list []directive) {
	var first directive // the one that gave f its role
	for _, d := range list {
		if s.unknown(d) || d.bad {
			f.faulty = true // no handler by its signature either
			continue
		}
		if d.name == "app" {
			f.faulty = true
			s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on a function", d).
				WithHint("it belongs to the struct whose fields are app values"))
			continue
		}
		if d.name == "use" {
			f.faulty = true
			s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on a function", d).
				WithHint("it belongs to the doc comment right above the package clause of a file"))
			continue
		}
		if d.name == "depends" {
			if dep, ok := s.depends(d, true); ok {
				f.Depends = append(f.Depends, dep)
			}
			continue
		}
		if d.name == "param" {
			s.paramSpec(f, d)
			continue
		}
		role := map[string]Role{"route": Handler, "handler": Handler, "provide": Provider, "task": Task}[d.name]
		if f.Role != 0 && (role != f.Role || d.name != "route" || first.name != "route") {
			s.report(diag.New(diag.DirectiveConflict, d.Range, "%s beside %s, %s", d, first, at(first.Start)).
				WithHint("a function has one role; only routes may be repeated"))
			continue
		}
		if f.Role == 0 {
			first = d
		}
		f.Role = role
		s.arguments(f, d)
	}
}

func at(p token.Position) string { return fmt.Sprintf("line %d", p.Line) }

// arguments reads the arguments of d.
func (s *scanner) arguments(f *Func, d directive) {
	if d.name == "route" {
		s.route(f, d)
		return
	}
	for _, arg := range d.args {
		switch {
		case d.name == "provide" && arg.text == "hold" && !f.Hold:
			f.Hold = true
		case d.name == "task":
			s.taskOption(&f.Task, d, arg)
		default:
			s.badArgument(d, arg)
		}
	}
}

func (s *scanner) badArgument(d directive, arg argument) {
	s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s takes no argument %q", d, arg.text).
		WithHint("it is written %s", directives[d.name]))
}

// route reads METHOD [HOST]/path and options.
func (s *scanner) route(f *Func, d directive) {
	if len(d.args) < 2 || !isMethod(d.args[0].text) || !strings.Contains(d.args[1].text, "/") {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s needs a method and a path", d).
			WithHint("%s", routeHint(d)))
		return
	}
	r := Route{Range: diag.Range{Start: d.args[0].Start, End: d.args[1].End}, Pattern: d.args[0].text + " " + d.args[1].text}
	r.Wildcards = wildcards(d.args[1])
	s.foreignWildcards(d.args[1])
	for _, arg := range d.args[2:] {
		s.routeOption(&r, d, arg)
	}
	f.Routes = append(f.Routes, r)
}

func (s *scanner) routeOption(r *Route, d directive, arg argument) {
	key, value, _ := strings.Cut(arg.text, "=")
	var ok, twice bool
	var want string
	switch key {
	case "status":
		twice, want = r.Status != 0, "a status from 200 to 399"
		r.Status, ok = status(value)
	case "maxbody":
		twice, want = r.MaxBody != 0, "a number of bytes, such as 512KiB, 20MiB or 1GiB"
		r.MaxBody, ok = size(value)
	default:
		s.badArgument(d, arg)
		return
	}
	if twice {
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s= is given twice", key).WithHint("keep one of them"))
	} else if !ok {
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s= is not %s", key, want).
			WithHint("%s= takes %s", key, want))
	}
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
		case strings.Contains(method, ","):
			return "write a directive for each method"
		case !isMethod(method) && isMethod(strings.ToUpper(method)):
			return "methods are in capitals: " + strings.ToUpper(method)
		case isMethod(method):
			return "a path begins with a slash: /" + path
		}
	}
	return "it is written " + directives[d.name]
}

// otherWildcard is a wildcard as other routers write it.
var otherWildcard = regexp.MustCompile(`/(?::(\w+)|<(?:\w+:)?(\w+)>|\*(\w+))(?:/|$)`)

// foreignWildcards reports what net/http would take literally.
func (s *scanner) foreignWildcards(arg argument) {
	if m := otherWildcard.FindStringSubmatch(arg.text); m != nil {
		name := cmp.Or(m[1], m[2])
		if m[3] != "" {
			name = m[3] + "..."
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
			list = append(list, Wildcard{diag.Range{Start: start, End: stop}, name})
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
