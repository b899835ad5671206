package scan

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

const tool = "bggen"

// A place is where a directive can stand.
type place uint8

const (
	onFunc place = 1 << iota
	onVar        // of func type
	onType
	onPackage
)

// A kind is one of the directives: all that is to be said of one stands in its
// entry of kinds.
type kind struct {
	name  string
	usage string // how it is written
	on    place
	home  string // where it belongs, for the hint of one that stands elsewhere

	role   Role // what it makes of a function; 0: none
	repeat bool // a function may have several

	words int                                      // how many arguments come before options
	needs string                                   // what these are, for one that lacks them
	read  func(*scanner, *target, directive) bool  // reads these; false: it has complained. nil: nothing to do
	more  []option                                 // what may follow
	end   func(s *scanner, t *target, d directive) // after all arguments; nil: nothing to do
}

// A target is what a directive stands on.
type target struct {
	place place
	f     *Func         // onFunc and onVar, and the task that a func type is
	spec  *ast.TypeSpec // onType

	read    int        // how many arguments of the directive that is read are no options
	routes  int        // of the route directive that is read: one for each method
	at      diag.Range // of the option that is read
	depend  Depend     // of a depends directive, while it is read
	param   ParamSpec  // of a param directive, likewise
	openAPI *OpenAPI   // of an openapi directive
	secure  Security   // of a security directive, while it is read
	enum    bool       // of a type directive
	schema  string     // likewise

	schedule Schedule // of an every or cron directive
}

const (
	aboveFunc    = "a directive belongs to the doc comment right above a function"
	aboveTask    = "it belongs to the doc comment right above a task"
	aboveStruct  = "it belongs to the doc comment right above the struct whose fields are app values"
	abovePackage = "it belongs to the doc comment right above the package clause of a file"
)

// kinds are the directives that there are.
var kinds = []*kind{
	{
		name: "route", usage: "//bggen:route [METHOD[,METHOD]] [HOST]/path [status=202] [maxbody=20MiB] [strict] [anytype] [emptylists] [stream=sse] [hidden]",
		on: onFunc, home: aboveFunc, role: Handler, repeat: true,
		words: 1, needs: "a path", read: (*scanner).route, more: routeOptions,
	},
	{
		name: "handler", usage: "//bggen:handler [/path]",
		on: onFunc, home: aboveFunc, role: Handler, read: (*scanner).handlerPath,
	},
	{
		name: "guard", usage: "//bggen:guard",
		on: onFunc | onVar, home: aboveFunc, role: Provider,
		end: func(_ *scanner, t *target, _ directive) { t.f.Guard = true },
	},
	{
		name: "without", usage: "//bggen:without Func",
		on: onFunc, home: "it belongs to the doc comment right above a handler", repeat: true,
		words: 1, needs: "the name of a guard", read: (*scanner).without,
	},
	{
		name: "prefix", usage: "//bggen:prefix /path",
		on: onPackage, home: abovePackage,
		words: 1, needs: "a path", read: (*scanner).prefix,
	},
	{
		name: "strict", usage: "//bggen:strict",
		on: onPackage, home: abovePackage,
		end: func(s *scanner, _ *target, d directive) { s.once(d, &s.pkg.Strict) },
	},
	{
		name: "emptylists", usage: "//bggen:emptylists",
		on: onPackage, home: abovePackage,
		end: func(s *scanner, _ *target, d directive) { s.once(d, &s.pkg.EmptyLists) },
	},
	{
		name: "provide", usage: "//bggen:provide [hold]",
		on: onFunc | onVar, home: aboveFunc, role: Provider,
		more: []option{{key: "hold", form: word, set: func(t *target, _ string) bool { t.f.Hold = true; return true }}},
	},
	{
		name: "task", usage: "//bggen:task [name=some.name] [engine=] [queue=] [timeout=30s] [attempts=5] [backoff=1s] [limit=2] [args=a,b] [was=old.name]",
		on: onFunc | onType, home: aboveFunc, role: Task, more: taskOptions,
	},
	{
		name: "every", usage: "//bggen:every 15m [jitter=1m] [missed=1h] [overlap] [once]",
		on: onFunc, home: aboveTask, repeat: true,
		words: 1, needs: "a period", read: (*scanner).every, more: everyOptions, end: (*scanner).addSchedule,
	},
	{
		name: "cron", usage: `//bggen:cron "30 2 * * 1-5" [tz=Europe/Berlin] [jitter=1m] [missed=1h] [overlap] [once]`,
		on: onFunc, home: aboveTask, repeat: true,
		words: 1, needs: "an expression", read: (*scanner).cron, more: cronOptions, end: (*scanner).addSchedule,
	},
	{
		name: "app", usage: "//bggen:app",
		on: onType, home: aboveStruct, end: (*scanner).app,
	},
	{
		name: "type", usage: "//bggen:type [enum] [min=] [max=] [gt=] [lt=] [multiple=] [minlen=] [maxlen=] [pattern=] [schema=]",
		on: onType, home: "it belongs to the doc comment right above a defined type", more: typeOptions, end: (*scanner).limitedType,
	},
	{
		name: "answers", usage: `//bggen:answers 404 409="there is not enough of it"`,
		on: onFunc | onVar, home: aboveFunc, repeat: true,
		words: 1, needs: "a status", read: (*scanner).answers,
	},
	{
		name: "security", usage: "//bggen:security oauth2 FLOW [authorize=URL] [token=URL] [refresh=URL], or //bggen:security openIdConnect URL",
		on: onFunc | onVar, home: "it belongs to the doc comment right above a guard or a provider", repeat: true,
		words: 2, needs: "oauth2 and a flow, or openIdConnect and an address", read: (*scanner).security, more: securityOptions, end: (*scanner).addSecurity,
	},
	{
		name: "scopes", usage: `//bggen:scopes orders:read orders:write="Change your orders"`,
		on: onFunc | onVar, home: aboveFunc, repeat: true,
		words: 1, needs: "a scope", read: (*scanner).scopes,
	},
	{
		name: "openapi", usage: "//bggen:openapi openapi.json [title=] [version=] [server=] [license=]",
		on: onPackage, home: abovePackage,
		words: 1, needs: "the name of a file", read: (*scanner).openAPI, more: openAPIOptions,
	},
	{
		name: "openapi-package", usage: "//bggen:openapi-package ./dir [/mount]",
		on: onPackage, home: abovePackage, repeat: true,
		words: 1, needs: "the directory of a package", read: (*scanner).openAPIPackage,
	},
	{
		name: "use", usage: "//bggen:use import/path",
		on: onPackage, home: abovePackage, repeat: true,
		words: 1, needs: "the path of one package", read: (*scanner).use,
	},
	{
		name: "depends", usage: "//bggen:depends [param=]Func [fresh]",
		on: onFunc | onVar | onType | onPackage, home: aboveFunc, repeat: true,
		words: 1, needs: "a function", read: (*scanner).depends, end: (*scanner).addDepend,
		more: []option{{key: "fresh", form: word, set: func(t *target, _ string) bool {
			t.depend.Fresh = true
			return t.depend.Param != ""
		}}},
	},
	{
		name: "param", usage: "//bggen:param NAME [path|query|header|cookie|form|body][=NAME] [default=] [min=] [max=] [gt=] [lt=] [multiple=] [minlen=] [maxlen=] [pattern=] [enum=a|b] [example=] [doc=]",
		on: onFunc | onVar, home: aboveFunc, repeat: true,
		words: 1, needs: "the name of a parameter", read: (*scanner).paramSpec, more: paramOptions, end: (*scanner).addParam,
	},
}

// kindOf is the kind of that name, nil if there is none.
func kindOf(name string) *kind {
	if i := slices.IndexFunc(kinds, func(k *kind) bool { return k.name == name }); i >= 0 {
		return kinds[i]
	}
	return nil
}

// kindNames are the names of the directives, sorted.
func kindNames() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	slices.Sort(names)
	return names
}

// A directive is one //bggen: comment.
type directive struct {
	diag.Range
	name string
	kind *kind // nil: there is no such directive
	args []argument
	bad  bool // its arguments could not be read; that has been reported
}

func (d directive) String() string { return "//" + tool + ":" + d.name }

// directive reads a comment.
func (s *scanner) directive(c *ast.Comment) (directive, bool) {
	parsed, ok := ast.ParseDirective(c.Slash, c.Text)
	if !ok || parsed.Tool != tool {
		return directive{}, false
	}
	s.pkg.Directives = true
	d := directive{Range: s.rangeOf(c.Pos(), c.End()), name: parsed.Name, kind: kindOf(parsed.Name)}
	s.arguments(&d, parsed.Args, parsed.ArgsPos)
	return d, true
}

// known reports whether d is a directive, and complains if it is not.
func (s *scanner) known(d directive) bool {
	if d.kind != nil {
		return true
	}
	report := s.report(diag.New(diag.UnknownDirective, d.Range, "there is no directive %s", d))
	if like := diag.Nearest(d.name, kindNames()); like != "" {
		report.WithHint("did you mean //%s:%s?", tool, like)
	} else {
		report.WithHint("the directives are %s", strings.Join(kindNames(), ", "))
	}
	return false
}

// apply has d say of t what it says.
func (s *scanner) apply(t *target, d directive) {
	k := d.kind
	if d.bad {
		return
	}
	if len(d.args) < k.words {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s needs %s", d, k.needs).
			WithHint("it is written %s", k.usage))
		return
	}
	t.read = k.words
	if k.read != nil && !k.read(s, t, d) {
		return
	}
	s.options(t, d, t.read)
	if k.end != nil {
		k.end(s, t, d)
	}
}

// applyAll gives f the role that its directives say.
func (s *scanner) applyAll(f *Func, where place, list []directive) {
	var first directive // the one that gave f its role
	t := &target{place: where, f: f}
	for _, d := range list {
		switch {
		case !s.known(d) || d.bad:
			f.faulty = true // no handler by its signature either
			continue
		case d.kind.on&where == 0:
			f.faulty = true
			noun := "function"
			if where == onVar {
				noun = "variable"
			}
			s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on a %s", d, noun).WithHint("%s", d.kind.home))
			continue
		case d.kind.role == 0:
		case f.Role != 0 && (d.kind != first.kind || !d.kind.repeat):
			s.report(diag.New(diag.DirectiveConflict, d.Range, "%s beside %s, %s", d, first, at(first.Start)).
				WithHint("a function has one role; only routes may be repeated"))
			continue
		case f.Role == 0:
			first, f.Role = d, d.kind.role
		}
		s.apply(t, d)
	}
}

func at(p token.Position) string { return fmt.Sprintf("line %d", p.Line) }

// misplaced complains of a directive that stands where it means nothing: c is
// its comment, nil where it stands on the package clause.
func (s *scanner) misplaced(file *ast.File, c *ast.Comment, d directive) {
	if !s.known(d) {
		return
	}
	if d.kind.on&onFunc == 0 {
		noun := "package clause"
		if d.kind.on&onType != 0 {
			noun = "struct type"
		}
		s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on no %s", d, noun).WithHint("%s", d.kind.home))
		return
	}
	report := s.report(diag.New(diag.MisplacedDirective, d.Range, "%s stands on no function", d))
	if c == nil {
		report.WithHint("a package clause takes %s; other directives belong to the doc comment right above a function", packageKinds())
	} else if next := s.declAfter(file, c.End()); next != nil {
		report.WithHint("%s: no blank line between it and func %s, line %d", d.kind.home, next.Name.Name, s.load.Fset.Position(next.Pos()).Line)
	} else {
		report.WithHint("%s", d.kind.home)
	}
}

// packageKinds are the directives of a package clause, as a list in words.
func packageKinds() string {
	var list []string
	for _, k := range kinds {
		if k.on&onPackage != 0 {
			list = append(list, "//"+tool+":"+k.name)
		}
	}
	slices.Sort(list)
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " and " + list[last]
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
