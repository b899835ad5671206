package lint

import (
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
	if star, ok := ast.Unparen(e).(*ast.StarExpr); ok {
		e = star.X
	}
	if from, ok := ast.Unparen(e).(*ast.Ident); ok && obj != nil && s.parts[s.TypesInfo.Uses[from]] != nil {
		s.copied(obj, s.TypesInfo.Uses[from])
		return true
	}
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	if obj == nil || !ok || structOf(s.TypesInfo.TypeOf(lit)) == nil {
		return false
	}
	if s.parts[obj] == nil {
		s.parts[obj] = map[string]string{}
	}
	if s.detaches(s.TypesInfo.TypeOf(lit)) {
		return true
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

// copied notes the parts of a struct that another variable has too.
func (s *scope) copied(to, from types.Object) {
	if s.parts[to] == nil {
		s.parts[to] = map[string]string{}
	}
	for _, name := range slices.Sorted(maps.Keys(s.parts[from])) {
		if s.ended[from] != "" {
			s.notePart(to, name, s.parts[from][name])
		}
	}
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
	if s.parts[obj] == nil && s.ended[obj] != "" && s.holdsEnded(s.TypesInfo.TypeOf(left), 0) && s.leads(right) == "" && s.linter.ended(obj.Type()) == "" {
		delete(s.ended, obj) // it was made by a call, for what is replaced here
	}
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
	of := structOf(s.TypesInfo.TypeOf(x))
	switch index := selection.Index(); {
	case selection.Kind() == types.FieldVal:
		return parts[of.Field(index[0]).Name()], true
	case len(index) > 1:
		why = parts[of.Field(index[0]).Name()]
		if why == "" {
			return "", true
		}
		return s.method(selection, s.TypesInfo.TypeOf(x), why), true
	}
	return s.uses(selection.Obj().(*types.Func), parts, 0), true
}

// partsOf are the fields of a struct that can end, nil if t is none.
func (l *linter) partsOf(t types.Type, why string) map[string]string {
	of := structOf(t)
	if of == nil || l.ended(t) != "" {
		return nil
	}
	parts := map[string]string{}
	for field := range of.Fields() {
		if l.holdsEnded(field.Type(), 0) {
			parts[field.Name()] = why
		}
	}
	return parts
}

// known are the parts of a variable, or those that it can have by its type.
func (s *scope) known(obj types.Object) map[string]string {
	if parts, ok := s.parts[obj]; ok {
		return parts
	}
	return s.partsOf(obj.Type(), s.ended[obj])
}

// holdsEnded reports whether a type of this package has a field that ends, or is
// such a field.
func (l *linter) holdsEnded(t types.Type, depth int) bool {
	if holds, known := l.holding[t]; known {
		return holds
	}
	holds := l.ended(t) != "" || isContext(t)
	if named, of := namedType(t), structOf(t); !holds && of != nil && depth < 4 && (named == nil || named.Obj().Pkg() == l.Pkg) {
		l.holding[t] = false // in itself
		for f := range of.Fields() {
			holds = holds || l.holdsEnded(f.Type(), depth+1)
		}
	}
	l.holding[t] = holds
	return holds
}
