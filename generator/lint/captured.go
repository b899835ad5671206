package lint

import (
	"go/ast"
	"go/types"
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
	seen, copied := map[string]bool{}, map[ast.Node]bool{}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if copied[n] {
			return false
		}
		why, base := "", (*ast.Ident)(nil)
		use, _ := n.(ast.Expr)
		switch n := n.(type) {
		case *ast.CallExpr:
			for i, arg := range n.Args {
				copied[arg] = s.takesCopies(n, i)
			}
			if base = s.contextOf(n); base == nil {
				return true
			}
			why = ofRequestEnds
		case *ast.SelectorExpr:
			if s.isCopy(n) {
				return false
			}
			id, ok := ast.Unparen(n.X).(*ast.Ident)
			if !ok || s.TypesInfo.Selections[n] == nil {
				return true
			}
			if use, why = s.usedOf(id, n); use == nil {
				return why != ""
			}
			base = id
		case *ast.Ident:
			why, base = s.ended[s.TypesInfo.Uses[n]], n
		}
		if obj := s.TypesInfo.ObjectOf(base); why == "" || within(lit, obj.Pos()) || s.replaced(lit, obj) {
			return true
		}
		if text := types.ExprString(use); !seen[text] {
			seen[text] = true
			f(use, why)
		}
		return false
	})
}

// usedOf is what is to be reported of a field or a method of a variable, nil if
// that is all of the variable, or nothing; then there is no reason either.
func (s *scope) usedOf(id *ast.Ident, e *ast.SelectorExpr) (use ast.Expr, why string) {
	selection := s.TypesInfo.Selections[e]
	field := selection.Kind() == types.FieldVal
	if why, known := s.partOf(id, selection); known {
		switch {
		case why == "":
			return nil, ""
		case field:
			return e, why
		}
		return id, why
	}
	why = s.leads(id)
	if why == "" || !isRequest(s.TypesInfo.TypeOf(id)) && s.selected(e) == "" && !(field && s.holdsEnded(selection.Type(), 0)) {
		return nil, "" // a copy of what it is about, or what lives longer
	}
	return nil, why
}

// isCopy reports whether an expression is a field, at any depth, that holds nothing
// which could end; those of a request are gone with it.
func (s *scope) isCopy(e *ast.SelectorExpr) bool {
	if selection := s.TypesInfo.Selections[e]; selection == nil || selection.Kind() != types.FieldVal || !isData(selection.Type()) {
		return false
	}
	for x := ast.Expr(e); ; {
		switch sel := ast.Unparen(x).(type) {
		case *ast.SelectorExpr:
			if isRequest(s.TypesInfo.TypeOf(sel.X)) {
				return false
			}
			x = sel.X
		case *ast.Ident:
			return true
		default:
			return false
		}
	}
}
