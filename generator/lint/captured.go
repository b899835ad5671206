package lint

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// captured is the first use, in a closure, of a variable from outside of it
// that leads to what ends.
func (s *scope) captured(lit *ast.FuncLit) (use ast.Expr, why string) {
	s.eachCaptured(lit, func(e ast.Expr, reason string) {
		if use == nil {
			use, why = e, reason
		}
	})
	return use, why
}

// eachCaptured calls f for each variable of that kind, and each field of one,
// once.
func (s *scope) eachCaptured(lit *ast.FuncLit, f func(ast.Expr, string)) {
	defer func(before *ast.FuncLit) { s.asking = before }(s.asking)
	s.asking = lit
	seen, copied := map[string]bool{}, map[ast.Node]bool{}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if copied[n] {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok {
			for i, arg := range call.Args {
				copied[arg] = s.takesCopies(call, i)
			}
		}
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		use, why, more := s.use(e)
		if id := base(use); why == "" || id == nil || !s.isOutside(lit, id) {
			return more
		}
		if text := types.ExprString(use); !seen[text] {
			seen[text] = true
			f(use, why)
		}
		return false
	})
}

func (s *scope) isOutside(lit *ast.FuncLit, id *ast.Ident) bool {
	v, ok := s.TypesInfo.Uses[id].(*types.Var)
	return ok && !within(lit, v.Pos())
}

// use is what an expression of a closure uses that ends, and why; more: there may
// be more in it.
func (s *scope) use(e ast.Expr) (use ast.Expr, why string, more bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return e, s.leads(e), true
	case *ast.CallExpr:
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && isHTTPRequest(s.TypesInfo.TypeOf(sel.X)) && isContext(s.TypesInfo.TypeOf(e)) {
			return e, s.leads(e), true
		}
	case *ast.StarExpr:
		return e.X, s.copied(e), false
	case *ast.SelectorExpr:
		selection := s.TypesInfo.Selections[e]
		switch {
		case selection == nil:
		case selection.Kind() == types.FieldVal:
			return e, s.leads(e), !s.isField(e)
		default:
			if v := s.values[ast.Unparen(e.X)]; v != nil {
				return e.X, s.method(selection, v), false
			}
		}
	}
	return nil, "", true
}

// isField reports whether an expression is a field of a variable, at any depth,
// and is of no request: all of what a request has is gone with it.
func (s *scope) isField(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		_, ok = ast.Unparen(e).(*ast.Ident)
		return ok
	}
	return !isRequest(s.TypesInfo.TypeOf(sel.X)) && s.isField(sel.X)
}

// copied is what leads says of what a pointer points to. Of a copy in a variable,
// fields may be given other values.
func (s *scope) copied(e *ast.StarExpr) string {
	v := s.values[e]
	if v != nil && v.Referrers() != nil {
		for _, instr := range *v.Referrers() {
			if store, ok := instr.(*ssa.Store); ok && store.Val == v {
				return s.why(store.Addr, s.in, nil)
			}
		}
	}
	return s.leads(e)
}

// method is why a method of a value is of no use.
func (s *scope) method(selection *types.Selection, v ssa.Value) string {
	at := path(selection.Index()[:len(selection.Index())-1])
	fn := s.prog.FuncValue(selection.Obj().(*types.Func).Origin())
	switch {
	case s.isLeaf(v.Type()):
		return s.why(v, s.in, nil)
	case len(at) > 0 || fn == nil || !s.isOurs(fn):
		return s.why(v, s.in, at)
	}
	return s.uses(fn, []ssa.Value{v}, s.in)
}

// takesCopies reports whether a function of this package uses nothing of an
// argument that ends: it copies a name out of it, say.
func (s *scope) takesCopies(call *ast.CallExpr, n int) bool {
	id, variable := call.Args[n].(*ast.Ident)
	v, f := s.values[id], s.callee(call)
	if !variable || v == nil || f == nil || s.decls[f.Origin()] == nil || f.Signature().Variadic() || s.isLeaf(v.Type()) {
		return false
	}
	fn := s.prog.FuncValue(f.Origin())
	args := pad(nil, fn)
	args[n+len(args)-len(call.Args)] = v
	return s.uses(fn, args, s.in) == ""
}
