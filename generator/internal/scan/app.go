package scan

import (
	"go/ast"
	"go/types"

	"github.com/bggen/bggen/generator/internal/diag"
)

// types looks for the app struct, for tasks whose code is elsewhere, and for
// variables of func type.
func (s *scanner) types(decl *ast.GenDecl, attached map[*ast.Comment]bool) {
	for _, spec := range decl.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			s.variable(decl, v, attached)
		}
		spec, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		doc := spec.Doc
		if doc == nil && len(decl.Specs) == 1 {
			doc = decl.Doc
		}
		if doc == nil {
			continue
		}
		for _, c := range doc.List {
			d, ok := s.directive(c)
			switch {
			case !ok || d.kind == nil || d.kind.on&onType == 0:
				continue // misplaced
			case d.kind.role == Task:
				s.externalTask(spec, d)
			default:
				s.apply(&target{place: onType, spec: spec}, d)
			}
			attached[c] = true
		}
	}
}

func (s *scanner) app(t *target, d directive) {
	spec := t.spec
	where := s.rangeOf(spec.Name.Pos(), spec.Name.End())
	obj, _ := s.object(spec.Name, nil).(*types.TypeName)
	var named *types.Named
	var structure *types.Struct
	if obj != nil {
		named, _ = obj.Type().(*types.Named)
		structure, _ = obj.Type().Underlying().(*types.Struct)
	}
	switch {
	case named == nil || structure == nil || named.TypeParams().Len() > 0:
		s.report(diag.New(diag.MisplacedDirective, where, "%s stands on %s, which is no plain struct type", d, spec.Name.Name).
			WithHint("its fields are the app values: type App struct { ... }"))
	case s.pkg.App != nil:
		s.report(diag.New(diag.DirectiveConflict, where, "%s is a second app struct beside %s", spec.Name.Name, s.pkg.App.Named.Obj().Name()).
			WithRelated(s.pkg.App.Start, "%s", s.pkg.App.Named.Obj().Name()).
			WithHint("a package has one: embed one in the other"))
	default:
		s.pkg.App = &App{Range: where, Named: named, Struct: structure}
	}
}
