package lint

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// afterFunc looks at what is called later, and apart, where nobody keeps what would
// stop it.
func (s *scope) afterFunc(body ast.Node, e ast.Expr) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return
	}
	f := s.callee(call)
	if f != nil && f.Name() == "AfterFunc" && (f.Pkg().Path() == "time" || f.Pkg().Path() == "context") {
		s.afterContext[call.Args[1]] = f.Pkg().Path() == "context"
		s.goroutine(body, call.Pos(), call.Args[1])
	}
}

const begun = "the tasks of the request have begun, or were dropped"

// goroutine looks at a call, in the body of a handler or a provider, that goes on
// by itself.
func (s *scope) goroutine(body ast.Node, pos token.Pos, fun ast.Expr, args ...ast.Expr) {
	what, why, ended := "", "", ""
	s.eachUse(fun, args, func(e ast.Expr, reason string) {
		switch {
		case reason == ofCallerEnds:
		case s.endsIt(fun, e):
			ended = types.ExprString(e)
		case what == "":
			what, why = types.ExprString(e), reason
		}
	})
	excuse := s.excuseOf(body, pos, fun, args)
	switch {
	case what == "" && ended != "":
		what, excuse = ended, "that context is what ends it"
	case what == "":
		return
	case excuse == "":
		s.Reportf(pos, "this goroutine uses %s, and %s when the handler has returned: use Add of a collector, which also keeps a panic from ending the process", what, why)
		return
	}
	if saySilence {
		s.Reportf(pos, "not reported: this goroutine uses %s, but %s", what, excuse)
	}
}

// eachUse calls f for what a goroutine uses that ends with the request.
func (s *scope) eachUse(fun ast.Expr, args []ast.Expr, f func(e ast.Expr, why string)) {
	if lit, ok := ast.Unparen(fun).(*ast.FuncLit); ok {
		s.eachCaptured(lit, f)
		if use, ok := s.collectorIn(lit).(*ast.Ident); ok {
			f(use, begun)
		}
	} else if _, why, _ := s.use(ast.Unparen(fun)); why != "" {
		f(fun, why)
	} else if sel, ok := ast.Unparen(fun).(*ast.SelectorExpr); ok && isCollector(s.TypesInfo.TypeOf(sel.X)) || s.keeping(s.values[ast.Unparen(fun)]) {
		f(fun, begun)
	}
	for _, arg := range args {
		if why := s.leads(arg); why != "" {
			f(arg, why)
		} else if isCollector(s.TypesInfo.TypeOf(arg)) {
			f(arg, begun)
		}
	}
}

// endsIt reports whether what a goroutine uses is the context that ends it: one that
// the function cancels itself, or that context.AfterFunc waits for.
func (s *scope) endsIt(fun, e ast.Expr) bool {
	if !isContext(s.TypesInfo.TypeOf(e)) {
		return false
	}
	return s.afterContext[fun] || s.isCancellable(s.values[ast.Unparen(e)])
}

// isCancellable reports whether a function has made a context, and what cancels it.
func (s *scope) isCancellable(v ssa.Value) bool {
	e, ok := s.origin(v).(*ssa.Extract)
	if !ok {
		return false
	}
	call, ok := e.Tuple.(*ssa.Call)
	return ok && calleeOf(&call.Call) != nil && calleeOf(&call.Call).Pkg().Path() == "context"
}

// first is the first node in root that is such a one, nil if none is.
func first(root ast.Node, is func(ast.Node) bool) (found ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		if found == nil && n != nil && is(n) {
			found = n
		}
		return found == nil
	})
	return found
}

func within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }
