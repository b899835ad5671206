package lint

import (
	"go/ast"
	"go/token"
	"go/types"
)

// ended says why a value of type t is of no use when a task runs, "" if that
// cannot be told from the type.
func (l *linter) ended(t types.Type) string {
	switch {
	case isNamed(t, "net/http", "Request"):
		return "the request is over"
	case isNamed(t, "net/http", "ResponseWriter"):
		return "the response is written"
	case isNamed(t, "mime/multipart", "File"), isNamed(t, "mime/multipart", "FileHeader"):
		return "the files of the form are removed"
	}
	if by := l.releasedBy(t); by != "" {
		return "what " + by + " makes has been given back"
	}
	return ""
}

// A scope is what is known of the values in one function.
type scope struct {
	*linter
	ended map[types.Object]string // why they are of no use when a task runs
}

// newScope finds the parameters of fn that end with the request, and the local
// variables that lead to one of them.
func (l *linter) newScope(fn *ast.FuncDecl) *scope {
	s := &scope{l, map[types.Object]string{}}
	ofRequest := l.isOfRequest(fn)
	for _, obj := range l.params(fn) {
		if why := l.endedParam(obj, ofRequest); why != "" {
			s.ended[obj] = why
		}
	}
	s.follow(fn.Body)
	return s
}

func (l *linter) endedParam(obj types.Object, ofRequest bool) string {
	if why := l.ended(obj.Type()); why != "" {
		return why
	}
	if ofRequest && isContext(obj.Type()) {
		return "the context of the request is cancelled"
	}
	return ""
}

// params are the parameters and the receiver of fn.
func (l *linter) params(fn *ast.FuncDecl) (list []types.Object) {
	for _, fields := range []*ast.FieldList{fn.Recv, fn.Type.Params} {
		if fields == nil {
			continue
		}
		for _, field := range fields.List {
			for _, name := range field.Names {
				if obj := l.TypesInfo.Defs[name]; obj != nil {
					list = append(list, obj)
				}
			}
		}
	}
	return list
}

// isOfRequest reports whether a context that fn takes is that of a request: fn
// is a handler or a provider, or takes what only these have.
func (l *linter) isOfRequest(fn *ast.FuncDecl) bool {
	if _, task := directive(fn, "task"); task {
		return false
	}
	if args, ok := directive(fn, "provide"); ok {
		return args != "hold"
	}
	for _, name := range []string{"route", "handler"} {
		if _, ok := directive(fn, name); ok {
			return true
		}
	}
	for _, obj := range l.params(fn) {
		if isNamed(obj.Type(), "net/http", "Request") || isCollector(obj.Type()) {
			return true
		}
	}
	return false
}

// follow notes the variables of a body that lead to what ends.
func (s *scope) follow(body ast.Node) {
	for before := -1; before < len(s.ended); { // until no more are found
		before = len(s.ended)
		ast.Inspect(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				s.assign(n.Lhs, n.Rhs)
			case *ast.ValueSpec:
				lhs := make([]ast.Expr, len(n.Names))
				for i, name := range n.Names {
					lhs[i] = name
				}
				s.assign(lhs, n.Values)
			}
			return true
		})
	}
}

func (s *scope) assign(lhs, rhs []ast.Expr) {
	for i, left := range lhs {
		id, ok := ast.Unparen(left).(*ast.Ident)
		if !ok || len(rhs) == 0 {
			continue
		}
		obj := s.TypesInfo.ObjectOf(id)
		if v, ok := obj.(*types.Var); !ok || v.Parent() == s.Pkg.Scope() || s.ended[obj] != "" {
			continue
		}
		why := ""
		if len(lhs) == len(rhs) {
			why = s.leads(rhs[i])
		} else if why = s.leads(rhs[0]); !isContext(obj.Type()) {
			why = s.linter.ended(obj.Type()) // of several results, those whose type says it
		}
		if why != "" {
			s.ended[obj] = why
		}
	}
}

// leads says why the value of an expression is of no use when a task runs.
func (s *scope) leads(e ast.Expr) string {
	t := s.TypesInfo.TypeOf(e)
	if t == nil || isData(t) {
		return ""
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return s.ended[s.TypesInfo.ObjectOf(e)]
	case *ast.SelectorExpr:
		return s.selected(e)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return s.leads(e.X)
		}
	case *ast.StarExpr:
		return s.leads(e.X)
	case *ast.TypeAssertExpr:
		return s.leads(e.X)
	case *ast.CompositeLit:
		for _, elt := range e.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			if why := s.leads(elt); why != "" {
				return why
			}
		}
	case *ast.FuncLit:
		_, why := s.captured(e)
		return why
	case *ast.CallExpr:
		return s.called(e)
	}
	return ""
}

// isData reports whether values of t hold nothing that could end.
func isData(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Slice:
		return isData(u.Elem())
	case *types.Array:
		return isData(u.Elem())
	case *types.Map:
		return isData(u.Key()) && isData(u.Elem())
	}
	return isNamed(t, "time", "Time") || isNamed(t, "net/url", "URL") || types.Identical(t, types.Universe.Lookup("error").Type())
}

// selected is leads for a field or a method value.
func (s *scope) selected(e *ast.SelectorExpr) string {
	selection := s.TypesInfo.Selections[e]
	if selection == nil {
		return "" // of a package
	}
	why := s.leads(e.X)
	if why == "" {
		return ""
	}
	if selection.Kind() == types.MethodVal {
		return why // a method of what ends
	}
	if isNamed(s.TypesInfo.TypeOf(e.X), "net/http", "Request") {
		switch e.Sel.Name {
		case "Body", "MultipartForm":
			return why
		}
		return "" // a header, say: it stays
	}
	if t := selection.Type(); s.linter.ended(t) != "" || isContext(t) {
		return why
	}
	return ""
}

// called is leads for a call: of a context made from one that ends, or of a
// function of this package that hands on what it is given.
func (s *scope) called(call *ast.CallExpr) string {
	t := s.TypesInfo.TypeOf(call)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && isNamed(s.TypesInfo.TypeOf(sel.X), "net/http", "Request") {
		if why := s.leads(sel.X); why != "" && (isContext(t) || s.linter.ended(t) != "") {
			if isContext(t) {
				return "the context of the request is cancelled"
			}
			return why
		}
	}
	f := s.callee(call)
	if f == nil {
		return ""
	}
	if f.Pkg() != nil && f.Pkg().Path() == "context" {
		if f.Name() != "WithoutCancel" && len(call.Args) > 0 {
			return s.leads(call.Args[0])
		}
		return ""
	}
	for i, arg := range call.Args {
		if why := s.leads(arg); why != "" && s.handsOn(f, i) {
			return why
		}
	}
	return ""
}

// handsOn reports whether a function of this package returns something that
// leads to its parameter i.
func (l *linter) handsOn(f *types.Func, i int) bool {
	fn := l.decls[f]
	if fn == nil || fn.Body == nil || i >= f.Signature().Params().Len() {
		return false
	}
	if known, ok := l.flows[f]; ok {
		return known[i]
	}
	l.flows[f] = map[int]bool{} // one level: calls within it are not followed back
	for n := range f.Signature().Params().Len() {
		s := &scope{l, map[types.Object]string{f.Signature().Params().At(n): "parameter"}}
		s.follow(fn.Body)
		ast.Inspect(fn.Body, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				for _, result := range node.Results {
					if s.leads(result) != "" {
						l.flows[f][n] = true
					}
				}
			}
			return true
		})
	}
	return l.flows[f][i]
}

// captured is the first use, in a closure, of a variable from outside of it
// that leads to what ends.
func (s *scope) captured(lit *ast.FuncLit) (use *ast.Ident, why string) {
	s.eachCaptured(lit, func(id *ast.Ident, reason string) {
		if use == nil {
			use, why = id, reason
		}
	})
	return use, why
}

// eachCaptured calls f for each variable of that kind, once.
func (s *scope) eachCaptured(lit *ast.FuncLit, f func(*ast.Ident, string)) {
	seen := map[types.Object]bool{}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := s.TypesInfo.Uses[id]
		if obj == nil || seen[obj] || lit.Pos() <= obj.Pos() && obj.Pos() < lit.End() {
			return true
		}
		if why := s.ended[obj]; why != "" {
			seen[obj] = true
			f(id, why)
		}
		return true
	})
}
