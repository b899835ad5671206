package resolve

import (
	"cmp"
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// checkLimited reports limits of the package's own types that mean nothing.
func (r *resolver) checkLimited() {
	for _, l := range r.in.Limited {
		r.limitsOfType(l, r.report)
	}
}

// boundChecks are the limits that a type says of itself, whose values are read.
func (r *resolver) boundChecks(t types.Type) []model.Check {
	limited := r.limited(t)
	if limited == nil {
		return nil
	}
	limited.Bound = true
	return limited.Checks
}

// limited is what a type says of its values, nil if that is nothing.
func (r *resolver) limited(t types.Type) *model.LimitedType {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	if known := r.out.LimitedOf(named); known != nil || r.out.SchemaOf(named) != "" {
		return known
	}
	pkg := r.in
	if named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != r.in.Path {
		pkg = r.home(named)
	}
	if pkg == nil {
		return nil
	}
	i := slices.IndexFunc(pkg.Limited, func(l scan.LimitedType) bool { return l.Type.Obj().Name() == named.Obj().Name() })
	if i < 0 {
		return nil
	}
	if schema := pkg.Limited[i].Schema; schema != "" {
		r.out.Schemas = append(r.out.Schemas, model.TypeSchema{Type: named, JSON: schema})
		return nil // it has no limits
	}
	limited := &model.LimitedType{Type: named}
	if v, ok := r.textOf(named); ok {
		limited.Base = v.base
	}
	limited.Checks, limited.Values = r.limitsOfType(pkg.Limited[i], func(d *diag.Diagnostic) *diag.Diagnostic { return d })
	r.out.Limited = append(r.out.Limited, limited)
	return limited
}

// limitsOfType makes comparisons of the limits of a type. report is told of those that
// mean nothing.
func (r *resolver) limitsOfType(l scan.LimitedType, report func(*diag.Diagnostic) *diag.Diagnostic) (checks []model.Check, values []model.EnumValue) {
	b := &model.Binding{Type: l.Type}
	if v, ok := r.textOf(l.Type); ok {
		v.into(b)
	}
	name := l.Type.Obj().Name()
	if itself := gotype.ReadsItself(l.Type) || gotype.WritesItself(l.Type); l.Schema != "" && (!itself || l.Enum || len(l.Limits) > 0) {
		report(diag.New(diag.BadParam, l.Range, "%s has schema=, which is for types that read or write themselves, and stands alone", name)).
			WithHint("the schema of other types is made of their fields, tags and limits")
		return nil, nil
	}
	for _, limit := range l.Limits {
		c, problem := checkOf(limit, b)
		if problem != "" {
			report(diag.New(diag.BadParam, limit.Range, "%s= of type %s: %s", limit.Kind, name, problem)).WithHint("%s", limitHint)
			continue
		}
		checks = append(checks, c)
	}
	if !l.Enum {
		return checks, nil
	}
	basic, ok := l.Type.Underlying().(*types.Basic)
	if values = constantsOf(l.Type); !ok || basic.Info()&(types.IsString|types.IsNumeric) == 0 || len(values) == 0 {
		report(diag.New(diag.BadParam, l.Range, "%s is an enum, and its package has no constants of it", name)).
			WithHint("declare them: const Small %s = ...", name)
		return checks, nil
	}
	c := model.Check{Kind: "enum"}
	var texts []string
	for _, v := range values {
		c.Args, texts = append(c.Args, v.Literal), append(texts, v.Text)
	}
	c.Message = "must be one of " + strings.Join(texts, ", ")
	return append(checks, c), values
}

// constantsOf are the constants of a type that its package declares, in the order of
// the source. Of several that are equal, it is the first.
func constantsOf(t *types.Named) (values []model.EnumValue) {
	scope := t.Obj().Pkg().Scope()
	var list []*types.Const
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), t) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *types.Const) int { return cmp.Or(int(a.Pos()-b.Pos()), strings.Compare(a.Name(), b.Name())) })
	for _, c := range list {
		v := model.EnumValue{Name: c.Name(), Object: c, Literal: c.Val().ExactString(), Text: c.Val().ExactString()}
		switch c.Val().Kind() {
		case constant.String:
			v.Text = constant.StringVal(c.Val())
			v.Literal = strconv.Quote(v.Text)
		case constant.Float:
			f, _ := constant.Float64Val(c.Val())
			v.Text = strconv.FormatFloat(f, 'g', -1, 64)
			v.Literal = v.Text
		}
		same := func(other model.EnumValue) bool { return other.Literal == v.Literal }
		if c.Val().Kind() != constant.Unknown && !slices.ContainsFunc(values, same) {
			values = append(values, v)
		}
	}
	return values
}
