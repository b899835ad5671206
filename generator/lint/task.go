package lint

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/tools/go/analysis"
)

// function looks at one function of the package.
func (l *linter) function(fn *ast.FuncDecl) {
	s := l.newScope(fn)
	s.walk(fn.Body, l.isOfRequest(fn))
	if l.saidOf(fn).Role == scan.Task && l.takes(fn.Type, isContext) {
		body := &ast.FuncLit{Type: fn.Type, Body: fn.Body}
		s.ownContextIgnored(body)
		s.droppedError(body)
	}
}

// file looks at the functions of a file, and at the closures in variables of the
// package.
func (l *linter) file(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Body != nil {
				l.function(decl)
			}
		case *ast.GenDecl:
			s := l.emptyScope()
			s.noteClosures(decl)
			s.walk(decl, false)
		}
	}
}

// walk looks at a body, of a function that is called for a request or not.
func (s *scope) walk(body ast.Node, ofRequest bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			s.walk(n.Body, ofRequest || s.takesRequest(n.Type))
			return false
		case *ast.CallExpr:
			if s.isAdd(n) {
				s.task(n.Args[0])
			}
		case *ast.GoStmt:
			if ofRequest {
				s.goroutine(body, n.Pos(), n.Call.Fun, n.Call.Args...)
			}
		case *ast.ExprStmt:
			if ofRequest {
				s.afterFunc(body, n.X)
			}
		case *ast.AssignStmt:
			s.kept(n)
			if ofRequest && len(n.Lhs) == 1 && isIdent(n.Lhs[0], "_") {
				s.afterFunc(body, n.Rhs[0])
			}
		case *ast.SendStmt:
			if s.keeping(s.values[ast.Unparen(n.Value)]) && s.outlives(n.Chan) {
				s.reportKept(n.Value, "is sent to a channel")
			}
		}
		return true
	})
}

// task looks at what is added as a task.
func (s *scope) task(arg ast.Expr) {
	lit := s.closure(arg)
	if lit == nil {
		if why := s.leads(arg); why != "" {
			s.Reportf(arg.Pos(), "the task leads to what ends with the request: %s when it runs", why)
		}
		return
	}
	s.eachCaptured(lit, func(use ast.Expr, why string) {
		if s.reported[use.Pos()] {
			return // for the task around it
		}
		s.reported[use.Pos()] = true
		t := s.TypesInfo.TypeOf(use)
		d := analysis.Diagnostic{Pos: use.Pos(), End: use.End(), Message: "the task uses " + types.ExprString(use) + ", and " + why + " when it runs: " + wayOut(t)}
		if isContext(t) {
			d.SuggestedFixes = s.ownContext(lit, s.usesLike(lit, use)...)
		}
		s.Report(d)
	})
	s.ownContextIgnored(lit)
	s.droppedError(lit)
}

// wayOut says what to do about a value of type t.
func wayOut(t types.Type) string {
	if isContext(t) {
		return "use the task's own context"
	}
	return "copy what it needs before, or pass that to a //bggen:task"
}

// ownContextIgnored reports context.Background() where the task's own context
// is to be passed: a shutdown would not reach what is called. What is deferred, is
// called from elsewhere, or comes where the task asks whether its context has
// ended, may well want another one.
func (s *scope) ownContextIgnored(lit *ast.FuncLit) {
	if s.asksContext(lit) {
		return
	}
	afterFailure := map[ast.Node]bool{} // that the context has ended may be the reason
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if s.mayOutlive(n) || afterFailure[n] {
			return false
		}
		if branch, ok := n.(*ast.IfStmt); ok && s.isFailure(branch.Cond) {
			afterFailure[branch.Body] = true
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || s.ends(call) {
			return true
		}
		for _, arg := range call.Args {
			made, ok := ast.Unparen(arg).(*ast.CallExpr)
			if !ok || !s.isOf(made, "context") || len(made.Args) > 0 {
				continue
			}
			s.Report(analysis.Diagnostic{
				Pos: made.Pos(), End: made.End(),
				Message:        "the task has a context of its own, which ends with the runner: pass that in place of " + types.ExprString(made),
				SuggestedFixes: s.ownContext(lit, made),
			})
		}
		return true
	})
}

// mayOutlive reports whether what is called in a part of a task may well go on when
// its context has ended.
func (s *scope) mayOutlive(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
		return true
	case *ast.AssignStmt:
		return slices.ContainsFunc(n.Lhs, func(left ast.Expr) bool {
			_, field := left.(*ast.SelectorExpr)
			return field || s.outlives(left)
		})
	}
	return false
}

// isFailure reports whether a condition is that there is an error.
func (s *scope) isFailure(cond ast.Expr) bool {
	return first(cond, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		return ok && s.TypesInfo.TypeOf(e) != nil && scan.IsError(s.TypesInfo.TypeOf(e))
	}) != nil
}

// ends reports whether a call gives something back, which has to be done when the
// task's context has ended, too.
func (s *scope) ends(call *ast.CallExpr) bool {
	f := s.callee(call)
	return f != nil && (f.Name() == "Rollback" || f.Name() == "Close" || f.Name() == "Shutdown")
}

// asksContext reports whether a task looks at the end of a context.
func (s *scope) asksContext(lit *ast.FuncLit) bool {
	return first(lit.Body, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		return ok && isContext(s.TypesInfo.TypeOf(sel.X)) && (sel.Sel.Name == "Err" || sel.Sel.Name == "Done")
	}) != nil
}

// droppedError reports a call whose only result is an error, as the last thing
// that a task does before it says that all went well.
func (s *scope) droppedError(lit *ast.FuncLit) {
	list := lit.Body.List
	if len(list) < 2 || !returnsNil(list[len(list)-1]) {
		return
	}
	stmt, ok := list[len(list)-2].(*ast.ExprStmt)
	if !ok {
		return
	}
	call, ok := ast.Unparen(stmt.X).(*ast.CallExpr)
	if !ok || !scan.IsError(s.TypesInfo.TypeOf(call)) {
		return
	}
	if f := s.callee(call); f != nil && bestEffort(f) {
		return
	}
	last := list[len(list)-1]
	from := stmt.End()
	if file := s.Fset.File(last.Pos()); file.Line(last.Pos()) > file.Line(from) {
		from = file.LineStart(file.Line(last.Pos())) - 1 // comments before it stay
	}
	s.Report(analysis.Diagnostic{
		Pos: call.Pos(), End: call.End(),
		Message: "the task drops this error, and nobody sees that it has failed",
		SuggestedFixes: []analysis.SuggestedFix{{Message: "return the error", TextEdits: []analysis.TextEdit{
			{Pos: stmt.Pos(), End: stmt.Pos(), NewText: []byte("return ")},
			{Pos: from, End: last.End()},
		}}},
	})
}

// bestEffort reports whether nobody looks at the error of a function: it tidies up,
// or is always nil, as that of a buffer that is written to.
func bestEffort(f *types.Func) bool {
	switch f.Name() {
	case "Close", "Rollback", "Remove", "RemoveAll":
		return true
	}
	return f.Pkg() != nil && (f.Pkg().Path() == "bytes" || f.Pkg().Path() == "strings")
}

func returnsNil(stmt ast.Stmt) bool {
	ret, ok := stmt.(*ast.ReturnStmt)
	return ok && len(ret.Results) == 1 && isIdent(ret.Results[0], "nil")
}
