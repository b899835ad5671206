package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// ended says why a value of type t is of no use when a task runs, "" if that
// cannot be told from the type.
func (l *linter) ended(t types.Type) string {
	if why := requestEnds(t); why != "" {
		return why
	}
	switch {
	case isWriter(t):
		return "the response is written"
	case isUpload(t):
		return "the files of the form are removed"
	}
	if by := l.releasedBy(t); by != "" {
		return "what " + by + " makes has been given back"
	}
	return ""
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
	case *ast.IndexExpr:
		return s.leads(e.X)
	case *ast.CompositeLit:
		if !s.detaches(t) {
			return s.leadsOne(values(e))
		}
	case *ast.FuncLit:
		_, why := s.captured(e)
		return why
	case *ast.CallExpr:
		return s.called(e)
	}
	return ""
}

// leadsOne is leads for the first of several that leads to what ends.
func (s *scope) leadsOne(list []ast.Expr) string {
	for _, e := range list {
		if why := s.leads(e); why != "" {
			return why
		}
	}
	return ""
}

// values are the elements of a literal without their keys.
func values(lit *ast.CompositeLit) []ast.Expr {
	list := slices.Clone(lit.Elts)
	for i, elt := range list {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			list[i] = kv.Value
		}
	}
	return list
}

// isUpload reports whether t is a file of a form, or several.
func isUpload(t types.Type) bool {
	if byName, ok := t.Underlying().(*types.Map); ok {
		t = byName.Elem()
	}
	if list, ok := t.Underlying().(*types.Slice); ok {
		t = list.Elem()
	}
	return isNamed(t, "mime/multipart", "File") || isNamed(t, "mime/multipart", "FileHeader") || isNamed(t, "mime/multipart", "Form")
}

// isData reports whether values of t hold nothing that could end.
func isData(t types.Type) bool { return isDataAt(t, 0) }

func isDataAt(t types.Type, depth int) bool {
	if depth > 10 { // a type of itself
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Slice:
		return isDataAt(u.Elem(), depth+1)
	case *types.Array:
		return isDataAt(u.Elem(), depth+1)
	case *types.Map:
		return isDataAt(u.Key(), depth+1) && isDataAt(u.Elem(), depth+1)
	}
	return isNamed(t, "time", "Time") || isNamed(t, "net/url", "URL") || types.Identical(t, types.Universe.Lookup("error").Type())
}

// selected is leads for a field or a method value.
func (s *scope) selected(e *ast.SelectorExpr) string {
	selection := s.TypesInfo.Selections[e]
	if selection == nil {
		return "" // of a package
	}
	if why, known := s.partOf(e.X, selection); known {
		return why
	}
	why := s.leads(e.X)
	if why == "" {
		return ""
	}
	if selection.Kind() == types.MethodVal {
		return s.method(selection, s.TypesInfo.TypeOf(e.X), why)
	}
	if isHTTPRequest(s.TypesInfo.TypeOf(e.X)) {
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
func (s *scope) called(call *ast.CallExpr) string { return s.result(call, anyResult) }

// result is called for one of several results.
func (s *scope) result(call *ast.CallExpr, i int) string {
	t := s.TypesInfo.TypeOf(call)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && isRequest(s.TypesInfo.TypeOf(sel.X)) {
		if why := s.ofRequest(call, sel); why != "" {
			return why
		}
	}
	if why := s.queried(call, t); why != "" {
		return why
	}
	if s.converts(call) {
		return s.leads(call.Args[0])
	}
	if s.appends(call) {
		return s.leadsOne(call.Args)
	}
	f := s.callee(call)
	if f == nil {
		return ""
	}
	f = f.Origin()
	if f.Pkg() != nil && f.Pkg().Path() == "context" {
		if f.Name() != "WithoutCancel" && f.Name() != "AfterFunc" && len(call.Args) > 0 {
			return s.leads(call.Args[0])
		}
		return ""
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && f.Signature().Recv() != nil {
		if why := s.selected(sel); why != "" && s.handsOn(f, flow{receiver, i}) {
			return why
		}
	}
	for n, arg := range call.Args {
		if why := s.leads(arg); why != "" && s.handsOn(f, flow{n, i}) {
			return why
		}
	}
	return ""
}

// A flow is from a parameter of a function, or its receiver, to one of its results.
type flow struct{ param, result int }

const (
	receiver  = -1
	anyResult = -1
)

// handsOn reports whether a function of this package returns something that leads
// to a parameter.
func (l *linter) handsOn(f *types.Func, way flow) bool {
	fn := l.decls[f]
	if fn == nil || fn.Body == nil || way.param >= f.Signature().Params().Len() {
		return false
	}
	if known, ok := l.flows[f]; ok {
		return known[way]
	}
	l.flows[f] = map[flow]bool{} // one level: calls within it are not followed back
	for n := receiver; n < f.Signature().Params().Len(); n++ {
		s := l.emptyScope()
		if n != receiver {
			s.ended[f.Signature().Params().At(n)] = "parameter"
		} else if recv := f.Signature().Recv(); recv != nil {
			s.ended[recv] = "receiver"
		}
		s.follow(fn.Body)
		ast.Inspect(fn.Body, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				s.returned(f, n, node.Results)
			}
			return true
		})
	}
	return l.flows[f][way]
}

// returned notes which results of f lead to its parameter n.
func (s *scope) returned(f *types.Func, n int, list []ast.Expr) {
	results := f.Signature().Results()
	for i := range results.Len() {
		if len(list) == results.Len() && s.leads(list[i]) != "" ||
			len(list) == 1 && results.Len() > 1 && s.assigned(i, make([]ast.Expr, results.Len()), list, results.At(i).Type()) != "" {
			s.flows[f][flow{n, i}], s.flows[f][flow{n, anyResult}] = true, true
		}
	}
}

// detaches reports whether t is a context of one's own, which says by itself when
// it ends.
func (l *linter) detaches(t types.Type) bool {
	obj, index, _ := types.LookupFieldOrMethod(t, true, l.Pkg, "Done")
	_, method := obj.(*types.Func)
	value, _, _ := types.LookupFieldOrMethod(t, true, l.Pkg, "Value")
	return method && len(index) == 1 && value != nil
}
