package lint

import (
	"go/ast"
	"go/types"

	"github.com/bggen/bggen/generator/internal/scan"
)

const (
	ofRequestEnds = "the context of the request is cancelled"
	ofCallerEnds  = "the context of who adds it may be cancelled"
)

// A scope is what is known of the values in one function.
type scope struct {
	*linter
	ended map[types.Object]string            // why they are of no use when a task runs
	parts map[types.Object]map[string]string // the same of their fields, where that is known
	keeps map[types.Object]bool              // parameters that outlive a request

	asked        map[query]bool    // and not answered yet
	steps        int               // since the first of these
	in           *frame            // of what is asked
	asking       *ast.FuncLit      // the closure whose captured values are asked for
	afterContext map[ast.Expr]bool // what context.AfterFunc calls
}

func (l *linter) emptyScope() *scope {
	return &scope{linter: l, ended: map[types.Object]string{}, parts: map[types.Object]map[string]string{}, keeps: map[types.Object]bool{},
		asked: map[query]bool{}, afterContext: map[ast.Expr]bool{}}
}

// newScope finds the parameters of fn, and of the closures in it, that end with
// the request, and the local variables that lead to one of them.
func (l *linter) newScope(fn *ast.FuncDecl) *scope {
	s := l.emptyScope()
	said := l.saidOf(fn)
	g := given{context: ofCallerEnds, resolved: said.Role == scan.Handler || said.Role == scan.Provider, sources: sources(said)}
	if l.isOfRequest(fn) {
		g.context = ofRequestEnds
	} else if said.Hold {
		g.context = "" // it is that of the tasks
	}
	if !s.receivesNone(fn.Type) {
		s.noteParams(fn.Type.Params, g)
	}
	g.context = ""
	s.noteParams(fn.Recv, g)
	if !g.resolved {
		s.noteOthers(fn)
	}
	if g.resolved || l.takes(fn.Type, isRequest) { // and is not given a collector to keep
		for _, obj := range append(l.params(fn.Recv), l.params(fn.Type.Params)...) {
			s.keeps[obj] = isPointer(obj.Type()) && obj.Name() != "body" && !l.isOfOneRequest(obj.Type())
		}
	}
	s.noteClosures(fn.Body)
	return s
}

// noteClosures finds what newScope does in a body, or another expression.
func (s *scope) noteClosures(body ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			context := ofCallerEnds
			if s.takesRequest(lit.Type) {
				context = ofRequestEnds
			}
			if !s.receivesNone(lit.Type) {
				s.noteParams(lit.Type.Params, given{context: context})
			}
		}
		return true
	})
}
