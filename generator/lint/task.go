package lint

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// function looks at one function of the package.
func (l *linter) function(fn *ast.FuncDecl) {
	s := l.newScope(fn)
	ofRequest := l.isOfRequest(fn)
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s.isAdd(n) {
				s.task(n.Args[0])
			}
		case *ast.GoStmt:
			if ofRequest {
				s.goroutine(n)
			}
		case *ast.AssignStmt:
			s.kept(n)
		case *ast.SendStmt:
			if isCollector(l.TypesInfo.TypeOf(n.Value)) {
				l.reportKept(n.Value, "is sent to a channel")
			}
		}
		return true
	})
}

// task looks at what is added as a task.
func (s *scope) task(arg ast.Expr) {
	lit, ok := ast.Unparen(arg).(*ast.FuncLit)
	if !ok {
		if why := s.leads(arg); why != "" {
			s.Reportf(arg.Pos(), "the task leads to what ends with the request: %s when it runs", why)
		}
		return
	}
	s.eachCaptured(lit, func(id *ast.Ident, why string) {
		d := analysis.Diagnostic{Pos: id.Pos(), End: id.End(), Message: "the task uses " + id.Name + ", and " + why + " when it runs: " + wayOut(s.TypesInfo.TypeOf(id))}
		if isContext(s.TypesInfo.TypeOf(id)) {
			d.SuggestedFixes = s.ownContext(lit, id)
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

// contextParam is the context parameter of a task, nil if it has no type of
// one.
func (s *scope) contextParam(lit *ast.FuncLit) *ast.Field {
	for _, field := range lit.Type.Params.List {
		if isContext(s.TypesInfo.TypeOf(field.Type)) {
			return field
		}
	}
	return nil
}

// ownContext has a task use its own context in place of another expression: by
// the name that its parameter has, or is given.
func (s *scope) ownContext(lit *ast.FuncLit, use ast.Expr) []analysis.SuggestedFix {
	param := s.contextParam(lit)
	if param == nil {
		return nil
	}
	const message = "use the task's own context"
	if len(param.Names) == 1 && param.Names[0].Name != "_" {
		name := param.Names[0].Name
		return []analysis.SuggestedFix{{Message: message, TextEdits: []analysis.TextEdit{{Pos: use.Pos(), End: use.End(), NewText: []byte(name)}}}}
	}
	// It has no name: give it one that nothing in the task means otherwise.
	if s.names(lit)["ctx"] && !isIdent(use, "ctx") {
		return nil
	}
	named := analysis.TextEdit{Pos: param.Pos(), End: param.Pos(), NewText: []byte("ctx ")}
	if len(param.Names) == 1 {
		named = analysis.TextEdit{Pos: param.Names[0].Pos(), End: param.Names[0].End(), NewText: []byte("ctx")}
	}
	edits := []analysis.TextEdit{named}
	if !isIdent(use, "ctx") {
		edits = append(edits, analysis.TextEdit{Pos: use.Pos(), End: use.End(), NewText: []byte("ctx")})
	}
	return []analysis.SuggestedFix{{Message: message, TextEdits: edits}}
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// names are the identifiers in a closure.
func (s *scope) names(lit *ast.FuncLit) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
	return names
}

// ownContextIgnored reports context.Background() where the task's own context
// is to be passed: a shutdown would not reach what is called.
func (s *scope) ownContextIgnored(lit *ast.FuncLit) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
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
	last := list[len(list)-1]
	s.Report(analysis.Diagnostic{
		Pos: call.Pos(), End: call.End(),
		Message: "the task drops this error, and nobody sees that it has failed",
		SuggestedFixes: []analysis.SuggestedFix{{Message: "return the error", TextEdits: []analysis.TextEdit{
			{Pos: stmt.Pos(), End: stmt.Pos(), NewText: []byte("return ")},
			{Pos: stmt.End(), End: last.End()},
		}}},
	})
}

func returnsNil(stmt ast.Stmt) bool {
	ret, ok := stmt.(*ast.ReturnStmt)
	return ok && len(ret.Results) == 1 && isIdent(ret.Results[0], "nil")
}

// goroutine looks at a go statement of a handler or a provider.
func (s *scope) goroutine(stmt *ast.GoStmt) {
	what, why := "", ""
	note := func(e ast.Expr, reason string) {
		if what == "" {
			what, why = types.ExprString(e), reason
		}
	}
	if lit, ok := ast.Unparen(stmt.Call.Fun).(*ast.FuncLit); ok {
		if s.waitedFor(lit) {
			return
		}
		if id, reason := s.captured(lit); id != nil {
			note(id, reason)
		}
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && isCollector(s.TypesInfo.TypeOf(id)) && s.TypesInfo.Uses[id] != nil && !within(lit, s.TypesInfo.Uses[id].Pos()) {
				note(id, "the tasks of the request have begun, or were dropped")
			}
			return true
		})
	}
	for _, arg := range stmt.Call.Args {
		if reason := s.leads(arg); reason != "" {
			note(arg, reason)
		} else if isCollector(s.TypesInfo.TypeOf(arg)) {
			note(arg, "the tasks of the request have begun, or were dropped")
		}
	}
	if what != "" {
		s.Reportf(stmt.Pos(), "this goroutine uses %s, and %s when the handler has returned: use Add of a collector, which also keeps a panic from ending the process", what, why)
	}
}

func within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }

// waitedFor reports whether a goroutine tells somebody that it has ended, by a
// WaitGroup or a channel, or waits to be told itself: then the handler may well
// wait for it, or have it end.
func (s *scope) waitedFor(lit *ast.FuncLit) bool {
	found := false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			switch fun := ast.Unparen(n.Fun).(type) {
			case *ast.SelectorExpr:
				found = found || fun.Sel.Name == "Done" && isNamed(s.TypesInfo.TypeOf(fun.X), "sync", "WaitGroup")
			case *ast.Ident:
				_, builtin := s.TypesInfo.Uses[fun].(*types.Builtin)
				found = found || builtin && fun.Name == "close"
			}
		}
		return !found
	})
	return found
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
			return v.Parent() == s.Pkg.Scope() || v.Kind() == types.RecvVar || v.Kind() == types.ParamVar && isPointer(v.Type())
		default:
			return false
		}
	}
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
