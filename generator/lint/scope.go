package lint

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

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
	found int                                // of both
	keeps map[types.Object]bool              // parameters that outlive a request

	limited      map[types.Object]bool // contexts that the function can cancel
	afterContext map[ast.Expr]bool     // what context.AfterFunc calls
}

func (l *linter) emptyScope() *scope {
	return &scope{linter: l, ended: map[types.Object]string{}, parts: map[types.Object]map[string]string{}, keeps: map[types.Object]bool{},
		limited: map[types.Object]bool{}, afterContext: map[ast.Expr]bool{}}
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
	s.follow(body)
}

// follow notes the variables of a body that lead to what ends.
func (s *scope) follow(body ast.Node) {
	for before := -1; before < s.found; { // until no more are found
		before = s.found
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
				if id, ok := n.Value.(*ast.Ident); ok && s.TypesInfo.ObjectOf(id) != nil && !isData(s.TypesInfo.TypeOf(id)) {
					s.note(id, s.leads(n.X))
				}
			case *ast.TypeSwitchStmt:
				s.cases(n)
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
			switch left := ast.Unparen(left).(type) {
			case *ast.Ident:
				obj := s.TypesInfo.Uses[left]
				if obj != nil && s.ended[obj] != "" && s.assigned(i, a.Lhs, a.Rhs, obj.Type()) == "" {
					delete(s.ended, obj)
					delete(s.parts, obj)
				}
			case *ast.SelectorExpr:
				if len(a.Lhs) == len(a.Rhs) {
					s.forgetPart(left, a.Rhs[i])
				}
			}
		}
		return true
	})
}

func (s *scope) assign(lhs, rhs []ast.Expr) {
	for i, left := range lhs {
		switch left := ast.Unparen(left).(type) {
		case *ast.Ident:
			if len(rhs) == 0 || s.TypesInfo.ObjectOf(left) == nil || len(lhs) == len(rhs) && s.made(left, rhs[i]) {
				continue
			}
			s.note(left, s.assigned(i, lhs, rhs, s.TypesInfo.ObjectOf(left).Type()))
			s.limited[s.TypesInfo.ObjectOf(left)] = i == 0 && len(lhs) == 2 && len(rhs) == 1 && s.isCancellable(rhs[0])
		case *ast.SelectorExpr:
			if len(lhs) == len(rhs) {
				s.assignPart(left, rhs[i])
			}
		}
	}
}

// isCancellable reports whether a call makes a context, and what cancels it.
func (s *scope) isCancellable(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && s.isOf(call, "context") && strings.HasPrefix(s.callee(call).Name(), "With")
}

// cases notes the variables of the cases of switch v := x.(type).
func (s *scope) cases(n *ast.TypeSwitchStmt) {
	a, ok := n.Assign.(*ast.AssignStmt)
	if !ok {
		return
	}
	why := s.leads(a.Rhs[0].(*ast.TypeAssertExpr).X)
	for _, clause := range n.Body.List {
		if obj := s.TypesInfo.Implicits[clause]; obj != nil && why != "" && s.ended[obj] == "" {
			s.ended[obj] = why
			s.found++
		}
	}
}

// note notes why a local variable is of no use when a task runs.
func (s *scope) note(id *ast.Ident, why string) {
	obj := s.TypesInfo.ObjectOf(id)
	if v, ok := obj.(*types.Var); ok && why != "" && v.Parent() != s.Pkg.Scope() && s.ended[obj] == "" {
		s.ended[obj] = why
		s.found++
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
			return s.oneOf(from, i, t)
		}
	case *ast.TypeAssertExpr:
		if i == 0 {
			return s.leads(from.X)
		}
	}
	return ""
}

// oneOf is leads for that of several results of a call which has type t.
func (s *scope) oneOf(call *ast.CallExpr, i int, t types.Type) string {
	if why := s.queried(call, t); why != "" {
		return why
	}
	f := s.callee(call)
	if isContext(t) || f != nil && f.Pkg() == s.Pkg {
		if why := s.result(call, i); why != "" {
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
