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
	seen := map[string]bool{}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		why, base := "", (*ast.Ident)(nil)
		use, _ := n.(ast.Expr)
		switch n := n.(type) {
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && isContext(s.TypesInfo.TypeOf(n)) {
				base, _ = ast.Unparen(sel.X).(*ast.Ident)
			}
			if base == nil || s.ended[s.TypesInfo.Uses[base]] == "" || !isRequest(s.TypesInfo.TypeOf(base)) {
				return true
			}
			why = ofRequestEnds
		case *ast.SelectorExpr:
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
		if why == "" || within(lit, s.TypesInfo.ObjectOf(base).Pos()) {
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
	if field && !isRequest(s.TypesInfo.TypeOf(id)) && s.selected(e) == "" && !s.holdsEnded(selection.Type(), 0) {
		return nil, "" // a copy of what it is about, or what lives longer
	}
	return nil, s.leads(id)
}
