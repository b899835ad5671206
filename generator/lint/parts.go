package lint

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"slices"
)

// Of some structs it is known which fields lead to what ends: the others may be
// used in a task. These are in scope.parts: what a function makes itself, and what
// handlers and providers are given.

// noteFields notes the fields of a parameter that end, of those types that
// matter; whole: one of them makes all of it useless.
func (s *scope) noteFields(obj types.Object, whole bool, matters func(t types.Type) bool) {
	of := structOf(obj.Type())
	if of == nil {
		return
	}
	for f := range of.Fields() {
		if why := s.linter.ended(f.Type()); why != "" && matters(f.Type()) {
			s.notePart(obj, f.Name(), why)
			if !whole {
				delete(s.ended, obj)
			}
		}
	}
}

// structOf is the struct that t is, or points to.
func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	of, _ := t.Underlying().(*types.Struct)
	return of
}

// made notes the parts of a struct that a function makes, and reports whether e
// is one.
func (s *scope) made(id *ast.Ident, e ast.Expr) bool {
	obj := s.TypesInfo.Defs[id]
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		e = u.X
	}
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	if obj == nil || !ok || structOf(s.TypesInfo.TypeOf(lit)) == nil {
		return false
	}
	if s.parts[obj] == nil {
		s.parts[obj] = map[string]string{}
	}
	for i, elt := range lit.Elts {
		name := structOf(s.TypesInfo.TypeOf(lit)).Field(i).Name()
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			name, elt = kv.Key.(*ast.Ident).Name, kv.Value
		}
		s.notePart(obj, name, s.leads(elt))
	}
	return true
}

func (s *scope) notePart(obj types.Object, name, why string) {
	if why == "" || s.parts[obj][name] != "" {
		return
	}
	if s.parts[obj] == nil {
		s.parts[obj] = map[string]string{}
	}
	s.parts[obj][name] = why
	s.found++
	if s.ended[obj] == "" {
		s.ended[obj] = why
	}
}

// assignPart notes what a field of a local variable is given. Of one that a call
// has returned, the other fields are not known.
func (s *scope) assignPart(left *ast.SelectorExpr, right ast.Expr) {
	id, ok := ast.Unparen(left.X).(*ast.Ident)
	if !ok {
		return
	}
	v, ok := s.TypesInfo.ObjectOf(id).(*types.Var)
	if ok && v.Kind() == types.LocalVar && (s.parts[v] != nil || s.ended[v] == "") && structOf(v.Type()) != nil {
		s.notePart(v, left.Sel.Name, s.leads(right))
	}
}

// forgetPart forgets a field that is given another value, which leads nowhere.
func (s *scope) forgetPart(left *ast.SelectorExpr, right ast.Expr) {
	id, ok := ast.Unparen(left.X).(*ast.Ident)
	if !ok {
		return
	}
	obj := s.TypesInfo.ObjectOf(id)
	if s.parts[obj][left.Sel.Name] == "" || s.leads(right) != "" {
		return
	}
	delete(s.parts[obj], left.Sel.Name)
	if len(s.parts[obj]) == 0 {
		delete(s.ended, obj)
	}
}

// partOf is why a field or a method of x is of no use when a task runs, where it
// is known of which fields x has that is so.
func (s *scope) partOf(x ast.Expr, selection *types.Selection) (why string, known bool) {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return "", false
	}
	parts, known := s.parts[s.TypesInfo.ObjectOf(id)]
	if !known {
		return "", false
	}
	if index := selection.Index(); len(index) > 1 || selection.Kind() == types.FieldVal {
		return parts[structOf(s.TypesInfo.TypeOf(x)).Field(index[0]).Name()], true
	}
	return s.uses(selection.Obj().(*types.Func), parts, 0), true
}

// uses is why a method is of no use that uses those parts of its receiver, "" if
// it uses none.
func (l *linter) uses(f *types.Func, parts map[string]string, depth int) (why string) {
	all := ""
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		all = cmp.Or(all, parts[name])
	}
	fn := l.decls[f.Origin()]
	if fn == nil || fn.Body == nil || depth > 3 {
		return all
	}
	recv := l.params(fn.Recv)
	if len(recv) == 0 {
		return ""
	}
	if parts = l.without(parts, fn.Body, recv[0]); len(parts) == 0 {
		return ""
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selection := l.TypesInfo.Selections[n]
			if selection == nil || !l.isObject(n.X, recv[0]) {
				return true
			}
			if index := selection.Index(); len(index) > 1 || selection.Kind() == types.FieldVal {
				why = cmp.Or(why, parts[structOf(recv[0].Type()).Field(index[0]).Name()])
			} else {
				why = cmp.Or(why, l.uses(selection.Obj().(*types.Func), parts, depth+1))
			}
			return false
		case *ast.Ident:
			if l.TypesInfo.Uses[n] == recv[0] {
				why = cmp.Or(why, all)
			}
		}
		return why == ""
	})
	return why
}

// without is the parts that a method does not set itself.
func (l *linter) without(parts map[string]string, body ast.Node, recv types.Object) map[string]string {
	parts = maps.Clone(parts)
	ast.Inspect(body, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, left := range a.Lhs {
				if sel, ok := left.(*ast.SelectorExpr); ok && l.isObject(sel.X, recv) {
					delete(parts, sel.Sel.Name)
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

// holdsEnded reports whether a type of this package has a field that ends.
func (l *linter) holdsEnded(t types.Type, depth int) bool {
	if l.ended(t) != "" || isContext(t) {
		return true
	}
	named, of := namedType(t), structOf(t)
	if of == nil || depth > 3 || named != nil && named.Obj().Pkg() != l.Pkg {
		return false
	}
	for f := range of.Fields() {
		if l.holdsEnded(f.Type(), depth+1) {
			return true
		}
	}
	return false
}
