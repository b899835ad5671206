package lint

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"slices"
)

// method is why a method of a value of type t is of no use when a task runs, where
// that value leads to what ends for such a reason: a method of this package is of
// use if it touches no field that can.
func (l *linter) method(selection *types.Selection, t types.Type, why string) string {
	f := selection.Obj().(*types.Func)
	if l.decls[f.Origin()] == nil || l.ended(t) != "" {
		return why
	}
	for _, i := range selection.Index()[:len(selection.Index())-1] {
		t = structOf(t).Field(i).Type()
	}
	parts := l.partsOf(t, why)
	if parts == nil {
		return why
	}
	return l.uses(f, parts, 0)
}

// replaced reports whether a closure gives all parts of a variable other values, or
// those of a copy.
func (s *scope) replaced(lit *ast.FuncLit, obj types.Object) bool {
	parts := s.known(obj)
	return len(parts) > 0 && len(s.without(parts, lit.Body, obj)) == 0
}

// takesCopies reports whether a function of this package uses nothing of an
// argument that ends: it copies a name out of it, say.
func (s *scope) takesCopies(call *ast.CallExpr, n int) bool {
	id, ok := ast.Unparen(call.Args[n]).(*ast.Ident)
	f := s.callee(call)
	if !ok || f == nil || s.decls[f.Origin()] == nil || s.TypesInfo.Uses[id] == nil {
		return false
	}
	parts := s.known(s.TypesInfo.Uses[id])
	fn := s.decls[f.Origin()]
	params := s.params(fn.Type.Params)
	return parts != nil && fn.Body != nil && len(params) == len(call.Args) && s.usesParts(fn.Body, params[n], parts, 0) == ""
}

// uses is why a method is of no use that uses those parts of its receiver, "" if
// it uses none.
func (l *linter) uses(f *types.Func, parts map[string]string, depth int) (why string) {
	fn := l.decls[f.Origin()]
	switch {
	case fn == nil || fn.Body == nil:
		return whole(parts)
	case depth > 3: // of itself, most likely
		return ""
	}
	recv := l.params(fn.Recv)
	if len(recv) == 0 {
		return ""
	}
	return l.usesParts(fn.Body, recv[0], parts, depth)
}

// usesParts is uses for a variable of the function with that body.
func (l *linter) usesParts(body ast.Node, of types.Object, parts map[string]string, depth int) (why string) {
	all := whole(parts)
	if parts = l.without(parts, body, of); len(parts) == 0 {
		return ""
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selection := l.TypesInfo.Selections[n]
			if selection == nil || !l.isObject(n.X, of) {
				return true
			}
			if index := selection.Index(); len(index) > 1 || selection.Kind() == types.FieldVal {
				why = cmp.Or(why, parts[structOf(of.Type()).Field(index[0]).Name()])
			} else {
				why = cmp.Or(why, l.uses(selection.Obj().(*types.Func), parts, depth+1))
			}
			return false
		case *ast.Ident:
			if l.TypesInfo.Uses[n] == of {
				why = cmp.Or(why, all)
			}
		}
		return why == ""
	})
	return why
}

// whole is why all of a struct is of no use that has such parts.
func whole(parts map[string]string) (why string) {
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		why = cmp.Or(why, parts[name])
	}
	return why
}

// without is the parts that a method does not set itself.
func (l *linter) without(parts map[string]string, body ast.Node, recv types.Object) map[string]string {
	parts = maps.Clone(parts)
	same := map[types.Object]bool{recv: true} // and copies of it
	ast.Inspect(body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, left := range a.Lhs {
			switch left := left.(type) {
			case *ast.SelectorExpr:
				id, _ := left.X.(*ast.Ident)
				if id != nil && same[l.TypesInfo.Uses[id]] {
					delete(parts, left.Sel.Name)
				}
			case *ast.Ident:
				if star, ok := a.Rhs[min(i, len(a.Rhs)-1)].(*ast.StarExpr); ok && l.isObject(star.X, recv) {
					same[l.TypesInfo.Defs[left]] = true
				}
			}
		}
		return true
	})
	return parts
}

// isObject reports whether an expression is that variable.
func (l *linter) isObject(e ast.Expr, obj types.Object) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && l.TypesInfo.Uses[id] == obj
}
