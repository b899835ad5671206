package lint

import (
	"go/ast"
	"go/types"
	"slices"
)

const (
	ofRequestEnds = "the context of the request is cancelled"
	ofCallerEnds  = "the context of who adds it may be cancelled"
)

// A scope is what is known of the values in one function.
type scope struct {
	*linter
	ended map[types.Object]string // why they are of no use when a task runs
	given map[types.Object]bool   // what handlers and providers are given
}

func (l *linter) emptyScope() *scope {
	return &scope{linter: l, ended: map[types.Object]string{}, given: map[types.Object]bool{}}
}

// newScope finds the parameters of fn, and of the closures in it, that end with
// the request, and the local variables that lead to one of them.
func (l *linter) newScope(fn *ast.FuncDecl) *scope {
	s := l.emptyScope()
	context := ofCallerEnds
	if args, provider := directive(fn, "provide"); l.isOfRequest(fn) {
		context = ofRequestEnds
	} else if provider && args == "hold" {
		context = "" // it is that of the tasks
	}
	resolved := hasDirective(fn, "route", "handler", "provide")
	s.noteParams(fn.Recv, "", resolved)
	s.noteParams(fn.Type.Params, context, resolved)
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
			s.noteParams(lit.Type.Params, context, false)
		}
		return true
	})
	s.follow(body)
}

// noteParams notes what is known of parameters; context is why one of these is
// of no use when a task runs, and resolved whether it is bggen that gives them.
func (s *scope) noteParams(fields *ast.FieldList, context string, resolved bool) {
	for _, obj := range s.params(fields) {
		why := s.linter.ended(obj.Type())
		switch {
		case !resolved && s.releasedBy(obj.Type()) != "":
			why = "" // whoever calls it may have made that
		case why == "" && isContext(obj.Type()):
			why = context
		case resolved && obj.Name() == "body" && isNamed(obj.Type(), "io", "Reader"):
			why = "the request is over"
		}
		if why != "" {
			s.ended[obj] = why
		}
		s.given[obj] = context == ofRequestEnds
	}
}

// params are the parameters of a list.
func (l *linter) params(fields *ast.FieldList) (list []types.Object) {
	if fields == nil {
		return nil
	}
	for _, field := range fields.List {
		for _, name := range field.Names {
			if obj := l.TypesInfo.Defs[name]; obj != nil {
				list = append(list, obj)
			}
		}
	}
	return list
}

// isOfRequest reports whether a context that fn takes is that of a request: fn
// is a handler or a provider, or takes what only these have.
func (l *linter) isOfRequest(fn *ast.FuncDecl) bool {
	if hasDirective(fn, "task") {
		return false
	}
	if args, ok := directive(fn, "provide"); ok {
		return args != "hold"
	}
	return hasDirective(fn, "route", "handler") || l.takesRequest(fn.Type)
}

// takesRequest reports whether a function takes a request or a collector.
func (l *linter) takesRequest(fn *ast.FuncType) bool {
	return slices.ContainsFunc(l.params(fn.Params), func(obj types.Object) bool {
		return isNamed(obj.Type(), "net/http", "Request") || isCollector(obj.Type())
	})
}

// follow notes the variables of a body that lead to what ends.
func (s *scope) follow(body ast.Node) {
	for before := -1; before < len(s.ended); { // until no more are found
		before = len(s.ended)
		ast.Inspect(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				s.assign(n.Lhs, n.Rhs)
			case *ast.ValueSpec:
				lhs := make([]ast.Expr, len(n.Names))
				for i, name := range n.Names {
					lhs[i] = name
				}
				s.assign(lhs, n.Values)
			case *ast.RangeStmt:
				if id, ok := n.Value.(*ast.Ident); ok && s.leads(n.X) != "" {
					s.note(id, s.linter.ended(s.TypesInfo.TypeOf(id)))
				}
			}
			return true
		})
	}
	s.forget(body)
}

// forget forgets variables that are given another value, which leads nowhere.
func (s *scope) forget(body ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, left := range a.Lhs {
			id, ok := ast.Unparen(left).(*ast.Ident)
			if !ok || s.TypesInfo.Uses[id] == nil || s.ended[s.TypesInfo.Uses[id]] == "" {
				continue
			}
			if s.assigned(i, a.Lhs, a.Rhs, s.TypesInfo.TypeOf(id)) == "" {
				delete(s.ended, s.TypesInfo.Uses[id])
			}
		}
		return true
	})
}

func (s *scope) assign(lhs, rhs []ast.Expr) {
	for i, left := range lhs {
		if id, ok := ast.Unparen(left).(*ast.Ident); ok && len(rhs) > 0 && s.TypesInfo.ObjectOf(id) != nil {
			s.note(id, s.assigned(i, lhs, rhs, s.TypesInfo.ObjectOf(id).Type()))
		}
	}
}

// note notes why a local variable is of no use when a task runs.
func (s *scope) note(id *ast.Ident, why string) {
	obj := s.TypesInfo.ObjectOf(id)
	if v, ok := obj.(*types.Var); ok && why != "" && v.Parent() != s.Pkg.Scope() && s.ended[obj] == "" {
		s.ended[obj] = why
	}
}

// assigned is leads for what the variable of type t is given that is at i on the
// left side.
func (s *scope) assigned(i int, lhs, rhs []ast.Expr, t types.Type) string {
	if len(lhs) == len(rhs) {
		return s.leads(rhs[i])
	}
	switch from := ast.Unparen(rhs[0]).(type) {
	case *ast.CallExpr:
		if !isData(t) {
			return s.oneOf(from, t)
		}
	case *ast.TypeAssertExpr:
		if i == 0 {
			return s.leads(from.X)
		}
	}
	return ""
}

// oneOf is leads for that of several results of a call which has type t.
func (s *scope) oneOf(call *ast.CallExpr, t types.Type) string {
	f := s.callee(call)
	if isContext(t) || f != nil && f.Pkg() == s.Pkg {
		if why := s.called(call); why != "" {
			return why
		}
	}
	from := slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return !isContext(s.TypesInfo.TypeOf(arg)) && s.leads(arg) != "" })
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && !from {
		from = s.leads(sel.X) != ""
	}
	if from {
		return s.linter.ended(t)
	}
	return ""
}
