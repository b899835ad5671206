package scan

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/load"
)

// Scan reads a loaded package.
func Scan(p *load.Package) *Package {
	s := &scanner{
		pkg:  &Package{Path: p.Path, Main: p.Main, Name: p.Name, Types: p.Types, Scope: p.Types.Scope(), ByName: map[string]*Func{}, Fset: p.Fset},
		load: p,
	}
	constraints := map[string]bool{}
	for _, file := range p.Files {
		s.imports = s.importsOf(file)
		s.constraint = constraintOf(p.Fset.Position(file.Package).Filename, file)
		constraints[s.constraint] = true
		s.file(file)
	}
	s.addPrefix()
	s.checkOpenAPI()
	s.addAppGuards()
	s.checkConstraints(len(constraints) == 1)
	return s.pkg
}

type scanner struct {
	pkg        *Package
	load       *load.Package
	constraint string            // of the file that is looked at
	imports    map[string]string // of that file: paths by name
	appGuards  []appGuard
}

// importsOf is what a file imports, by the names it has there.
func (s *scanner) importsOf(file *ast.File) map[string]string {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(p)
		for _, imported := range s.load.Types.Imports() {
			if imported.Path() == p {
				name = imported.Name()
			}
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = p
	}
	return imports
}

// object is what a declaration declares. A package that is known by its export
// data has no Info.
func (s *scanner) object(name *ast.Ident, recv *ast.FieldList) types.Object {
	switch {
	case s.load.Info != nil:
		return s.load.Info.Defs[name]
	case recv == nil:
		return s.pkg.Scope.Lookup(name.Name)
	case len(recv.List) != 1:
		return nil
	}
	t := recv.List[0].Type
	if star, ok := ast.Unparen(t).(*ast.StarExpr); ok {
		t = star.X
	}
	id, ok := ast.Unparen(t).(*ast.Ident)
	if !ok {
		return nil
	}
	typ, ok := s.pkg.Scope.Lookup(id.Name).(*types.TypeName)
	if !ok {
		return nil
	}
	method, _, _ := types.LookupFieldOrMethod(types.NewPointer(typ.Type()), true, s.load.Types, name.Name)
	return method
}

func (s *scanner) rangeOf(pos, end token.Pos) diag.Range {
	return diag.RangeOf(s.load.Fset, pos, end)
}

func (s *scanner) report(d *diag.Diagnostic) *diag.Diagnostic {
	s.pkg.Diagnostics = append(s.pkg.Diagnostics, d)
	return d
}

// file reads the functions of a file, and complains of every directive that
// stands on none of them.
func (s *scanner) file(file *ast.File) {
	attached := map[*ast.Comment]bool{}
	for _, d := range s.directives(file.Doc, attached) {
		if d.kind != nil && d.kind.on&onPackage != 0 {
			s.apply(&target{place: onPackage}, d)
		} else {
			s.misplaced(file, nil, d)
		}
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			s.function(decl, s.directives(decl.Doc, attached))
		case *ast.GenDecl:
			s.types(decl, attached)
		}
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if attached[c] {
				continue
			}
			if d, ok := s.directive(c); ok {
				s.misplaced(file, c, d)
			} else {
				s.almostDirective(c)
			}
		}
	}
}

// directives reads those of a doc comment, and marks them as attached.
func (s *scanner) directives(doc *ast.CommentGroup, attached map[*ast.Comment]bool) (list []directive) {
	if doc == nil {
		return nil
	}
	for _, c := range doc.List {
		if d, ok := s.directive(c); ok {
			attached[c] = true
			list = append(list, d)
		}
	}
	return list
}

// function adds fn to the package if it has a role.
func (s *scanner) function(fn *ast.FuncDecl, directives []directive) {
	obj, ok := s.object(fn.Name, fn.Recv).(*types.Func)
	if !ok {
		return // a method of a type that does not exist; the compiler says so
	}
	f := &Func{
		Range:    s.rangeOf(fn.Name.Pos(), fn.Name.End()),
		Name:     fn.Name.Name,
		Exported: fn.Name.IsExported(),
		Pkg:      s.load.Types,
		Object:   obj,
	}
	s.applyAll(f, onFunc, directives)
	s.signature(f, fn)
	generic := fn.Type.TypeParams != nil || f.Receiver != nil && f.Receiver.Named.TypeParams().Len() > 0
	if f.Role == 0 && !f.faulty && !generic && isPlainHandler(f) {
		f.Role = Handler
	}
	s.checkAnswers(f)
	s.checkSecurity(f)
	s.checkSchedules(f)
	s.captures(f, fn)
	if f.Role == 0 {
		if !generic && (f.Receiver != nil || fn.Recv == nil) {
			s.pkg.ByName[f.FullName()] = f
		}
		return
	}
	if !s.callable(f, fn) {
		return
	}
	s.pkg.ByName[f.FullName()] = f
	if f.Role == Provider && f.Receiver == nil && generic {
		s.typeParams(f)
	} else if generic {
		s.report(diag.New(diag.Generic, f.Range, "%s is generic: nothing says with which types it is to be called", f.FullName()).
			WithHint("write a function with the types filled in that calls it"))
		return
	}
	f.Constraint = s.constraint
	s.pkg.Funcs = append(s.pkg.Funcs, f)
}

// typeParams reads those of a generic provider: all are to be known from the
// type of its value.
func (s *scanner) typeParams(f *Func) {
	sig := f.Object.Signature()
	for p := range sig.TypeParams().TypeParams() {
		if len(f.Results) > 0 && !mentions(f.Results[0], p) {
			s.report(diag.New(diag.Generic, f.Range, "the type parameter %s of %s is not in the type of its value: nothing says what it is to be", p.Obj().Name(), f.FullName()).
				WithHint("write a function with the types filled in that calls it"))
		}
		f.TypeParams = append(f.TypeParams, p)
	}
}

// mentions reports whether t is written with the type parameter p.
func mentions(t types.Type, p *types.TypeParam) bool {
	found := false
	var visit func(t types.Type)
	visit = func(t types.Type) {
		switch t := types.Unalias(t).(type) {
		case *types.TypeParam:
			found = found || t == p
		case *types.Named:
			for arg := range t.TypeArgs().Types() {
				visit(arg)
			}
		case *types.Map:
			visit(t.Key())
			visit(t.Elem())
		case *types.Signature:
			for v := range t.Params().Variables() {
				visit(v.Type())
			}
			for v := range t.Results().Variables() {
				visit(v.Type())
			}
		case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
			visit(t.Elem())
		}
	}
	visit(t)
	return found
}

// callable complains of functions that no code can call.
func (s *scanner) callable(f *Func, fn *ast.FuncDecl) bool {
	switch {
	case f.Receiver == nil && (f.Name == "init" || f.Name == "_" || f.Name == "main" && s.pkg.Name == "main"):
		s.report(diag.New(diag.MisplacedDirective, f.Range, "func %s cannot be called by generated code", f.Name).
			WithHint("move the directive to a function that can"))
		return false
	case f.Receiver == nil && fn.Recv != nil:
		at := s.rangeOf(fn.Recv.Pos(), fn.Recv.End())
		s.report(diag.New(diag.InvalidType, at, "the receiver of %s is not known: %s", f.Name, s.problem(fn.Recv)).
			WithHint("a handler is a method of a type that this package declares"))
		return false
	}
	return true
}

// signature reads the receiver, parameters and results of fn.
func (s *scanner) signature(f *Func, fn *ast.FuncDecl) {
	sig := f.Object.Signature()
	if recv := sig.Recv(); recv != nil && len(fn.Recv.List) == 1 {
		t := types.Unalias(recv.Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if named, ok := t.(*types.Named); ok {
			at := fn.Recv.List[0].Type
			f.Receiver = &Receiver{s.rangeOf(at.Pos(), at.End()), named}
		}
	}
	s.parameters(f, fn.Type, sig)
}

// parameters reads the parameters and results of a function, or of a func type.
func (s *scanner) parameters(f *Func, fn *ast.FuncType, sig *types.Signature) {
	i := 0
	for _, field := range fn.Params.List {
		names := field.Names
		if names == nil {
			names = []*ast.Ident{nil}
		}
		for _, name := range names {
			f.Params = append(f.Params, s.param(field, name, sig.Params().At(i).Type()))
			i++
		}
	}
	if sig.Variadic() {
		f.Params[len(f.Params)-1].Variadic = true
	}
	f.ResultsAt = f.Range
	if r := fn.Results; r != nil {
		f.ResultsAt = s.rangeOf(r.Pos(), r.End())
		f.ResultProblem = s.problem(r)
		for v := range sig.Results().Variables() {
			f.Results = append(f.Results, v.Type())
		}
	}
}

func (s *scanner) param(field *ast.Field, name *ast.Ident, t types.Type) Param {
	p := Param{Type: t, Range: s.rangeOf(field.Type.Pos(), field.Type.End())}
	if name != nil {
		p.Name = name.Name
		p.Start = s.load.Fset.Position(name.Pos())
	}
	if gotype.Invalid(t) {
		p.Problem = s.problem(field.Type)
	}
	return p
}

// problem is what the type checker says of a piece of a signature.
func (s *scanner) problem(node ast.Node) string {
	for _, err := range s.load.TypeErrs {
		if node.Pos() <= err.Pos && err.Pos < node.End() {
			return err.Msg
		}
	}
	named := s.importedBy(node)
	other := "it does not type-check"
	for _, err := range s.load.TypeErrs {
		switch {
		case !strings.HasPrefix(err.Msg, "could not import"):
		case strings.HasPrefix(err.Msg, "could not import "+named+" ("):
			return err.Msg
		default:
			other = err.Msg
		}
	}
	return other
}

// importedBy is the path of the first package that a piece of a signature names.
func (s *scanner) importedBy(node ast.Node) (path string) {
	ast.Inspect(node, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && path == "" {
			if x, ok := sel.X.(*ast.Ident); ok {
				path = s.imports[x.Name]
			}
		}
		return true
	})
	return path
}

// isPlainHandler reports whether f is a handler by its signature alone: of the
// http.HandlerFunc kind, with a collector beside.
func isPlainHandler(f *Func) bool {
	if len(f.Params) != 3 || len(f.Results) > 1 || len(f.Results) == 1 && !IsError(f.Results[0]) {
		return false
	}
	var writer, request, tasks bool
	for _, p := range f.Params {
		switch SpecialOf(p.Type) {
		case ResponseWriter:
			writer = true
		case Request:
			request = true
		case Tasks, TasksValue:
			tasks = true
		}
	}
	return writer && request && tasks
}
