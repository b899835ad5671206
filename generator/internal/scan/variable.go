package scan

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
)

// variable adds a variable of func type to the package if a directive gives it a
// role.
func (s *scanner) variable(decl *ast.GenDecl, spec *ast.ValueSpec, attached map[*ast.Comment]bool) {
	doc := spec.Doc
	if doc == nil && len(decl.Specs) == 1 {
		doc = decl.Doc
	}
	ours := map[*ast.Comment]bool{}
	list := s.directives(doc, ours)
	if !slices.ContainsFunc(list, func(d directive) bool { return d.kind != nil && d.kind.on&onVar != 0 }) {
		return // none, or misplaced
	}
	maps.Copy(attached, ours)
	name := spec.Names[0]
	obj, _ := s.object(name, nil).(*types.Var)
	if obj == nil || decl.Tok != token.VAR || len(spec.Names) > 1 {
		s.report(diag.New(diag.MisplacedDirective, list[0].Range, "%s stands on no function", list[0]).
			WithHint("declare one variable of func type by itself"))
		return
	}
	f := FuncOf(obj, nil, s.rangeOf(name.Pos(), name.End()))
	if f == nil {
		s.report(diag.New(diag.MisplacedDirective, list[0].Range, "%s stands on the variable %s, which is of no func type", list[0], name.Name).
			WithHint("it belongs to a function, or to a variable of func type"))
		return
	}
	s.applyAll(f, onVar, list)
	s.pkg.ByName[f.Name] = f
	if f.Role != 0 {
		f.Constraint = s.constraint
		s.pkg.Funcs = append(s.pkg.Funcs, f)
	}
}

// NotChecked is the reason given for an invalid type whose syntax is not at hand:
// what the type checker said of it cannot be found.
const NotChecked = "it does not type-check"

// FuncOf is a function, method or variable of func type as its object alone
// tells; nil if it cannot be called.
func FuncOf(obj types.Object, receiver *Receiver, where diag.Range) *Func {
	sig, ok := obj.Type().Underlying().(*types.Signature)
	if !ok || sig.TypeParams() != nil {
		return nil
	}
	f := &Func{Range: where, Name: obj.Name(), Exported: obj.Exported(), Pkg: obj.Pkg(), Receiver: receiver, ResultsAt: where}
	for p := range sig.Params().Variables() {
		param := Param{Range: where, Name: p.Name(), Type: p.Type()}
		if gotype.Invalid(p.Type()) {
			param.Problem = NotChecked
		}
		f.Params = append(f.Params, param)
	}
	if sig.Variadic() {
		f.Params[len(f.Params)-1].Variadic = true
	}
	for result := range sig.Results().Variables() {
		f.Results = append(f.Results, result.Type())
	}
	return f
}
