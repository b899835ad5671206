package scan

import (
	"go/ast"
	"go/token"
)

// captures finds parameters that are used by tasks written right in a call of
// the collector's Add. It looks at names only, bodies are not type-checked: a
// name that is declared anywhere in the function counts as another thing, so
// that there is no false alarm.
func (s *scanner) captures(f *Func, fn *ast.FuncDecl) {
	if fn.Body == nil {
		return
	}
	params := map[string]int{}
	for i, p := range f.Params {
		params[p.Name] = i
	}
	delete(params, "")
	delete(params, "_")
	for name := range declared(fn.Body) {
		delete(params, name)
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !s.isAdd(f, params, call) {
			return true
		}
		for _, arg := range call.Args {
			if task, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
				s.capturesOf(f, params, task)
			}
		}
		return true
	})
}

// isAdd reports whether call is bg.Add(...) of a collector parameter bg.
func (s *scanner) isAdd(f *Func, params map[string]int, call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Add" {
		return false
	}
	recv, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return false
	}
	i, ok := params[recv.Name]
	return ok && SpecialOf(f.Params[i].Type) == Tasks
}

// capturesOf notes the parameters that are named in a task, each once.
func (s *scanner) capturesOf(f *Func, params map[string]int, task *ast.FuncLit) {
	seen := map[int]bool{}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr: // the selected name is none of the function's
			ast.Inspect(n.X, visit)
			return false
		case *ast.KeyValueExpr:
			if _, name := n.Key.(*ast.Ident); !name { // or else it is a field's
				ast.Inspect(n.Key, visit)
			}
			ast.Inspect(n.Value, visit)
			return false
		case *ast.BranchStmt, *ast.LabeledStmt: // a label is no variable
			if labeled, ok := n.(*ast.LabeledStmt); ok {
				ast.Inspect(labeled.Stmt, visit)
			}
			return false
		case *ast.Field: // of a type: its name is none of the function's either
			ast.Inspect(n.Type, visit)
			return false
		case *ast.Ident:
			if i, ok := params[n.Name]; ok && !seen[i] {
				seen[i] = true
				f.Captures = append(f.Captures, Capture{s.rangeOf(n.Pos(), n.End()), i})
			}
		}
		return true
	}
	ast.Inspect(task.Body, visit)
}

// declared is the names that are declared anywhere in a body.
func declared(body ast.Node) map[string]bool {
	names := map[string]bool{}
	add := func(list ...ast.Expr) {
		for _, e := range list {
			if id, ok := e.(*ast.Ident); ok {
				names[id.Name] = true
			}
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				add(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key, n.Value)
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				add(id)
			}
		case *ast.TypeSpec:
			add(n.Name)
		case *ast.FuncType:
			for _, list := range []*ast.FieldList{n.Params, n.Results} {
				if list == nil {
					continue
				}
				for _, field := range list.List {
					for _, id := range field.Names {
						add(id)
					}
				}
			}
		}
		return true
	})
	return names
}
