package lint

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// ownContext has a task use its own context in place of other expressions: by
// the name that its parameter has, or is given. It has no way where that name
// means something else.
func (s *scope) ownContext(lit *ast.FuncLit, uses ...ast.Expr) []analysis.SuggestedFix {
	param := s.contextParam(lit)
	if param == nil {
		return nil
	}
	var edits []analysis.TextEdit
	name := "ctx"
	own := types.Object(nil) // what the name has to mean, if it is there
	if len(param.Names) == 1 && param.Names[0].Name != "_" {
		name, own = param.Names[0].Name, s.TypesInfo.Defs[param.Names[0]]
	} else {
		if s.TypesInfo.Scopes[lit.Type].Lookup(name) != nil || !isIdent(uses[0], name) && first(lit.Body, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			return ok && isIdent(e, name)
		}) != nil {
			return nil
		}
		named := analysis.TextEdit{Pos: param.Pos(), End: param.Pos(), NewText: []byte(name + " ")}
		if len(param.Names) == 1 {
			named = analysis.TextEdit{Pos: param.Names[0].Pos(), End: param.Names[0].End(), NewText: []byte(name)}
		}
		edits = append(edits, named)
	}
	if s.unused(uses[0]) {
		return nil
	}
	for _, use := range uses {
		_, means := s.Pkg.Scope().Innermost(use.Pos()).LookupParent(name, use.Pos())
		if means != own && (own != nil || means != nil && within(lit, means.Pos())) {
			return nil
		}
		if !isIdent(use, name) {
			edits = append(edits, analysis.TextEdit{Pos: use.Pos(), End: use.End(), NewText: []byte(name)})
		}
	}
	return []analysis.SuggestedFix{{Message: "use the task's own context", TextEdits: edits}}
}

// unused reports whether a local variable is used in tasks alone: once each has
// a context of its own, Go would not compile what is left.
func (s *scope) unused(use ast.Expr) bool {
	v, ok := s.TypesInfo.Uses[base(use)].(*types.Var)
	if !ok || v.Kind() != types.LocalVar {
		return false
	}
	used := false
	loads(variable(s.values[base(use)]), func(load ssa.Value) {
		used = used || !slices.ContainsFunc(s.tasks, func(task *ast.FuncLit) bool { return within(task, load.Pos()) })
	})
	return !used
}

// base is the variable that an expression begins with, nil if there is none.
func base(e ast.Expr) *ast.Ident {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.CallExpr:
			e = x.Fun
		default:
			return nil
		}
	}
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

// usesLike are the uses in a closure of what use is one of.
func (s *scope) usesLike(lit *ast.FuncLit, use ast.Expr) (uses []ast.Expr) {
	text, variable := types.ExprString(use), s.TypesInfo.Uses[base(use)]
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if ok && types.ExprString(e) == text && variable != nil && s.TypesInfo.Uses[base(e)] == variable {
			uses = append(uses, e)
			return false
		}
		return true
	})
	return uses
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
