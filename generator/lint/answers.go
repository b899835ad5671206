package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/tools/go/analysis"
)

// checkAnswers compares what functions declare to answer with what they make.
func (l *linter) checkAnswers() {
	for _, f := range l.answering() {
		l.checkAnswersOf(f)
	}
}

// answering are the functions whose answers are compared: those that declare some,
// and where one of the package does, or it has a document, all others for which it
// would be right.
func (l *linter) answering() (list []*scan.Func) {
	all := l.read.OpenAPI != nil
	for _, f := range l.read.ByName {
		all = all || len(f.Answers) > 0
	}
	for _, name := range slices.Sorted(maps.Keys(l.read.ByName)) {
		f := l.read.ByName[name]
		if len(f.Answers) > 0 || all && (f.Role == scan.Handler || f.Role == scan.Provider) {
			list = append(list, f)
		}
	}
	return list
}

// checkAnswersOf compares what one function declares with what it makes.
func (l *linter) checkAnswersOf(f *scan.Func) {
	code := l.nodeOf(f)
	if code == nil {
		return // a variable that is given its value elsewhere
	}
	around := &needed{may: *newMay(), declared: map[int]bool{}}
	l.addNeeds(around, f, map[*scan.Func]bool{f: true})
	made := l.madeBy(f)
	var more []int
	for _, status := range slices.Sorted(maps.Keys(made)) {
		if !around.declared[status] && !slices.ContainsFunc(f.Answers, func(a scan.Answer) bool { return a.Status == status }) {
			more = append(more, status)
		}
	}
	var less []scan.Answer
	if around.join(l.mayOf(code)); !around.unknown && !answersByItself(f) {
		for _, a := range f.Answers {
			if !around.statuses[a.Status] && !ofAdapter(a.Status) {
				less = append(less, a)
			}
		}
	}
	if len(more)+len(less) == 0 {
		return
	}
	fixes := l.declare(f, more, less)
	for _, a := range less {
		l.Report(analysis.Diagnostic{Pos: l.posOf(f, a.Start), End: l.posOf(f, a.End), SuggestedFixes: fixes,
			Message: fmt.Sprintf("%d is declared and never made", a.Status)})
	}
	for _, status := range more {
		at := l.whole(f, made[status])
		l.Report(analysis.Diagnostic{Pos: at.Pos(), End: at.End(), SuggestedFixes: fixes,
			Message: fmt.Sprintf("%s answers %d, which is not declared", f.FullName(), status)})
	}
}

// answersByItself reports whether the result of a function is a handler, which writes
// what it likes.
func answersByItself(f *scan.Func) bool {
	return len(f.Results) > 0 && isNamed(f.Results[0], "net/http", "Handler")
}

// ofAdapter reports whether an adapter answers with a status by itself. A function
// may declare it to say more.
func ofAdapter(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable:
		return true
	}
	return false
}

// madeBy are the statuses that a function is sure to make, and where.
func (l *linter) madeBy(f *scan.Func) map[int]token.Pos {
	if f.Object != nil {
		return l.makes(l.prog.FuncValue(f.Object)).found
	}
	return nil
}

// nodeOf is the code of a function, nil if there is none.
func (l *linter) nodeOf(f *scan.Func) ast.Node {
	if f.Object != nil {
		return l.codeOf(f.Object)
	}
	return l.codeOf(l.Pkg.Scope().Lookup(f.Name))
}

// whole is the expression of a function that stands at a position: a call, or the
// value of a struct.
func (l *linter) whole(f *scan.Func, pos token.Pos) ast.Node {
	decl := l.decls[f.Object]
	found := first(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			return n.Lparen == pos
		case *ast.CompositeLit:
			return n.Lbrace == pos
		case *ast.ReturnStmt:
			return n.Return == pos
		}
		return false
	})
	if found == nil {
		return decl.Name
	}
	return found
}

func (l *linter) posOf(f *scan.Func, at token.Position) token.Pos {
	return l.Fset.File(l.nodeOf(f).Pos()).Pos(at.Offset)
}

// A needed is what may be answered by a function and all that it needs, and what
// these declare.
type needed struct {
	may
	declared map[int]bool
}

func (n *needed) declare(list []int) {
	for _, status := range list {
		n.declared[status] = true
	}
}

// neededBy is what may be answered where a provider is called.
func (l *linter) neededBy(f *scan.Func) *needed {
	n := &needed{may: *newMay(), declared: map[int]bool{}}
	l.addProvider(n, f, map[*scan.Func]bool{})
	return n
}

// addProvider adds a provider of this package, and all that it needs.
func (l *linter) addProvider(n *needed, f *scan.Func, seen map[*scan.Func]bool) {
	if seen[f] {
		return
	}
	seen[f] = true
	n.join(l.mayOf(l.nodeOf(f)))
	for _, a := range f.Answers {
		n.add(a.Status)
		n.declared[a.Status] = true
	}
	l.addNeeds(n, f, seen)
}

// addNeeds adds what a function needs: the providers of its parameters, those that
// its directives name, and for a handler every guard that there is.
func (l *linter) addNeeds(n *needed, f *scan.Func, seen map[*scan.Func]bool) {
	for _, p := range f.Params {
		l.addSource(n, p.Type, seen)
	}
	for _, d := range f.Depends {
		l.addTarget(n, d, seen)
	}
	if f.Role != scan.Handler {
		return
	}
	for _, d := range l.read.Guards {
		l.addTarget(n, d, seen)
	}
	l.addProviders(n, seen, func(guard bool, _, _ string) bool { return guard })
}

// addSource adds the providers that may make a parameter of type t.
func (l *linter) addSource(n *needed, t types.Type, seen map[*scan.Func]bool) {
	name := types.TypeString(t, nil)
	found := l.addProviders(n, seen, func(_ bool, _, made string) bool { return made == name })
	if named := namedType(t); !found && types.IsInterface(t) && named != nil && !l.isStandard(named.Obj().Pkg()) {
		n.unknown = true // of whatever implements it
	}
	missing, _, _ := types.LookupFieldOrMethod(t, true, nil, "Missing")
	if f, ok := missing.(*types.Func); ok { // the error where a request lacks it
		s := &sight{may: *newMay()}
		l.lookAtFunc(s, f)
		n.join(&s.may)
		n.declare(s.sorted())
	}
}

// addTarget adds what a depends directive names.
func (l *linter) addTarget(n *needed, d scan.Depend, seen map[*scan.Func]bool) {
	path := d.Package
	if path == "" {
		path = l.Pkg.Path()
	}
	if f := l.read.ByName[d.Target]; f != nil && path == l.Pkg.Path() {
		l.addProvider(n, f, seen)
		return
	}
	l.addProviders(n, seen, func(_ bool, name, _ string) bool { return name == path+"."+d.Target })
}

// addProviders adds the providers, of this package and others, that are asked for by
// whether they are guards, their names after the path of their package, and the types
// that they make. It reports whether there are some.
func (l *linter) addProviders(n *needed, seen map[*scan.Func]bool, is func(guard bool, name, made string) bool) (found bool) {
	for _, f := range l.read.Funcs {
		if f.Role == scan.Provider && is(f.Guard, l.Pkg.Path()+"."+f.FullName(), madeType(f)) {
			found = true
			l.addProvider(n, f, seen)
		}
	}
	for path, fact := range l.answers {
		for _, p := range fact.Providers {
			if is(p.Guard, path+"."+p.Name, p.Type) {
				found = true
				n.add(p.May...)
				n.declare(p.Declared)
				n.unknown = n.unknown || p.Unknown
			}
		}
	}
	return found
}

// madeType is the type that a provider makes, "" if it makes none.
func madeType(f *scan.Func) string {
	if len(f.Results) == 0 || scan.IsError(f.Results[0]) {
		return ""
	}
	return types.TypeString(f.Results[0], nil)
}

// declare has the directive of a function say what it makes.
func (l *linter) declare(f *scan.Func, more []int, less []scan.Answer) []analysis.SuggestedFix {
	decl := l.decls[f.Object]
	if decl == nil {
		return nil
	}
	statuses := ""
	for _, status := range more {
		statuses += fmt.Sprint(" ", status)
	}
	var edits []analysis.TextEdit
	last := token.NoPos // the end of the arguments that there are
	for _, a := range f.Answers {
		last = max(last, l.posOf(f, a.End))
	}
	for _, c := range answersDirectives(decl) {
		var gone []scan.Answer
		count := 0
		for _, a := range f.Answers {
			if within(c, l.posOf(f, a.Start)) {
				count++
				if slices.Contains(less, a) {
					gone = append(gone, a)
				}
			}
		}
		if len(gone) == count && (statuses == "" || !within(c, last-1)) {
			file := l.Fset.File(c.Pos())
			edits = append(edits, analysis.TextEdit{Pos: file.LineStart(file.Line(c.Pos())), End: file.LineStart(file.Line(c.Pos()) + 1)})
			continue
		}
		for _, a := range gone {
			from := l.posOf(f, a.Start)
			before := c.Text[:from-c.Pos()]
			from -= token.Pos(len(before) - len(strings.TrimRight(before, " \t")))
			edits = append(edits, analysis.TextEdit{Pos: from, End: l.posOf(f, a.End)})
		}
	}
	switch {
	case statuses == "":
	case last.IsValid():
		edits = append(edits, analysis.TextEdit{Pos: last, End: last, NewText: []byte(statuses)})
	case decl.Doc == nil:
		edits = append(edits, analysis.TextEdit{Pos: decl.Pos(), End: decl.Pos(), NewText: []byte("//bggen:answers" + statuses + "\n")})
	default:
		line := "\n//bggen:answers" + statuses
		if !strings.HasPrefix(decl.Doc.List[len(decl.Doc.List)-1].Text, "//bggen:") {
			line = "\n//" + line
		}
		edits = append(edits, analysis.TextEdit{Pos: decl.Doc.End(), End: decl.Doc.End(), NewText: []byte(line)})
	}
	return []analysis.SuggestedFix{{Message: "declare what " + f.FullName() + " answers", TextEdits: edits}}
}

// answersDirectives are those of a function.
func answersDirectives(decl *ast.FuncDecl) (list []*ast.Comment) {
	if decl.Doc != nil {
		for _, c := range decl.Doc.List {
			if strings.HasPrefix(c.Text, "//bggen:answers") {
				list = append(list, c)
			}
		}
	}
	return list
}
