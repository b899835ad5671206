package lint

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// function looks at one function of the package.
func (l *linter) function(fn *ast.FuncDecl) {
	l.newScope(fn).walk(fn.Body, l.isOfRequest(fn))
}

// variables looks at the closures in the variables of the package.
func (l *linter) variables(file *ast.File) {
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.VAR {
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
			if f := s.afterFunc(n.X); f != nil && ofRequest {
				s.goroutine(body, n.Pos(), f)
			}
		case *ast.AssignStmt:
			s.kept(n)
		case *ast.SendStmt:
			if isCollector(s.TypesInfo.TypeOf(n.Value)) {
				s.reportKept(n.Value, "is sent to a channel")
			}
		}
		return true
	})
}

// task looks at what is added as a task.
func (s *scope) task(arg ast.Expr) {
	if call, ok := ast.Unparen(arg).(*ast.CallExpr); ok && s.converts(call) {
		arg = call.Args[0]
	}
	lit, ok := ast.Unparen(arg).(*ast.FuncLit)
	if !ok {
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
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit, *ast.DeferStmt:
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		for _, arg := range call.Args {
			made, ok := ast.Unparen(arg).(*ast.CallExpr)
			if !ok {
				continue
			}
			f := s.callee(made)
			if f == nil || f.Pkg() == nil || f.Pkg().Path() != "context" || f.Name() != "Background" && f.Name() != "TODO" {
				continue
			}
			s.Report(analysis.Diagnostic{
				Pos: made.Pos(), End: made.End(),
				Message:        "the task has a context of its own, which ends with the runner: pass that in place of context." + f.Name() + "()",
				SuggestedFixes: s.ownContext(lit, made),
			})
		}
		return true
	})
}

// asksContext reports whether a task looks at the end of a context.
func (s *scope) asksContext(lit *ast.FuncLit) bool {
	asks := false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && isContext(s.TypesInfo.TypeOf(sel.X)) {
			asks = asks || sel.Sel.Name == "Err" || sel.Sel.Name == "Done"
		}
		return !asks
	})
	return asks
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
	if !ok || !types.Identical(s.TypesInfo.TypeOf(call), types.Universe.Lookup("error").Type()) {
		return
	}
	if f := s.callee(call); f != nil && f.Name() == "Close" {
		return // of what was read, most likely
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

func returnsNil(stmt ast.Stmt) bool {
	ret, ok := stmt.(*ast.ReturnStmt)
	return ok && len(ret.Results) == 1 && isIdent(ret.Results[0], "nil")
}

// kept reports a collector that is stored where it outlives its request: in a
// variable of the package, or in a field of what a function was given.
func (s *scope) kept(n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, left := range n.Lhs {
		if t := s.TypesInfo.TypeOf(n.Rhs[i]); t == nil || !isCollector(t) {
			continue
		}
		switch left := ast.Unparen(left).(type) {
		case *ast.Ident:
			if v, ok := s.TypesInfo.ObjectOf(left).(*types.Var); ok && v.Parent() == s.Pkg.Scope() {
				s.reportKept(n.Rhs[i], "is kept in a variable of the package")
			}
		case *ast.SelectorExpr:
			if s.outlives(left.X) {
				s.reportKept(n.Rhs[i], "is kept in a field")
			}
		case *ast.IndexExpr:
			if s.outlives(left.X) {
				s.reportKept(n.Rhs[i], "is kept in a map or a list")
			}
		}
	}
}

// outlives reports whether what e belongs to is not made in the function: it is
// the receiver, a parameter that is a pointer, or a variable of the package.
func (s *scope) outlives(e ast.Expr) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			if s.TypesInfo.Selections[x] == nil {
				return true // of another package
			}
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.Ident:
			v, ok := s.TypesInfo.ObjectOf(x).(*types.Var)
			if !ok {
				return false
			}
			return v.Parent() == s.Pkg.Scope() || (v.Kind() == types.RecvVar || v.Kind() == types.ParamVar) && isPointer(v.Type()) && !s.isProvided(v.Type())
		default:
			return false
		}
	}
}

// isProvided reports whether a provider makes values of t: they are of one
// request, as the collector is.
func (l *linter) isProvided(t types.Type) bool {
	named := namedType(t)
	return named != nil && l.provided[named.Obj()]
}

func isPointer(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice:
		return true
	}
	return false
}

func (l *linter) reportKept(e ast.Expr, how string) {
	l.ReportRangef(e, "the collector %s, and is of one request: what is added later runs apart from that, or never", how)
}
