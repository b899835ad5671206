package lint

import (
	"go/ast"
	"go/token"
	"go/types"
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
	if s.waits(body, fun) {
		return
	}
	what, why := "", ""
	note := func(e ast.Expr, reason string) {
		if what == "" && reason != ofCallerEnds && !s.endsIt(fun, e) {
			what, why = types.ExprString(e), reason
		}
	}
	if lit, ok := ast.Unparen(fun).(*ast.FuncLit); ok {
		if s.waitedFor(lit.Body) {
			return
		}
		s.eachCaptured(lit, note)
		if use := s.collectorIn(lit); use != nil {
			note(use, begun)
		}
	} else if s.reports(body, fun) {
		return
	} else if reason := s.leads(fun); reason != "" {
		note(fun, reason)
	} else if s.keeping(fun) {
		note(fun, begun)
	}
	for _, arg := range args {
		if reason := s.leads(arg); reason != "" {
			note(arg, reason)
		} else if isCollector(s.TypesInfo.TypeOf(arg)) {
			note(arg, begun)
		}
	}
	if what != "" {
		s.Reportf(pos, "this goroutine uses %s, and %s when the handler has returned: use Add of a collector, which also keeps a panic from ending the process", what, why)
	}
}

// endsIt reports whether what a goroutine uses is the context that ends it: one that
// the function cancels itself, or that context.AfterFunc waits for.
func (s *scope) endsIt(fun, e ast.Expr) bool {
	if !isContext(s.TypesInfo.TypeOf(e)) {
		return false
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	return s.afterContext[fun] || ok && s.limited[s.TypesInfo.Uses[id]]
}

// reports reports whether what a goroutine calls tells somebody that it has ended:
// a function of this package, or a closure in a variable.
func (s *scope) reports(body ast.Node, fun ast.Expr) bool {
	if f := s.named(fun); f != nil {
		fn := s.decls[f.Origin()]
		return fn != nil && s.waitedFor(fn)
	}
	id, ok := ast.Unparen(fun).(*ast.Ident)
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if a, isAssign := n.(*ast.AssignStmt); ok && isAssign && len(a.Lhs) == len(a.Rhs) {
			for i, left := range a.Lhs {
				to, _ := left.(*ast.Ident)
				lit, _ := a.Rhs[i].(*ast.FuncLit)
				if to != nil && lit != nil && s.TypesInfo.ObjectOf(to) == s.TypesInfo.ObjectOf(id) {
					found = found || s.waitedFor(lit.Body)
				}
			}
		}
		return !found
	})
	return found
}

func within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }

// waits reports whether a function waits for something, beside the goroutine that
// calls fun, itself or in a function that it calls: then it may well be for that.
func (s *scope) waits(body ast.Node, fun ast.Expr) bool { return s.waitsAt(body, fun, 1) }

func (s *scope) waitsAt(body ast.Node, fun ast.Expr, levels int) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			return false // what others wait for
		case *ast.FuncLit:
			return n != ast.Unparen(fun) && !found // of AfterFunc
		case *ast.SelectStmt:
			found = true
		case *ast.RangeStmt:
			_, channel := s.TypesInfo.TypeOf(n.X).Underlying().(*types.Chan)
			found = found || channel
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			if f := s.callee(n); f != nil {
				found = found || f.Name() == "Wait" || f.Name() == "Hijack" || f.Name() == "Pipe"
				if fn := s.decls[f.Origin()]; fn != nil && fn.Body != nil && levels > 0 {
					found = found || s.waitsAt(fn.Body, nil, levels-1)
				}
			}
		}
		return !found
	})
	return found
}

// waitedFor reports whether a goroutine tells somebody that it has ended, by a
// WaitGroup, a channel or a cancel function, or waits to be told itself: then
// somebody may well wait for it, or have it end.
func (s *scope) waitedFor(body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			found = true
		case *ast.UnaryExpr:
			call, _ := ast.Unparen(n.X).(*ast.CallExpr)
			timer := call != nil && s.callee(call) != nil && s.callee(call).Pkg() != nil && s.callee(call).Pkg().Path() == "time"
			found = found || n.Op == token.ARROW && !timer
		case *ast.CallExpr:
			found = found || s.tells(n)
		}
		return !found
	})
	return found
}

// tells reports whether a call tells somebody that a goroutine has ended.
func (s *scope) tells(call *ast.CallExpr) bool {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		switch fun.Sel.Name {
		case "Done":
			return !isContext(s.TypesInfo.TypeOf(fun.X))
		case "Err": // it ends by itself
			return isContext(s.TypesInfo.TypeOf(fun.X))
		case "Broadcast", "Signal", "CloseWithError", "CloseWrite", "Release":
			return true
		}
	case *ast.Ident:
		_, builtin := s.TypesInfo.Uses[fun].(*types.Builtin)
		return builtin && fun.Name == "close" || isNamed(s.TypesInfo.TypeOf(fun), "context", "CancelFunc")
	}
	return false
}
