package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// A may is which statuses an answer may have. It is the other way round than with a
// maker: what is not in it is sure not to be answered.
type may struct {
	statuses map[int]bool
	unknown  bool // there may be any
}

func newMay() *may { return &may{statuses: map[int]bool{}} }

func (m *may) add(list ...int) {
	for _, status := range list {
		if isDeclarable(status) {
			m.statuses[status] = true
		}
	}
}

func (m *may) join(other *may) {
	maps.Copy(m.statuses, other.statuses)
	m.unknown = m.unknown || other.unknown
}

// A sight is what is seen in a piece of code, without what it calls.
type sight struct {
	may
	next []types.Object // functions and variables of the package that it names
}

// mayOf is what may be answered by a piece of code, and all that it names: anything,
// where there is no code.
func (l *linter) mayOf(n ast.Node) *may {
	all := newMay()
	all.unknown = n == nil
	seen := map[ast.Node]bool{}
	var visit func(n ast.Node)
	visit = func(n ast.Node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		s := l.look(n)
		all.join(&s.may)
		for _, obj := range s.next {
			if code := l.codeOf(obj); code != nil {
				visit(code)
			} else if v, ok := obj.(*types.Var); ok && l.carries(v.Type(), 0) {
				all.unknown = true // it is given something elsewhere
			}
		}
	}
	visit(n)
	return all
}

// codeOf is the code of a function, or the value of a variable of the package, nil if
// there is none.
func (l *linter) codeOf(obj types.Object) ast.Node {
	if f, ok := obj.(*types.Func); ok {
		if decl := l.decls[f.Origin()]; decl != nil {
			return decl
		}
		return nil
	}
	for _, init := range l.TypesInfo.InitOrder {
		if slices.Contains(init.Lhs, obj.(*types.Var)) {
			return init.Rhs
		}
	}
	return nil
}

// look sees what is in a piece of code.
func (l *linter) look(n ast.Node) *sight {
	if known := l.looked[n]; known != nil {
		return known
	}
	s := &sight{may: *newMay()}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			s.unknown = s.unknown || l.takes(n, isWriter) // it may answer by itself
		case *ast.CallExpr:
			l.lookAtCall(s, n)
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && l.isStatus(id) {
				l.lookAtStatus(s, n.Value)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if sel, ok := left.(*ast.SelectorExpr); ok && l.isStatus(sel.Sel) && len(n.Lhs) == len(n.Rhs) {
					l.lookAtStatus(s, n.Rhs[i])
				}
			}
		case *ast.UnaryExpr:
			s.unknown = s.unknown || n.Op == token.ARROW && l.carries(l.TypesInfo.TypeOf(n), 0)
		case *ast.TypeAssertExpr:
			s.unknown = s.unknown || n.Type != nil && l.carries(l.TypesInfo.TypeOf(n.Type), 0)
		case *ast.SelectorExpr:
			if selection := l.TypesInfo.Selections[n]; selection != nil && selection.Kind() == types.FieldVal {
				s.unknown = s.unknown || l.carries(selection.Type(), 0)
			}
		case *ast.Ident:
			l.lookAtName(s, l.TypesInfo.Uses[n])
		}
		if e, ok := n.(ast.Expr); ok {
			if code, ok := l.number(e); ok {
				s.add(code)
			}
		}
		return true
	})
	l.looked[n] = s
	return s
}

// isStatus reports whether a name is that of the status of a problem.
func (l *linter) isStatus(id *ast.Ident) bool {
	v, ok := l.TypesInfo.Uses[id].(*types.Var)
	return ok && v.IsField() && id.Name == "Status" && v.Pkg() != nil && v.Pkg().Path() == runtimePath
}

// lookAtStatus sees the status that a problem is given. Constants are seen anyway,
// where a parameter is given one as well.
func (l *linter) lookAtStatus(s *sight, e ast.Expr) {
	if _, constant := l.number(e); constant {
		return
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	v, _ := l.TypesInfo.Uses[id].(*types.Var)
	s.unknown = s.unknown || !ok || v == nil || v.Kind() != types.ParamVar
}

// lookAtName sees what a name stands for.
func (l *linter) lookAtName(s *sight, obj types.Object) {
	switch obj := obj.(type) {
	case *types.TypeName:
		if method := statusCode(obj.Type()); method != nil && method.problem == nil && method.Pkg().Path() != runtimePath {
			codes := l.codesOf(method.Func)
			s.add(codes...)
			s.unknown = s.unknown || codes == nil
		}
	case *types.Func:
		switch {
		case l.codeOf(obj) != nil:
			s.next = append(s.next, obj)
		case l.carries(obj.Signature(), 0):
			l.lookAtFunc(s, obj)
		}
	case *types.Var:
		switch {
		case obj.Kind() != types.PackageVar:
		case obj.Pkg() == l.Pkg:
			s.next = append(s.next, obj)
		case l.isAnswer(obj.Type()):
			s.add(l.factsOf(obj.Pkg()).varOf(obj)...)
		case l.carries(obj.Type(), 0) && !l.isStandard(obj.Pkg()):
			s.unknown = true
		}
	}
}

// lookAtFunc sees a function whose code is not known.
func (l *linter) lookAtFunc(s *sight, f *types.Func) {
	recv := f.Signature().Recv()
	known := l.funcFactOf(f)
	s.add(known.May...)
	s.unknown = s.unknown || known.Unknown || isFunc(f, "context", "Cause") ||
		recv != nil && types.IsInterface(recv.Type()) && !l.isStandard(f.Pkg())
}

// lookAtCall sees a call of what is no named function, and what another package may
// call: the methods of what it is given as an interface.
func (l *linter) lookAtCall(s *sight, call *ast.CallExpr) {
	f := l.callee(call)
	if f != nil {
		for i, arg := range call.Args {
			params := f.Signature().Params()
			if l.codeOf(f) == nil && params.Len() > 0 && types.IsInterface(elementOf(params.At(min(i, params.Len()-1)).Type())) {
				l.lookAtMethods(s, l.TypesInfo.TypeOf(arg))
			}
		}
		return
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.FuncLit, *ast.Ident, *ast.SelectorExpr: // what they stand for is seen
	case *ast.IndexExpr: // of a generic function
		s.unknown = s.unknown || l.named(fun.X) == nil && l.makesErrors(fun)
	case *ast.IndexListExpr:
	case *ast.CallExpr:
		s.unknown = s.unknown || l.callee(fun) == nil && l.makesErrors(fun)
	default:
		s.unknown = s.unknown || l.makesErrors(fun)
	}
}

// makesErrors reports whether an expression is a function that returns errors.
func (l *linter) makesErrors(e ast.Expr) bool {
	return !l.TypesInfo.Types[e].IsType() && l.carries(l.TypesInfo.TypeOf(e), 0)
}

// elementOf is the type of the elements of a slice, t itself if it is none.
func elementOf(t types.Type) types.Type {
	if slice, ok := t.(*types.Slice); ok {
		return slice.Elem()
	}
	return t
}

// lookAtMethods sees the methods of a type of this package.
func (l *linter) lookAtMethods(s *sight, t types.Type) {
	named := namedType(t)
	if named == nil || named.Obj().Pkg() != l.Pkg || types.IsInterface(named) {
		return
	}
	for method := range named.Origin().Methods() {
		s.next = append(s.next, method)
	}
}

// carries reports whether values of type t are errors, or have or make some.
func (l *linter) carries(t types.Type, depth int) bool {
	if t == nil || depth > 3 {
		return false
	}
	if l.isAnswer(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		for result := range u.Results().Variables() {
			if l.carries(result.Type(), depth+1) {
				return true
			}
		}
	case *types.Slice:
		return l.carries(u.Elem(), depth+1)
	case *types.Array:
		return l.carries(u.Elem(), depth+1)
	case *types.Map:
		return l.carries(u.Elem(), depth+1)
	case *types.Chan:
		return l.carries(u.Elem(), depth+1)
	case *types.Pointer:
		return l.carries(u.Elem(), depth+1)
	}
	return false
}

// sorted are the statuses of a set.
func (m *may) sorted() []int { return slices.Sorted(maps.Keys(m.statuses)) }
