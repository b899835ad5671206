package lint

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// kept reports a collector that is stored where it outlives its request: in a
// variable of the package, or in a field of what a function was given.
func (s *scope) kept(n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, left := range n.Lhs {
		if !s.keeping(s.values[ast.Unparen(n.Rhs[i])]) {
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

// keeping reports whether who keeps a value keeps a collector: that itself, a method
// or a closure that adds to it, or a struct or a list that holds it.
func (s *scope) keeping(v ssa.Value) bool { return s.keepingAt(v, 0) }

func (s *scope) keepingAt(v ssa.Value, depth int) bool {
	of := func(v ssa.Value) bool { return s.keepingAt(v, depth+1) }
	switch v := v.(type) {
	case nil:
		return false
	case *ssa.MakeClosure:
		return depth < 9 && slices.ContainsFunc(v.Bindings, of)
	case *ssa.Alloc:
		return depth < 9 && slices.ContainsFunc(s.writes(v), func(w write) bool { return of(w.value) })
	case *ssa.Call:
		_, builtin := v.Call.Value.(*ssa.Builtin)
		return isCollector(v.Type()) || builtin && depth < 9 && slices.ContainsFunc(v.Call.Args, of)
	case *ssa.UnOp:
		return isCollector(v.Type()) || depth < 9 && of(v.X)
	}
	return isCollector(v.Type()) || depth < 9 && of(operand(v))
}

// collectorIn is the first use, in a closure, of a collector from outside of it.
func (s *scope) collectorIn(lit *ast.FuncLit) ast.Node {
	return first(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && s.TypesInfo.Uses[id] != nil && isCollector(s.TypesInfo.TypeOf(id)) && !within(lit, s.TypesInfo.Uses[id].Pos())
	})
}

// outlives reports whether what e belongs to outlives the request: it is a
// variable of the package, or what a handler is given, its receiver for one.
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
			obj := s.TypesInfo.ObjectOf(x)
			return obj != nil && obj.Parent() == s.Pkg.Scope() || s.keeps[obj]
		default:
			return false
		}
	}
}

// isOfOneRequest reports whether values of t are of one request, as the collector
// is: a provider makes them, or they hold the request or its writer.
func (l *linter) isOfOneRequest(t types.Type) bool {
	if l.isProvided(t) {
		return true
	}
	if of := structOf(t); of != nil {
		for f := range of.Fields() {
			if isRequest(f.Type()) || isWriter(f.Type()) {
				return true
			}
		}
	}
	return false
}

// isProvided reports whether a provider makes values of t, of this package or of
// one that it takes providers from.
func (l *linter) isProvided(t types.Type) bool {
	named := namedType(t)
	if named == nil || named.Obj().Pkg() == nil {
		return false
	}
	return l.provided[typeName(named)] || slices.ContainsFunc(l.directed, func(p directedPackage) bool {
		return slices.Contains(p.Provided, typeName(named)) && l.takesFrom(p, named)
	})
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
